import Foundation
import Testing

/// The map of modules in CONTRIBUTING.md against Package.swift.
@Suite struct ModuleMapTests {
  private struct Module {
    var name: String
    /// The modules and products it depends on, without system libraries.
    var modules: [String]
    var packages: [String]
  }

  private static func text(_ name: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    return try String(contentsOf: root.appending(path: name), encoding: .utf8)
  }

  private static func modules() throws -> [Module] {
    let targets = try #require(try text("Package.swift").components(separatedBy: "  targets: [").last)
    let sources = try #require(targets.components(separatedBy: "    // The git command").first)
    let target = #/(?:module\(|executableTarget\(\s*name:)\s*"(\w+)"((?s:.*?))\n(?=    module|    \.exec|$)/#
    return sources.matches(of: target).map { match in
      let packages = match.2.matches(of: #/package: "([^"]+)"/#).map { String($0.1) }
      let names = match.2.replacing(#/\.product\([^)]*\)|data: \[[^\]]*\]/#, with: "").matches(of: #/"(\w+)"/#)
      let modules = names.map { String($0.1) }.filter { !["CCrypto", "CLibgit2", "CZlib"].contains($0) }
      return Module(name: String(match.1), modules: modules, packages: packages)
    }
  }

  /// The names of the table's rows, in order, and the libraries that each says it owns.
  private static func rows() throws -> [(name: String, libraries: [String])] {
    try text("CONTRIBUTING.md").matches(of: #/(?m)^\| `(\w+)`(?: \(([^)]*)\))? \|/#).map { match in
      (String(match.1), match.2.map { $0.split(separator: ", ").map(String.init) } ?? [])
    }
  }

  @Test func everyModuleHasARow() throws {
    let modules = try Self.modules().map(\.name)
    #expect(modules.count > 10)
    #expect(Set(try Self.rows().map(\.name)) == Set(modules))
  }

  @Test func aModuleImportsOnlyModulesAboveIt() throws {
    let order = try Self.rows().map(\.name)
    for module in try Self.modules() {
      let above = order.prefix { $0 != module.name }
      #expect(module.modules.filter { !above.contains($0) } == [], "\(module.name)")
    }
  }

  @Test func everyPackageHasOneOwner() throws {
    let owners = Dictionary(uniqueKeysWithValues: try Self.rows().map { ($0.name, $0.libraries) })
    let used = try Self.modules().flatMap { module in module.packages.map { (package: $0, module: module.name) } }
    #expect(used.count > 4)
    for (package, users) in Dictionary(grouping: used, by: \.package) {
      #expect(users.count == 1, "\(package)")
      for user in users { #expect(owners[user.module]?.contains(package) == true, "\(user.module) owns \(package)") }
    }
  }
}
