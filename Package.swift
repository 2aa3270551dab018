// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library module of Seriesmith. Its tests, if any, live in `Tests/<name>Tests`.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: Array(Set([name, "Diagnostics"])).sorted().map { .byName(name: $0) } + dependencies,
    swiftSettings: strict)
}

let package = Package(
  name: "seriesmith",
  targets: [
    .systemLibrary(name: "CLibgit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
    module("Diagnostics"),
    module("Git", ["CLibgit2", "Diagnostics", "PatchSeries"]),
    module("CSource", ["Diagnostics"]),
    module("PatchSeries", ["Diagnostics"]),
    // The git command in throw-away repositories, as the reference for what Git and PatchSeries do.
    .target(name: "GitBinary", path: "Tests/GitBinary", swiftSettings: strict),
    tests("CSource"),
    tests("Diagnostics"),
    tests("Git", ["GitBinary", "PatchSeries"]),
    tests("PatchSeries", ["Git", "GitBinary"]),
  ]
)
