import Foundation

/// A run of `seriesmith verify`, and its report as a consumer of `--json` sees it.
struct VerifyRun {
  var status: Int32
  var report: Report
  var output: String

  struct Report: Decodable {
    var verdict: String
    var firstBad: FirstBad?
    var coverage: Coverage
    var commits: [Commit]

    enum CodingKeys: String, CodingKey {
      case verdict, coverage, commits
      case firstBad = "first_bad"
    }
  }

  struct FirstBad: Decodable {
    var index: Int
    var check: String
    var lane: String?
    var reason: String
    var fixedBy: Int?

    enum CodingKeys: String, CodingKey {
      case index, check, lane, reason
      case fixedBy = "fixed_by"
    }
  }

  struct Coverage: Decodable {
    var neverCompiled: [String]

    enum CodingKeys: String, CodingKey {
      case neverCompiled = "never_compiled"
    }
  }

  struct Commit: Decodable {
    var index: Int
    var tree: String?
    var verdict: String
    var checks: [Check]
  }

  struct Check: Decodable {
    var name: String
    var lane: String?
    var verdict: String
    var units: Int
    var cached: Int
    var findings: [Finding]
  }

  struct Finding: Decodable {
    var file: String?
    var severity: String
    var message: String
  }

  /// Verifies a series on the embedded kernel.
  ///
  /// - Parameters:
  ///   - tree: another repository of that kernel.
  ///   - options: further arguments of the command.
  static func verify(
    _ source: String, lanes: [String] = [], depth: String = "compile", tree: String? = nil, options: [String] = []
  ) async throws -> VerifyRun {
    let kernel = try await EmbeddedKernel.repository()
    var arguments = ["verify", source, "--tree", tree ?? kernel, "--depth", depth] + options
    for lane in lanes { arguments += ["--lane", lane] }
    return try await withScratchFolder { folder in
      let result = try await Command.seriesmith(arguments + ["--json", folder + "/report.json"])
      guard let data = FileManager.default.contents(atPath: folder + "/report.json") else {
        throw EmbeddedKernel.Unavailable(message: result.error)
      }
      let report = try JSONDecoder().decode(Report.self, from: data)
      return VerifyRun(status: result.status, report: report, output: result.output)
    }
  }
}
