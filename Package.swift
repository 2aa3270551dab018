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
    module("Diagnostics"),
    module("CSource", ["Diagnostics"]),
    module("PatchSeries", ["Diagnostics"]),
    tests("CSource"),
    tests("Diagnostics"),
  ]
)
