import Foundation

/// Times `seriesmith verify` as a whole process, and holds each time against what it must not exceed.
///
/// Everything is made in a cache folder of its own (`BENCH_CACHE`), so that it can be emptied: the kernel, the lanes and
/// the clone that is rebased stay there for the next time.
@main struct Bench {
  static func main() async {
    do {
      let package = FileManager.default.currentDirectoryPath
      let bench = Bench(
        seriesmith: package + "/.build/release/seriesmith", series: package + "/patches/iova_to_phys_length",
        cache: environment["BENCH_CACHE"] ?? home + "/.cache/seriesmith-bench")
      exit(try await bench.run() ? 0 : 1)
    } catch {
      FileHandle.standardError.write(Data("error: \(error)\n".utf8))
      exit(70)
    }
  }

  private static var environment: [String: String] { ProcessInfo.processInfo.environment }
  private static var home: String { FileManager.default.homeDirectoryForCurrentUser.path }

  let seriesmith: String
  let series: String
  let cache: String

  /// A figure and the bound it has to keep.
  struct Figure {
    var name: String
    var value: Double
    var bound: Double
    /// Whether the bound is the least the figure may be, and not the most.
    var isLeast = false
    var unit = "s"

    var holds: Bool { isLeast ? value >= bound : value <= bound }

    var row: String {
      let sign = isLeast ? "≥" : "≤"
      let name = self.name.padding(toLength: 62, withPad: " ", startingAt: 0)
      return "\(name) \(String(format: "%8.1f", value)) \(unit)  (\(sign) \(bound) \(unit))  \(holds ? "ok" : "MISSED")"
    }
  }

  /// Measures all there is to measure; whether every figure keeps its bound.
  private func run() async throws -> Bool {
    try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
    let kernel = try await self.kernel()
    // The lanes are prepared by a run that nobody times.
    _ = try await verify(kernel, series)

    try empty("verdicts")
    var figures = [
      Figure(
        name: "nine states over six prepared lanes, empty verdict store", value: try await verify(kernel, series),
        bound: 480),
      Figure(name: "the same again, nothing to compile", value: try await verify(kernel, series), bound: 3),
    ]
    figures += try await races(kernel, lane: "arm")
    for figure in figures { print(figure.row) }
    return figures.allSatisfy(\.holds)
  }

  /// Against `git rebase -x make` in one lane, from nothing and then with one driver changed: what a developer does
  /// again and again.
  private func races(_ kernel: String, lane: String) async throws -> [Figure] {
    let amended = try amendedSeries()
    try empty("verdicts")
    let rebase = try await Rebase(kernel: kernel, folder: cache, lane: lane)
    var figures: [Figure] = []
    for (series, when, bound) in [(series, "from nothing", 3.0), (amended, "with one driver changed", 10)] {
      let ours = try await verify(kernel, series, "--lane", lane)
      let theirs = try await rebase.run(series)
      print("lane \(lane), \(when): verify \(ours.text), git rebase -x make \(theirs.text)")
      figures.append(
        Figure(
          name: "git rebase -x make against verify, \(when)", value: theirs / ours, bound: bound, isLeast: true,
          unit: "times"))
    }
    return figures
  }

  /// The series with one line of one driver written otherwise.
  private func amendedSeries() throws -> String {
    let folder = cache + "/amended"
    if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.copyItem(atPath: series, toPath: folder)
    let (line, changed) = ("\n+\t\t*mapped_length = SECT_SIZE;\n", "\n+\t\t*mapped_length = (SECT_SIZE);\n")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      guard text.contains(line) else { continue }
      try text.replacing(line, with: changed, maxReplacements: 1)
        .write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      return folder
    }
    throw Shell.Failure(description: "no patch in \(series) has the line that is to be changed")
  }

  private func kernel() async throws -> String {
    let output = try await Shell.output(seriesmith, ["kernel"], environment: ["SERIESMITH_CACHE": cache])
    return output.split(separator: "\n").last.map(String.init) ?? ""
  }

  /// Seconds of wall time; a series that does not stand in these lanes is fine where only some are asked for.
  private func verify(_ kernel: String, _ series: String, _ options: String...) async throws -> Double {
    try await Shell.time(
      seriesmith, ["verify", series, "--tree", kernel] + options, environment: ["SERIESMITH_CACHE": cache],
      accepting: options.isEmpty ? [0] : [0, 1])
  }

  private func empty(_ folder: String) throws {
    let path = "\(cache)/\(folder)"
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
  }
}

extension Double {
  /// "21.4 s"
  fileprivate var text: String { String(format: "%.1f s", self) }
}
