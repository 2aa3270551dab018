import Foundation
import GitBinary
import Processes
import Testing

/// Runs that get a signal to end at any moment.
@Suite(.serialized) struct InterruptedRunTests {
  @Test func verify() async throws {
    let series = try FakeSeries()
    try await interrupt(8, "interrupting verify", series.arguments, in: series.folder, series.environment) {
      try FileManager.default.removeItem(atPath: series.cache)
    } then: { expected, comment in
      #expect(Self.names(series.cache + "/scratch") == [], comment)
      let run = try await series.verify()
      #expect(run.status == 0, comment)
      let json = try run.json.withoutEffort()
      #expect(expected == nil || json == expected, comment)
      return json
    }
  }

  @Test func prove() async throws {
    let proof = try FakeProof()
    try await interrupt(6, "interrupting prove", proof.arguments, in: proof.folder, proof.environment) {
      try FileManager.default.removeItem(atPath: proof.cache)
    } then: { expected, comment in
      #expect(Self.names(proof.cache + "/scratch") == [], comment)
      let run = try await proof.prove()
      #expect(run.status == 0, "\(run.text)\(comment)")
      let json = try #require(run.json, comment)
      #expect(expected == nil || json == expected, comment)
      // Boot results are kept, so the next run would not build again.
      try FileManager.default.removeItem(atPath: proof.cache + "/verdicts")
      return json
    }
  }

  @Test func generate() async throws {
    let migration = try SmallMigration()
    #expect(try await migration.generate(into: "old").status == 0)
    #expect(try await migration.generate(["--reroll", "2"], into: "new").status == 0)
    let (old, new) = (try migration.files(of: "old"), try migration.files(of: "new"))
    func reset() throws {
      try? FileManager.default.removeItem(atPath: migration.folder + "/out")
      try FileManager.default.copyItem(atPath: migration.folder + "/old", toPath: migration.folder + "/out")
    }
    try reset()
    let arguments = [
      "generate", "series/series.yaml", "--tree", migration.kernel.path, "--output", "out", "--reroll", "2",
    ]
    try await interrupt(
      20, "interrupting generate", arguments, in: migration.folder, migration.environment, reset: reset
    ) { _, comment in
      let found = try migration.files()
      #expect(found == old || found == new, "\(found.keys.sorted()): \(comment)")
      return [:]
    }
  }

  /// Interrupts a command `count` times, and checks the state after each.
  ///
  /// - Parameters:
  ///   - reset: called after a run that ended before it could be interrupted.
  ///   - check: called with its own first result.
  private func interrupt(
    _ count: Int, _ what: String, _ arguments: [String], in folder: String, _ environment: [String: String],
    reset: () throws -> Void, then check: (NSDictionary?, Comment) async throws -> NSDictionary
  ) async throws {
    var random = SeededRandom.announced(what)
    let start = ContinuousClock.now
    let whole = try await Command.seriesmith(arguments, in: folder, environment: environment)
    #expect(whole.status == 0, "\(whole.error)")
    var length = ContinuousClock.now - start
    let expected = try await check(nil, "undisturbed")
    try reset()
    var interrupted = 0
    for _ in 0..<(10 * count) where interrupted < count {
      let signal = Bool.random(using: &random) ? SIGINT : SIGTERM
      let moment = length * Double.random(in: 0..<1, using: &random)
      let ending = try await Command.signalSeriesmith(
        signal, arguments, in: folder, environment: environment, after: moment)
      let comment = Comment(rawValue: "seed \(random.seed), signal \(signal) after \(moment): \(ending)")
      try await expectNoProcess(mentioning: folder, comment)
      switch ending {
      case .exited(0): length = length * 2 / 3
      // Outside the part that handles signals, the signal kills the command as it would any program.
      case .exited(130), .signalled(signal): interrupted += 1
      default: Issue.record(comment)
      }
      _ = try await check(expected, comment)
      if ending == .exited(0) || Int.random(in: 0..<4, using: &random) == 0 { try reset() }
    }
    #expect(interrupted == count)
  }

  private static func names(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }
}
