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
  products: [
    .executable(name: "srprof", targets: ["srprof"]),
    // For tests alone: a loader that they put between the program and its driver.
    .library(name: "LyingLoader", type: .dynamic, targets: ["LyingLoader"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    // Quantiles, intervals, regressions and random numbers. Depends on nothing.
    .target(name: "Statistics", swiftSettings: strict),
    // What can be measured.
    .target(name: "Workloads", dependencies: ["Statistics"], swiftSettings: strict),
    // Files as bytes, JSON with the places of mistakes, and writing that is whole or not at all.
    .target(name: "Files", swiftSettings: strict),
    // Shaders, profiles and the schema, carried inside the program.
    .target(name: "CResources", exclude: ["evaluator.py"]),
    .target(name: "Resources", dependencies: ["CResources"], swiftSettings: strict),
    // libpng, linked from a static archive.
    .systemLibrary(name: "CPNG"),
    // Pictures and tensors in files, and conversions between them and what networks take.
    .target(name: "Images", dependencies: ["CPNG", "Files", "Workloads"], swiftSettings: strict),
    // What executes a workload on a device.
    .target(name: "Kernels", dependencies: ["Workloads", "Resources"], swiftSettings: strict),
    // Tables and their files.
    .target(
      name: "Tables", dependencies: ["Files", "Resources", "Statistics", "Workloads"],
      exclude: ["latency-table.schema.json"], swiftSettings: strict),
    // Raw samples, races and interrupted attempts, in SQLite.
    .target(
      name: "Store",
      dependencies: [
        "Files", "Tables", "Workloads", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ], swiftSettings: strict),
    // Vulkan's headers without prototypes: the loader is opened at run time, never linked.
    .systemLibrary(name: "CVulkan"),
    // glslang and SPIRV-Tools, linked from static archives in the order of the module map.
    .systemLibrary(name: "CGlslang"),
    // SPIRV-Tools' optimizer, which has no other interface than C++'s.
    .target(name: "CSPIRVOptimizer"),
    .target(
      name: "ShaderCompiler", dependencies: ["CGlslang", "CSPIRVOptimizer"], swiftSettings: strict),
    // The C library as workers use it: what glibc and Android's have in common.
    .systemLibrary(name: "CSystem"),
    // What host and worker say to each other, as values and bytes. Embedded Swift.
    .target(name: "DeviceProtocol", swiftSettings: strict),
    // Owned Vulkan objects. Embedded Swift.
    .target(
      name: "Vulkan", dependencies: ["CSystem", "CVulkan", "DeviceProtocol"], swiftSettings: strict),
    // The program beside a device: supervisor and executor. `make workers` builds it as Embedded Swift, for
    // every processor, to be carried inside srprof.
    .executableTarget(
      name: "srprof-worker", dependencies: ["CSystem", "DeviceProtocol", "Vulkan"],
      swiftSettings: strict),
    // Processes, with what glibc has for them beyond POSIX.
    .target(name: "CProcess"),
    // Devices in other processes: ways to their workers, and the host's side of their objects.
    .target(
      name: "Devices", dependencies: ["CProcess", "DeviceProtocol", "Resources"],
      swiftSettings: strict),
    // XNNPACK is opened at run time too.
    .target(name: "XNNPACK", dependencies: ["Files"], swiftSettings: strict),
    // Back ends, sampling and campaigns.
    .target(
      name: "Measurement",
      dependencies: [
        "DeviceProtocol", "Devices", "Files", "Kernels", "ShaderCompiler", "Statistics", "Store",
        "Tables",
        "Workloads", "XNNPACK",
      ], swiftSettings: strict),
    // Sweeps: which workloads to measure.
    .target(
      name: "Profiles", dependencies: ["Workloads", .product(name: "Yams", package: "Yams")],
      swiftSettings: strict),
    // Graphs, the zoo, candidates, and their lowering to workloads.
    .target(
      name: "Networks", dependencies: ["Files", "Statistics", "Workloads"], swiftSettings: strict),
    // Graphs from ONNX models, and as such.
    .target(
      name: "ONNX",
      dependencies: [
        "Files", "Networks", "Workloads",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ], exclude: ["onnx.proto"], swiftSettings: strict),
    // Table and lowered network to latency. Never a device.
    .target(
      name: "Prediction", dependencies: ["Networks", "Statistics", "Tables", "Workloads"],
      swiftSettings: strict),
    // Spaces of networks, strategies that search them by quality and predicted latency, evaluators in processes
    // of their own, and what was found. Never a device.
    .target(
      name: "Search",
      dependencies: [
        "CProcess", "Files", "Networks", "Prediction", "Profiles", "Statistics", "Store", "Tables",
        "Workloads",
      ], exclude: ["evaluator-protocol.schema.json", "search-space.schema.json"],
      swiftSettings: strict),
    // Lowered networks, really executed: sessions on devices, trials of tables, pictures.
    .target(
      name: "Execution",
      dependencies: [
        "DeviceProtocol", "Devices", "Images", "Kernels", "Measurement", "Networks", "Prediction",
        "Search", "Statistics", "Store", "Tables", "Workloads", "XNNPACK",
      ], swiftSettings: strict),
    // Tables as pages.
    .target(name: "Report", dependencies: ["Files", "Tables", "Workloads"], swiftSettings: strict),
    // The command line; nothing else knows arguments, terminals or exit codes.
    .executableTarget(
      name: "srprof",
      dependencies: [
        "DeviceProtocol", "Devices", "Execution", "Files", "Images", "Kernels", "Measurement",
        "Networks", "ONNX", "Prediction", "Profiles", "Report", "Resources", "Search",
        "ShaderCompiler",
        "Statistics", "Store", "Tables", "Workloads", "XNNPACK",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),
    .testTarget(name: "StatisticsTests", dependencies: ["Statistics"], swiftSettings: strict),
    .testTarget(
      name: "FilesTests", dependencies: ["Files", "TableExamples"], swiftSettings: strict),
    .testTarget(name: "WorkloadsTests", dependencies: ["Workloads"], swiftSettings: strict),
    // Tables, rows and folders for tests.
    .target(
      name: "TableExamples", dependencies: ["Tables", "Workloads"], path: "Tests/TableExamples",
      swiftSettings: strict),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "Store", "TableExamples", "Tables", "Workloads",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "TablesTests",
      dependencies: ["Files", "Resources", "Statistics", "TableExamples", "Tables", "Workloads"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "KernelsTests", dependencies: ["Kernels", "Resources", "Workloads"],
      swiftSettings: strict),
    .testTarget(
      name: "ProfilesTests", dependencies: ["Profiles", "Workloads"], swiftSettings: strict),
    .testTarget(
      name: "ShaderCompilerTests", dependencies: ["ShaderCompiler"], swiftSettings: strict),
    .testTarget(
      name: "DeviceProtocolTests", dependencies: ["DeviceProtocol"], swiftSettings: strict),
    .testTarget(
      name: "VulkanTests", dependencies: ["DeviceProtocol", "ShaderCompiler", "Vulkan"],
      swiftSettings: strict),
    .testTarget(
      name: "DevicesTests", dependencies: ["DeviceProtocol", "Devices", "ShaderCompiler"],
      swiftSettings: strict),
    .testTarget(
      name: "MeasurementTests",
      dependencies: [
        "DeviceProtocol", "Devices", "Kernels", "Measurement", "Profiles", "Resources",
        "ShaderCompiler",
        "Statistics", "Store", "Tables", "Workloads", "XNNPACK",
      ],
      swiftSettings: strict),
    // What networks give by definition, for tests.
    .target(
      name: "NetworkEvaluation", dependencies: ["Images", "Networks", "ONNX", "Workloads"],
      path: "Tests/NetworkEvaluation", swiftSettings: strict),
    .testTarget(
      name: "NetworksTests",
      dependencies: ["Files", "NetworkEvaluation", "Networks", "Statistics", "Workloads"],
      swiftSettings: strict),
    .testTarget(
      name: "ONNXTests",
      dependencies: [
        "Images", "NetworkEvaluation", "Networks", "ONNX", "Workloads",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ], swiftSettings: strict),
    .testTarget(
      name: "ExecutionTests",
      dependencies: [
        "DeviceProtocol", "Devices", "Execution", "Images", "Kernels", "Measurement",
        "NetworkEvaluation", "Networks", "ONNX", "Prediction", "Statistics", "Store",
        "TableExamples", "Tables", "Workloads", "XNNPACK",
      ], swiftSettings: strict),
    // Devices whose latencies follow a law, for tests.
    .target(
      name: "SyntheticTables", dependencies: ["Statistics", "Tables", "Workloads"],
      path: "Tests/SyntheticTables", swiftSettings: strict),
    // The evaluator of searches, which is Python.
    .testTarget(
      name: "EvaluatorTests",
      dependencies: [
        "Files", "Images", "NetworkEvaluation", "Networks", "Resources", "Search", "Workloads",
      ], swiftSettings: strict),
    .testTarget(
      name: "PredictionTests",
      dependencies: [
        "Networks", "Prediction", "Search", "Statistics", "SyntheticTables", "Tables", "Workloads",
      ],
      swiftSettings: strict),
    // NAS-Bench-201 as a search space, and a small search with evaluators that train nothing, for tests and
    // benchmarks.
    .target(
      name: "SearchExamples",
      dependencies: [
        "Files", "Networks", "Prediction", "Search", "Statistics", "SyntheticTables", "Tables",
        "Workloads",
      ], path: "Tests/SearchExamples",
      exclude: ["evaluator-stub.py", "nas-bench-201.bin", "README.md"], swiftSettings: strict),
    // That small search in a process of its own, which can be killed.
    .executableTarget(
      name: "search-process", dependencies: ["Search", "SearchExamples"],
      path: "Tests/SearchProcess", swiftSettings: strict),
    .testTarget(
      name: "SearchTests",
      dependencies: [
        "Files", "Networks", "Prediction", "Profiles", "Resources", "Search", "SearchExamples",
        "Statistics",
        "SyntheticTables", "TableExamples", "Tables", "Workloads", "search-process",
      ], swiftSettings: strict),
    // Strategies on NAS-Bench-201, and how long they take: for `make bench`.
    .executableTarget(
      name: "search-bench", dependencies: ["Search", "SearchExamples", "Statistics"],
      path: "Tests/SearchBench", swiftSettings: strict),
    .target(name: "LyingLoader", path: "Tests/LyingLoader"),
    .testTarget(
      name: "ImagesTests", dependencies: ["Images", "Statistics", "Workloads"],
      swiftSettings: strict),
    // Readers, fed with files that are wrong in every way.
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Files", "Images", "Kernels", "Measurement", "Networks", "ONNX", "Prediction", "Profiles",
        "Report", "Search", "Statistics", "Store", "Tables", "Workloads",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ], path: "Tests/Fuzz", exclude: ["Corpus"], swiftSettings: strict),
    .testTarget(name: "CommandTests", dependencies: ["fuzz", "srprof"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x,
  cxxLanguageStandard: .cxx17
)
