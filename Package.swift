// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "srprof",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    // What can be measured.
    .target(name: "Workloads", swiftSettings: strict),
    // Shaders, profiles and the schema, carried inside the program.
    .target(name: "CResources"),
    .target(name: "Resources", dependencies: ["CResources"], swiftSettings: strict),
    // What executes a workload on a device.
    .target(name: "Kernels", dependencies: ["Workloads", "Resources"], swiftSettings: strict),
    // Tables, their files, and the store of raw samples.
    .target(
      name: "Tables",
      dependencies: ["Workloads", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    .testTarget(name: "WorkloadsTests", dependencies: ["Workloads"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x
)
