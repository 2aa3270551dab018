// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library module of Seriesmith. Its tests, if any, live in `Tests/<name>Tests`.
///
/// - Parameters:
///   - isHot: whether it reads a whole kernel byte by byte, which takes minutes where nothing is inlined: then it is
///     optimised in debug builds too.
///   - data: files in the target that become part of the program.
func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], isHot: Bool = false, data: [String] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies,
    resources: data.map { .embedInCode($0) },
    swiftSettings: strict + (isHot ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []))
}

/// The tests of a module.
///
/// - Parameter data: folders in the target that the tests read by path.
func tests(_ name: String, _ dependencies: [Target.Dependency] = [], data: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: Array(Set([name, "Diagnostics", "Support"])).sorted().map { .byName(name: $0) } + dependencies,
    exclude: data,
    swiftSettings: strict)
}

let package = Package(
  name: "seriesmith",
  products: [
    .library(name: "FuzzTargets", targets: ["FuzzTargets"]),
    .library(name: "Git", targets: ["Git"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .systemLibrary(name: "CLibgit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    module("Diagnostics"),
    module("Support", ["CCrypto", "CZlib", "Diagnostics"]),
    module("Git", ["CLibgit2", "Diagnostics", "PatchSeries", "Support"]),
    module("CSource", ["Diagnostics"], isHot: true),
    module("TreeIndex", ["CSource", "Diagnostics", "Git", "PatchSeries", "Processes", "Support"], isHot: true),
    module("PatchSeries", ["Diagnostics", "Processes", "Support"]),
    module("Descriptions", ["Diagnostics", .product(name: "Yams", package: "Yams")]),
    module("Templating", ["Diagnostics", .product(name: "Mustache", package: "swift-mustache")]),
    module("Generation", ["CSource", "Descriptions", "Diagnostics", "Templating"]),
    module(
      "Processes",
      [
        "Diagnostics", "Support",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], data: ["packages.list"]),
    module("Kernels", ["Diagnostics", "Processes", "Support"]),
    module("Kbuild", ["Diagnostics", "PatchSeries", "Processes", "Support"]),
    module(
      "Verification",
      [
        "CSource", "Diagnostics", "Git", "Kbuild", "PatchSeries", "Processes", "Support", "TreeIndex",
      ], isHot: true),
    module("Proving", ["Descriptions", "Diagnostics", "Git", "Kbuild", "Processes", "Support", "Verification"]),
    module("Reports", ["Descriptions", "Diagnostics", "PatchSeries", "Proving", "Templating", "Verification"]),
    module(
      "SeriesAssembly",
      [
        "Descriptions", "Diagnostics", "Generation", "Git", "Kbuild", "Kernels", "PatchSeries", "Processes", "Proving",
        "Support", "TreeIndex", "Verification",
      ]),
    .executableTarget(
      name: "seriesmith",
      dependencies: [
        "CSource", "Descriptions", "Diagnostics", "Generation", "Git", "Kbuild", "Kernels", "Processes", "Proving",
        "Reports", "SeriesAssembly", "Support", "Verification",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // The git command in throw-away repositories, as the reference for what Git and PatchSeries do.
    .target(name: "GitBinary", path: "Tests/GitBinary", swiftSettings: strict),
    .target(name: "FakeKernel", path: "Tests/FakeKernel", swiftSettings: strict),
    // What Fuzz/ gives any bytes to.
    .target(
      name: "FuzzTargets", dependencies: ["CSource", "Descriptions", "Diagnostics", "PatchSeries", "Templating"],
      path: "Tests/FuzzTargets", swiftSettings: strict),
    tests("CSource", ["GitBinary"]),
    tests("Descriptions"),
    tests("Diagnostics"),
    tests("FuzzTargets"),
    tests("Generation", ["Descriptions"]),
    tests("Git", ["CLibgit2", "GitBinary", "PatchSeries"]),
    tests("Kbuild", ["FakeKernel", "GitBinary", "Processes"]),
    tests("Kernels", ["Processes"]),
    tests("PatchSeries", ["Git", "GitBinary"]),
    tests("Processes"),
    tests("Proving", ["Descriptions", "Git", "GitBinary", "Kbuild", "Processes", "Verification"]),
    tests("Reports", ["Descriptions", "Processes", "Proving", "Verification"]),
    tests("SeriesAssembly", ["Git", "GitBinary", "Kbuild", "PatchSeries", "Verification"]),
    tests("Support"),
    tests("Templating"),
    tests("TreeIndex", ["Git", "GitBinary", "Processes"]),
    tests(
      "seriesmith",
      [
        "FakeKernel", "Git", "GitBinary", "Kbuild", "PatchSeries", "Processes", .product(name: "Yams", package: "Yams"),
      ],
      data: ["Faults", "Walks", "Series", "validate-reports.py"]),
    tests("Verification", ["Git", "GitBinary", "Kbuild", "PatchSeries", "TreeIndex"]),
  ]
)
