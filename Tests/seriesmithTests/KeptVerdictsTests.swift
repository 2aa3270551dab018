import Foundation
import Testing

/// The folder `verdicts` of the cache is all that `docs/ci.md` says to keep from one run to the next.
@Suite struct KeptVerdictsTests {
  @Test func anotherMachineCompilesOnlyWhatChanged() async throws {
    let series = try FakeSeries()
    let first = try await series.verify()
    #expect(first.status == 0 && !first.text.contains("\n0 compilations for "), "\(first.text)")

    try await withScratchFolder { machine in
      let cache = machine + "/elsewhere/cache"
      try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: series.cache + "/verdicts", toPath: cache + "/verdicts")
      // The program of another image: the same contents in another file.
      let program = machine + "/seriesmith"
      try FileManager.default.copyItem(atPath: Command.executable, toPath: program)
      func verify() async throws -> Command.Result {
        let clone = machine + "/linux"
        try? FileManager.default.removeItem(atPath: clone)
        #expect(try await Command.git(["clone", "--quiet", series.path, clone], in: machine).status == 0)
        return try await Command.tool(
          program, ["verify", "base..main", "--tree", clone, "--lanes", series.folder + "/lanes.yaml"],
          in: Command.package,
          environment: ["SERIESMITH_CACHE": cache, "NO_COLOR": "1"])
      }
      let known = try verdicts(in: cache)
      #expect(known.count > 10)
      let again = try await verify()
      #expect(again.status == 0 && again.output.contains("\n0 compilations for "), "\(again.output)\(again.error)")
      // Nothing else was worked out anew, either: plans, for example, are kept as verdicts are.
      #expect(try verdicts(in: cache).subtracting(known) == [])

      try series.commit("main: again", ["drivers/main.c": "int main_part(void) { return 5; }\n"])
      let more = try await verify()
      #expect(more.status == 0 && more.output.contains("\n1 compilation for "), "\(more.output)\(more.error)")
    }
  }

  private func verdicts(in cache: String) throws -> Set<String> {
    Set(try FileManager.default.subpathsOfDirectory(atPath: cache + "/verdicts"))
  }
}
