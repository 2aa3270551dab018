import Foundation
import Processes
import Testing

/// The fields of `debian/control` against the list of what Seriesmith needs.
@Suite struct DebianControlTests {
  /// Debian's essential packages are always there, and its policy forbids to depend on them.
  private static let essential = ["tar"]
  /// Developers of Seriesmith need what these are for, not its users.
  private static let development = ["bench", "build", "deb", "packages", "test"]

  private let fields: [String: Set<String>]

  init() throws {
    let text = try String(contentsOfFile: Command.package + "/debian/control", encoding: .utf8)
    fields = Dictionary(
      uniqueKeysWithValues: text.matches(of: #/(?m)^([A-Z][A-Za-z-]+):((?:\n .+)+)$/#).map { field in
        (String(field.1), Set(field.2.matches(of: #/(?m)^ ([a-z0-9.+-]+)/#).map { String($0.1) }))
      })
  }

  private func expectAll(_ packages: [DebianPackage], in names: String...) {
    #expect(packages.count > 2)
    let declared = names.reduce(into: Set<String>()) { $0.formUnion(fields[$1] ?? []) }
    #expect(packages.map(\.name).filter { !declared.contains($0) && !Self.essential.contains($0) } == [], "\(names)")
  }

  @Test func dependsOnWhatVerifyRequires() {
    expectAll(DebianPackage.all.filter { !Set($0.neededBy).isDisjoint(with: ["verify", "toolchain"]) }, in: "Depends")
  }

  @Test func mentionsWhatEveryCommandUses() {
    let used = DebianPackage.all.filter {
      !Set($0.neededBy + $0.optionalFor).isSubset(of: Self.development)
    }
    expectAll(used, in: "Depends", "Recommends", "Suggests")
  }

  @Test func buildDependsOnWhatBuildsIt() {
    // dpkg takes build-essential for granted, and debhelper-compat stands for debhelper.
    let needed = DebianPackage.all.filter { package in
      !Set(package.neededBy).isDisjoint(with: ["build", "deb"])
        && !["build-essential", "debhelper"].contains(package.name)
    }
    expectAll(needed, in: "Build-Depends")
  }

  @Test func namesNothingThatTheListLacks() {
    let listed = Set(DebianPackage.all.map(\.name))
    for name in ["Depends", "Recommends", "Suggests"] {
      let declared = fields[name] ?? []
      #expect(declared.count > 2)
      #expect(declared.subtracting(listed) == [], "\(name)")
    }
  }

  @Test func theChangelogHasTheVersionOfTheCommand() async throws {
    let changelog = try String(contentsOfFile: Command.package + "/debian/changelog", encoding: .utf8)
    let version = try await Command.seriesmith(["--version"]).output
    #expect(changelog.hasPrefix("seriesmith (\(version.trimmingCharacters(in: .newlines))) "))
  }
}
