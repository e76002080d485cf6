import CGlslang

/// Checks SPIR-V against the rules of Vulkan 1.1, with SPIRV-Tools.
public struct SPIRVValidator {
  /// Version of SPIRV-Tools, such as "v2023.1".
  public static var version: String { String(cString: spvSoftwareVersionString()) }

  /// What is wrong with `words`; nil when nothing is.
  public static func validate(_ words: [UInt32]) -> String? {
    guard let context = spvContextCreate(SPV_ENV_VULKAN_1_1) else { return "no validator" }
    defer { spvContextDestroy(context) }
    var diagnostic: spv_diagnostic?
    defer { spvDiagnosticDestroy(diagnostic) }
    let result = spvValidateBinary(context, words, words.count, &diagnostic)
    guard result != SPV_SUCCESS else { return nil }
    let message = diagnostic?.pointee.error.map { String(cString: $0) }
    return message ?? "SPIRV-Tools result \(result.rawValue)"
  }
}
