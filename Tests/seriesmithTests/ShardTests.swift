import Foundation
import Testing

/// `verify --shard` and `--merge`, on the fake kernel with three lanes.
@Suite struct ShardTests {
  static let lanes = """
    lanes:
      - {name: modules, arch: fake, target: allmodconfig, toolchain: [LLVM=-19], fragment: [CONFIG_DRIVER=m], why: m}
      - {name: built-in, arch: fake, target: allmodconfig, toolchain: [LLVM=-19], fragment: [CONFIG_DRIVER=y], why: y}
      - {name: other, arch: fake, target: allmodconfig, toolchain: [LLVM=-19], fragment: [CONFIG_OFF=y], why: off}
    """

  /// How the lanes' results differ.
  enum Kind: String, CaseIterable {
    /// Only the third lane compiles a file.
    case stands
    /// No lane compiles a file.
    case uncompiled
    /// One lane fails to compile a unit of the base.
    case brokenBase
    /// The second lane falls, and a later commit fixes it.
    case falls
    /// A symbol that the first lane's modules use is gone.
    case link
    /// A patch does not build, and no later one fixes it.
    case stays
  }

  private func series(_ kind: Kind) throws -> FakeSeries {
    let series = try FakeSeries()
    try Self.lanes.write(toFile: series.folder + "/lanes.yaml", atomically: true, encoding: .utf8)
    switch kind {
    case .stands: try series.commit("off: on", ["drivers/off.c": "int off(void) { return 1; }\n"])
    case .uncompiled: try series.commit("boot: more", ["drivers/none.c": "int none;\n"])
    case .brokenBase:
      try series.commit(
        "twice: break", ["drivers/twice.c": "#ifdef MODULE\n#error no module\n#endif\nint twice(void) { return 2; }\n"])
      try series.git("tag", "--force", "base")
      try series.commit(
        "twice: three", ["drivers/twice.c": "#ifdef MODULE\n#error no module\n#endif\nint twice(void) { return 3; }\n"])
    case .falls:
      try series.commit(
        "twice: break", ["drivers/twice.c": "#ifndef MODULE\nint x = missing;\n#endif\nint twice(void) { return 2; }\n"]
      )
      try series.commit("off: on", ["drivers/off.c": "int off(void) { return 1; }\n"])
      try series.commit("twice: mend", ["drivers/twice.c": "int twice(void) { return 2; }\n"])
    case .link:
      try series.commit("twice: use it", ["drivers/twice.c": "int gone(void);\nint twice(void) { return gone(); }\n"])
    case .stays: try series.commit("own: break", ["virt/own.c": "int own = missing;\n"])
    }
    return series
  }

  @Test(arguments: Kind.allCases) func mergedShardsAreTheWholeReport(kind: Kind) async throws {
    let series = try series(kind)
    let whole = try await series.verify()
    let expected = ["stands": Int32(0), "uncompiled": 1, "brokenBase": 0, "falls": 1, "link": 1, "stays": 1]
    #expect(whole.status == expected[kind.rawValue], "\(whole.text)")

    var lanes: [[String]] = []
    for index in 1...3 {
      let run = try await Command.seriesmith(
        series.arguments + ["--shard", "\(index)/3", "--json", "\(index).json"], in: series.folder,
        environment: series.environment)
      #expect([0, 1].contains(run.status), "\(run.error)")
      #expect(run.output.contains("shard \(index)/3 "), "\(run.output)")
      lanes.append(try shardLanes(series.folder + "/\(index).json"))
    }
    #expect(lanes == [["modules"], ["built-in"], ["other"]])
    let merged = try await merge(["3.json", "1.json", "2.json"], in: series)
    #expect(merged.status == whole.status)
    let file = series.folder + "/merged.json"
    let json = try #require(FileManager.default.contents(atPath: file))
    #expect(try json.withoutEffort() == whole.json.withoutEffort(), "\(merged.output)\n\(whole.text)")
    #expect(merged.output.split(separator: "\n").last?.prefix(20) == whole.text.split(separator: "\n").last?.prefix(20))
  }

  @Test func whatIsMissingOrOfAnotherSeriesIsSaid() async throws {
    let series = try series(.stands)
    func shard(_ name: String, _ more: String...) async throws {
      let run = try await Command.seriesmith(
        series.arguments + more + ["--depth", "structure", "--json", name], in: series.folder,
        environment: series.environment)
      #expect(run.status == 0, "\(run.error)")
    }
    try await shard("1.json", "--shard", "1/2")
    try await shard("2.json", "--shard", "2/2")
    try await shard("whole.json")
    try series.commit("one more", ["virt/own.c": "int own = 1;\n"])
    try await shard("longer.json", "--shard", "2/2")

    #expect(try await merge(["1.json", "2.json"], in: series).status == 0)
    for (files, message) in [
      (["2.json"], "shard 1/2 is missing"), (["1.json", "1.json"], "repeats shard 1/2 of 1.json"),
      (["1.json", "longer.json"], "longer.json: error: series differs from that of 1.json"),
      (["1.json", "whole.json"], "whole.json: error: was not written by verify --shard"),
      (["none.json"], "none.json: error: is not there: has that shard finished?"),
    ] {
      let run = try await merge(files, in: series)
      #expect(run.status == 65)
      #expect(run.error.contains(message), "\(run.error)")
    }
    for wrong in ["0/2", "3/2", "1", "a/b"] {
      let run = try await Command.seriesmith(
        series.arguments + ["--shard", wrong, "--json", "x.json"], in: series.folder, environment: series.environment)
      #expect(run.status == 64, "\(wrong)")
    }
  }

  private func merge(_ files: [String], in series: FakeSeries) async throws -> Command.Result {
    try await Command.seriesmith(
      ["verify", "--json", "merged.json", "--merge"] + files, in: series.folder, environment: series.environment)
  }

  /// The lanes of a shard.
  private func shardLanes(_ file: String) throws -> [String] {
    struct Part: Decodable {
      struct Results: Decodable {
        var lanes: [String]
      }
      var schema: String
      var results: Results
    }
    let part = try JSONDecoder().decode(Part.self, from: #require(FileManager.default.contents(atPath: file)))
    #expect(part.schema == "seriesmith.verify-shard/3")
    return part.results.lanes
  }
}
