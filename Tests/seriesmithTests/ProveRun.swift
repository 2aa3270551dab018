import Foundation

/// A run of `seriesmith prove`, and its report as a consumer of `--json` sees it.
struct ProveRun {
  var status: Int32
  var report: Report
  var output: String

  struct Report: Decodable {
    var schema: String
    var verdict: String
    var suites: [Suite]
    var walks: [Walk]
    var findings: [Finding]
  }

  struct Suite: Decodable {
    var state: Int
    var name: String
    var passed: Int
    var failed: Int
  }

  struct Walk: Decodable, Hashable {
    var path: String
    var bytes: Int
    var leaf: Int
    var before: Int
    var after: Int
  }

  struct Finding: Decodable {
    var severity: String
    var message: String
  }

  /// Proves a series on the embedded kernel.
  static func prove(_ source: String, boots: [String]) async throws -> ProveRun {
    var arguments = ["prove", source, "--tree", try await EmbeddedKernel.repository()]
    for boot in boots { arguments += ["--boot", boot] }
    return try await withScratchFolder { folder in
      let result = try await Command.seriesmith(arguments + ["--json", folder + "/report.json"])
      guard let data = FileManager.default.contents(atPath: folder + "/report.json") else {
        throw EmbeddedKernel.Unavailable(message: result.error)
      }
      let report = try JSONDecoder().decode(Report.self, from: data)
      return ProveRun(status: result.status, report: report, output: result.output)
    }
  }
}
