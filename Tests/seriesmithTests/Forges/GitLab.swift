import Foundation
import Testing
import Yams

/// Runs a pipeline as a GitLab runner does: the commands are the pipeline's own; caches and artifacts are copied.
final class GitLab {
  private struct Pipeline: Decodable {
    var variables: [String: String]
    var verify: Job
    var verdict: Job
  }

  private struct Job: Decodable {
    struct Cache: Decodable {
      var key: String
      var paths: [String]
      var when: String
    }

    struct Artifacts: Decodable {
      struct Reports: Decodable {
        var codequality: String
        var junit: String
      }
      var when: String
      var paths: [String]?
      var reports: Reports?
    }

    var parallel: Int?
    var needs: [String]?
    var variables: [String: String]
    var cache: Cache?
    var script: [String]
    var afterScript: [String]?
    var artifacts: Artifacts

    enum CodingKeys: String, CodingKey {
      case parallel, needs, variables, cache, script, artifacts
      case afterScript = "after_script"
    }
  }

  private struct Entry: Decodable {
    struct Location: Decodable {
      var path: String
    }
    var description: String
    var location: Location
  }

  private let pipeline: Pipeline
  private let store = NSTemporaryDirectory() + "gitlab-\(UUID().uuidString)"

  init(file: String) throws {
    pipeline = try YAMLDecoder().decode(Pipeline.self, from: String(contentsOfFile: file, encoding: .utf8))
  }

  deinit { try? FileManager.default.removeItem(atPath: store) }

  func run(_ request: ForgeRequest) async throws -> ForgeRequest.Outcome {
    #expect(pipeline.verdict.needs == ["verify"])
    try? FileManager.default.removeItem(atPath: store + "/artifacts")
    let count = try #require(pipeline.verify.parallel)
    var variables = [
      "CI_COMMIT_SHA": try request.git("rev-parse", "main"),
      "CI_MERGE_REQUEST_DIFF_BASE_SHA": try request.git("rev-parse", "base"), "CI_NODE_TOTAL": "\(count)",
    ]
    var shards: [Command.Result] = []
    for index in 1...count {
      variables["CI_NODE_INDEX"] = "\(index)"
      shards.append(try await run(pipeline.verify, variables, request).result)
    }
    variables["CI_NODE_INDEX"] = nil
    let (verdict, report) = try await run(pipeline.verdict, variables, request)
    let entries = try JSONDecoder().decode([Entry].self, from: #require(report))
    return .init(
      shards: shards, verdict: verdict, annotations: entries.map { "\($0.location.path): \($0.description)" })
  }

  /// Runs a job. Returns the Code Quality report, too, if it makes one.
  private func run(
    _ job: Job, _ predefined: [String: String], _ request: ForgeRequest
  ) async throws -> (result: Command.Result, report: Data?) {
    let folder = try JobFolder()
    var variables = predefined
    variables["CI_PROJECT_DIR"] = folder.path
    for (name, value) in pipeline.variables.merging(job.variables, uniquingKeysWith: { $1 }) {
      variables[name] = try Self.filled(value, variables)
    }
    let environment = variables.merging(request.environment) { $1 }
    if variables["GIT_STRATEGY"] != "none" {
      try await request.checkOut(
        #require(variables["CI_COMMIT_SHA"]), depth: #require(variables["GIT_DEPTH"]), into: folder.path)
    }
    let cache = try job.cache.map { "\(store)/\(try Self.filled($0.key, variables))" }
    for path in job.cache?.paths ?? [] {
      if let cache, FileManager.default.fileExists(atPath: "\(cache)/\(path)") {
        try await JobFolder.copy(path, from: cache, to: folder.path)
      }
    }
    if job.needs != nil {
      for file in try FileManager.default.contentsOfDirectory(atPath: store + "/artifacts") {
        try await JobFolder.copy(file, from: store + "/artifacts", to: folder.path)
      }
    }
    var result = try await folder.run("set -eo pipefail\n" + job.script.joined(separator: "\n"), [], environment)
    if let script = job.afterScript {
      let after = try await folder.run(script.joined(separator: "\n"), [], environment)
      result.output += after.output
      result.error += after.error
    }
    try #require(job.artifacts.when == "always" && (job.cache?.when ?? "always") == "always")
    for path in job.cache?.paths ?? [] {
      if let cache { try await JobFolder.copy(path, from: folder.path, to: cache) }
    }
    for path in job.artifacts.paths ?? [] {
      try await JobFolder.copy(Self.filled(path, variables), from: folder.path, to: store + "/artifacts")
    }
    guard let reports = job.artifacts.reports else { return (result, nil) }
    for (file, schema) in [(reports.junit, "junit.xsd"), (reports.codequality, "gitlab.json")] {
      #expect(try ReportSchemas.problems(of: "\(folder.path)/\(file)", as: schema) == [])
    }
    return (result, FileManager.default.contents(atPath: "\(folder.path)/\(reports.codequality)"))
  }

  /// A value with its variables replaced.
  private static func filled(_ text: String, _ variables: [String: String]) throws -> String {
    try text.replacing(#/\$(\w+)/#) { try #require(variables[String($0.1)], "\($0.1)") }
  }
}
