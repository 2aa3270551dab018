import ArgumentParser
import CSource
import Descriptions
import Diagnostics
import Foundation
import Generation
import Git
import SeriesAssembly
import Verification

struct ScanCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Lists a tree's ops tables and direct calls, and what a series covers of them.",
    discussion: """
      Prints every table of the structs that the series migrates, with the callback
      it sets, and every direct call of the old op. A table or call that no
      description covers is an error.

      A place that names such a member, but of a struct that the declarations in
      scope do not tell, is 'undecided'. An entry of 'exempt' settles it.

        seriesmith scan iova_to_phys_length --tree ~/linux --json scan.json
      """)

  @OptionGroup var series: ChosenSeries
  @OptionGroup var options: TreeOptions

  @Option(
    help: ArgumentHelp("Write the inventory as JSON ('-' for standard output).", valueName: "file"), completion: .file()
  )
  var json: String?

  func perform() async throws {
    let progress = Console.standard.progress
    let question = try series.question()
    let (repository, base) = try await options.open(progress)
    let stock = try await KeptAnswers(in: .user).answer(["stock", base.tree.hex] + question) {
      () async throws(Failure) in
      let generator = try series.generator()
      let tree = try await GitTree(
        base.tree, of: repository, naming: generator.series.inventoryWords, cache: .user, progress: progress)
      return Stock(try await generator.generate(on: tree, cache: .user, progress: progress))
    }
    Console.standard.print(stock.notes)
    if let json {
      try Output.write(try ReportJSON.data(ScanReport(stock.coverage)), to: json)
    }
    if json != "-" { print(Self.table(stock.coverage), terminator: "") }
    guard stock.findings.isEmpty else { throw Failure(.falls, stock.findings) }
  }

  private static func table(_ coverage: Coverage) -> String {
    var rows = coverage.tables.map { entry in
      [
        entry.status.rawValue, entry.table.place.withoutColumn, "struct " + entry.table.structure,
        entry.callback ?? "-", entry.via.rawValue,
      ]
    }
    rows += coverage.users.map { user in
      [
        user.status.rawValue, user.call.place.withoutColumn, "call", user.call.function ?? "-",
        "\(user.call.receiver)->\(user.call.member)()",
      ]
    }
    rows += coverage.undecided.map { entry in
      [
        entry.status.rawValue, entry.use.place.withoutColumn, "?", entry.use.function ?? "-", entry.use.text,
      ]
    }
    let counts = Dictionary(grouping: rows) { $0[0] }.mapValues(\.count)
    let summary = ["described", "exempt", "uncovered", "undecided"].map { "\(counts[$0] ?? 0) \($0)" }.joined(
      separator: ", ")
    return Columns.aligned(rows)
      + "\(coverage.tables.count) tables, \(coverage.users.count) direct calls: \(summary)\n"
  }
}

/// The inventory of a tree, as kept between runs.
private struct Stock: Codable {
  var coverage: Coverage
  var findings: [Finding]
  var notes: [Finding]

  init(_ generated: GeneratedSeries) {
    (coverage, findings, notes) = (generated.coverage, generated.findings, generated.notes)
  }
}

extension Place {
  fileprivate var withoutColumn: String { Place(file, line: line).description }
}

/// `seriesmith.scan/1`
private struct ScanReport: Encodable {
  struct Table: Encodable {
    var file: String
    var line: Int
    var `struct`: String
    var name: String
    var callback: String?
    /// The line that sets the op; nil if the table does not.
    var setLine: Int?
    var via: OpsTable.Via
    var status: Coverage.Status
    var reason: String?
  }

  struct User: Encodable {
    var file: String
    var line: Int
    var function: String?
    var status: Coverage.Status
  }

  struct Undecided: Encodable {
    var file: String
    var line: Int
    var function: String?
    var text: String
    var status: Coverage.Status
    var reason: String?
  }

  var schema = "seriesmith.scan/1"
  var tables: [Table]
  var users: [User]
  var undecided: [Undecided]

  init(_ coverage: Coverage) {
    tables = coverage.tables.map { entry in
      Table(
        file: entry.table.place.file, line: entry.table.place.line ?? 0, struct: entry.table.structure,
        name: entry.table.name, callback: entry.callback, setLine: entry.setPlace?.line, via: entry.via,
        status: entry.status, reason: entry.reason)
    }
    undecided = coverage.undecided.map { entry in
      Undecided(
        file: entry.use.place.file, line: entry.use.place.line ?? 0, function: entry.use.function, text: entry.use.text,
        status: entry.status, reason: entry.reason)
    }
    users = coverage.users.map { user in
      User(
        file: user.call.place.file, line: user.call.place.line ?? 0, function: user.call.function, status: user.status)
    }
  }
}
