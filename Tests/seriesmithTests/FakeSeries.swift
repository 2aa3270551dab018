import FakeKernel
import Foundation
import GitBinary
import Testing

/// A series of three commits on the fake kernel, with its own lane and cache.
final class FakeSeries {
  let repository: ScratchRepository
  let folder: String
  /// The path of the repository.
  var path: String { repository.path }
  var cache: String { folder + "/cache" }
  var environment: [String: String] { ["SERIESMITH_CACHE": cache] }

  /// The arguments of `seriesmith` to verify the series.
  var arguments: [String] {
    ["verify", "base..main", "--tree", repository.path, "--lanes", folder + "/lanes.yaml", "--jobs", "2"]
  }

  init() throws {
    folder = NSTemporaryDirectory() + "series-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    repository = try ScratchRepository()
    for (path, text) in FakeKernelTree.files { try repository.write(text, to: path) }
    try repository.commit("base")
    try repository.git("tag", "base")
    try """
    lanes:
      - name: fake
        arch: fake
        target: allmodconfig
        toolchain: [LLVM=-19]
        fragment: [CONFIG_DRIVER=m]
        why: a test
    """.write(toFile: folder + "/lanes.yaml", atomically: true, encoding: .utf8)
    try commit("driver.h: one more", ["include/linux/driver.h": "#include <linux/page.h>\nextern int driver, next;\n"])
    try commit("main: use it more", ["drivers/main.c": Self.slow])
    try commit("twice: thrice", ["drivers/twice.c": "int twice(void) { return 3; }\n"])
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func commit(_ message: String, _ files: [String: String]) throws {
    for (path, text) in files { try repository.write(text, to: path) }
    try repository.commit(message)
  }

  @discardableResult
  func git(_ arguments: String...) throws -> [UInt8] { try repository.git(arguments) }

  @discardableResult
  func git(_ arguments: [String]) throws -> [UInt8] { try repository.git(arguments) }

  /// Verifies the series, and returns the report as a consumer of `--json` sees it and as people do.
  func verify(_ more: [String] = []) async throws -> (status: Int32, json: Data, report: VerifyRun.Report, text: String)
  {
    let file = folder + "/report.json"
    let run = try await Command.seriesmith(arguments + more + ["--json", file], in: folder, environment: environment)
    guard let json = FileManager.default.contents(atPath: file) else {
      throw EmbeddedKernel.Unavailable(message: run.error)
    }
    return (run.status, json, try JSONDecoder().decode(VerifyRun.Report.self, from: json), run.output)
  }

  /// A driver that takes a moment to compile.
  private static let slow = """
    #include <linux/driver.h>
    #define TEN(x) x x x x x x x x x x
    int main_part(void)
    {
    \tvolatile int sum = 0;
    \tTEN(TEN(TEN(sum += driver * sum; sum ^= driver;)))
    \treturn sum;
    }

    """
}

extension Data {
  /// The report without the fields that depend on what was cached.
  func withoutEffort() throws -> NSDictionary {
    func stripped(_ value: Any) -> Any {
      switch value {
      case let object as [String: Any]:
        object.filter { !["seconds", "cached"].contains($0.key) }.mapValues(stripped)
      case let list as [Any]: list.map(stripped)
      default: value
      }
    }
    return try #require(stripped(try JSONSerialization.jsonObject(with: self)) as? [String: Any]) as NSDictionary
  }
}
