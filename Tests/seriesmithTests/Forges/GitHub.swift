import Foundation
import Testing
import Yams

/// Runs a workflow as GitHub Actions does: the commands are the workflow's own, and what the actions do is imitated.
final class GitHub {
  private struct Workflow: Decodable {
    var env: [String: String]
    var jobs: [String: Job]
  }

  private struct Job: Decodable {
    struct Strategy: Decodable {
      var matrix: [String: [String]]
    }
    var strategy: Strategy?
    var needs: String?
    var env: [String: String]?
    var steps: [Step]
  }

  private struct Step: Decodable {
    var uses: String?
    var with: [String: String]?
    var run: String?
    var `if`: String?
  }

  private let workflow: Workflow
  private let store = NSTemporaryDirectory() + "github-\(UUID().uuidString)"
  /// The keys of the caches, the oldest first.
  private var caches: [String] = []
  private var runs = 0

  init(file: String) throws {
    workflow = try YAMLDecoder().decode(Workflow.self, from: String(contentsOfFile: file, encoding: .utf8))
  }

  deinit { try? FileManager.default.removeItem(atPath: store) }

  func run(_ request: ForgeRequest) async throws -> ForgeRequest.Outcome {
    runs += 1
    let verify = try #require(workflow.jobs["verify"])
    let verdict = try #require(workflow.jobs["verdict"])
    #expect(verdict.needs == "verify")
    let shards = try #require(verify.strategy?.matrix["shard"])
    var context = [
      "github.event.pull_request.head.sha": try request.git("rev-parse", "main"),
      "github.event.pull_request.commits": try request.git("rev-list", "--count", "base..main"),
      "github.run_id": "\(runs)", "github.run_attempt": "1", "strategy.job-total": "\(shards.count)",
    ]
    var results: [Command.Result] = []
    for shard in shards {
      context["matrix.shard"] = shard
      results.append(try await run(verify, context, request))
    }
    context["matrix.shard"] = nil
    let joined = try await run(verdict, context, request)
    let annotations = GitHubCommands.taken(from: joined.output).commands
    return .init(shards: results, verdict: joined, annotations: annotations)
  }

  /// Runs a job's steps; after one that fails, only those that ask for it.
  private func run(
    _ job: Job, _ context: [String: String], _ request: ForgeRequest
  ) async throws -> Command.Result {
    let folder = try JobFolder()
    var environment = try workflow.env.merging(job.env ?? [:]) { $1 }.mapValues { try Self.filled($0, context) }
    environment.merge(request.environment) { $1 }
    let variables = folder.path + ".env"
    environment["GITHUB_ENV"] = variables
    defer { try? FileManager.default.removeItem(atPath: variables) }
    var result = Command.Result(status: 0, output: "", error: "")
    for step in job.steps {
      if let condition = step.if { try #require(condition == "${{ !cancelled() }}") }
      guard result.status == 0 || step.if != nil else { continue }
      if let action = step.uses {
        try await use(action, try (step.with ?? [:]).mapValues { try Self.filled($0, context) }, folder.path, request)
        continue
      }
      let script = try #require(step.run)
      // What a stranger named is not made part of a script.
      #expect(!script.contains("${{"))
      let run = try await folder.run(script, ["--noprofile", "--norc", "-eo", "pipefail"], environment)
      result.output += run.output
      result.error += run.error
      if result.status == 0 { result.status = run.status }
      for line in (try? String(contentsOfFile: variables, encoding: .utf8))?.split(separator: "\n") ?? [] {
        let parts = line.split(separator: "=", maxSplits: 1)
        environment[String(parts[0])] = String(parts[1])
      }
    }
    return result
  }

  /// A text with its expressions, which name a value of a context, replaced.
  private static func filled(_ text: String, _ context: [String: String]) throws -> String {
    try text.replacing(#/\${{ ([\w.-]+) }}/#) { try #require(context[String($0.1)], "\($0.1)") }
  }

  private func use(
    _ action: String, _ inputs: [String: String], _ folder: String, _ request: ForgeRequest
  ) async throws {
    func input(_ name: String) throws -> String { try #require(inputs[name], "\(action) needs \(name)") }
    let artifacts = "\(store)/artifacts-\(runs)"
    switch action.split(separator: "@").first {
    case "actions/checkout":
      try await request.checkOut(input("ref"), depth: inputs["fetch-depth"] ?? "1", into: folder)
    case "actions/cache/restore":
      let start = try input("restore-keys")
      guard let key = caches.last(where: { $0 == inputs["key"] }) ?? caches.last(where: { $0.hasPrefix(start) }) else {
        return
      }
      try await JobFolder.copy(input("path"), from: "\(store)/\(key)", to: folder)
    case "actions/cache/save":
      let key = try input("key")
      #expect(!caches.contains(key), "a key is written once")
      try await JobFolder.copy(input("path"), from: folder, to: "\(store)/\(key)")
      caches.append(key)
    case "actions/upload-artifact":
      try await JobFolder.copy(input("path"), from: folder, to: "\(artifacts)/\(try input("name"))")
    case "actions/download-artifact":
      try #require(inputs["pattern"] == "shard-*" && inputs["merge-multiple"] == "true")
      for name in try FileManager.default.contentsOfDirectory(atPath: artifacts) {
        for file in try FileManager.default.contentsOfDirectory(atPath: "\(artifacts)/\(name)") {
          try await JobFolder.copy(file, from: "\(artifacts)/\(name)", to: folder)
        }
      }
    default: Issue.record("no action \(action) is known here")
    }
  }
}
