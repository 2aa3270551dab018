import Foundation
import GitBinary
import Testing

/// Runs on a file system of their own that is too small.
@Suite(.serialized, .enabled(if: Namespace.isAvailable, Namespace.isNeeded)) struct FullDiskTests {
  @Test func aRunWhoseCacheIsFullSaysSoAndTheNextOneIsRight() async throws {
    let series = try FakeSeries()
    let undisturbed = try await series.verify()
    #expect(undisturbed.status == 0)
    try await fill(
      series.cache, "filling the cache's disk", series.arguments, in: series.folder, series.environment,
      expecting: try undisturbed.json.withoutEffort())
  }

  @Test func aProofWhoseCacheIsFullSaysSoAndTheNextOneIsRight() async throws {
    let proof = try FakeProof()
    let undisturbed = try await proof.prove()
    #expect(undisturbed.status == 0)
    try await fill(
      proof.cache, "filling the disk of a proof", proof.arguments, in: proof.folder, proof.environment,
      expecting: try #require(undisturbed.json))
  }

  /// Empties the cache of a run, and repeats the run on disks that are too small, and then on one that is not.
  private func fill(
    _ cache: String, _ what: String, _ arguments: [String], in folder: String, _ environment: [String: String],
    expecting report: NSDictionary
  ) async throws {
    var need = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: cache) {
      var status = stat()
      // On the small disk, a folder takes no room.
      guard lstat("\(cache)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      need += (Int(status.st_size) + 4095) / 4096 * 4
    }
    try FileManager.default.removeItem(atPath: cache)
    try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
    var random = SeededRandom.announced(what)
    for _ in 0..<7 {
      let size = Int(Double(need) * Double.random(in: 0.02..<0.75, using: &random))
      let script = """
        mount -t tmpfs -o size=\(size)k none cache
        status=0; "$@" --json full.json || status=$?
        mount -o remount,size=1g cache
        "$@" --json room.json >/dev/null
        ls -A cache/scratch
        exit $status
        """
      let full = try await Namespace.run(script, arguments, in: folder, environment: environment)
      let said = "seed \(random.seed), \(size) of \(need) KiB: \(full.output)\(full.error)"
      #expect([1, 69].contains(full.status), "\(said)")
      #expect((full.output + full.error).contains("No space left on device"), "\(said)")
      #expect(full.error.contains("the cache is \(cache); SERIESMITH_CACHE"), "\(said)")
      let room = try #require(FileManager.default.contents(atPath: folder + "/room.json"), "\(said)")
      #expect(try room.withoutEffort() == report, "\(said)")
      try FileManager.default.removeItem(atPath: folder + "/room.json")
    }
  }

  /// The folder has either the old series or the new one.
  @Test func aSeriesIsReplacedWholeOrNotAtAll() async throws {
    let migration = try SmallMigration()
    #expect(try await migration.generate(into: "old").status == 0)
    #expect(try await migration.generate(["--reroll", "2"], into: "new").status == 0)
    let (old, new) = (try migration.files(of: "old"), try migration.files(of: "new"))
    let size = old.values.reduce(0) { $0 + ($1.utf8.count + 4095) / 4096 * 4 }
    try FileManager.default.createDirectory(atPath: migration.folder + "/out", withIntermediateDirectories: true)
    var (failures, successes) = (0, 0)
    for room in stride(from: 0, through: size + 16, by: 4) {
      let script = """
        mount -t tmpfs -o size=\(size + room)k none out
        cp old/* out/
        status=0; "$@" || status=$?
        rm -rf found; mkdir found; cp -a out/. found/
        exit $status
        """
      let run = try await Namespace.run(
        script,
        [
          "generate", "series/series.yaml", "--tree", migration.kernel.path, "--output", "out", "--reroll", "2",
        ], in: migration.folder, environment: ["SERIESMITH_CACHE": migration.folder + "/cache"])
      if run.status == 0 { successes += 1 } else { failures += 1 }
      #expect(try migration.files(of: "found") == (run.status == 0 ? new : old), "\(room) KiB: \(run.error)")
      if run.status != 0 {
        #expect(run.status == 69)
        #expect(run.error.contains("out") && run.error.contains("No space left on device"), "\(run.error)")
      }
    }
    #expect(failures > 0 && successes > 0)
  }
}
