import Foundation
import GitBinary
import Testing

/// A compiler that does not finish says nothing about a patch.
@Suite(.serialized) struct KilledCompilerTests {
  /// What a compiler does instead of compiling `drivers/main.c`.
  enum End: String, CaseIterable {
    case killed = "kill -9 $$"
    case crashed = "kill -SEGV $$"
    /// It gets only the memory that it needs to start.
    case outOfMemory = "ulimit -v 40000; exec \"$real\" \"$@\""

    var reason: String {
      switch self {
      case .killed: "was killed by signal 9"
      case .crashed: "was killed by signal 11"
      case .outOfMemory: "drivers/main.c"
      }
    }
  }

  @Test(arguments: End.allCases) func isNoVerdictAndIsForgotten(_ end: End) async throws {
    let series = try FakeSeries()
    let expected = try await series.verify()
    #expect(expected.status == 0)
    try FileManager.default.removeItem(atPath: series.cache + "/verdicts")

    // The lane's key includes the compiler's identity: use the wrapper from the start.
    let compiler = try Wrapper(in: series.folder)
    let wrapped = series.environment.merging(["PATH": compiler.path]) { $1 }
    let first = try await Command.seriesmith(
      series.arguments + ["--json", "whole.json"], in: series.folder, environment: wrapped)
    #expect(first.status == 0, "\(first.error)")
    try FileManager.default.removeItem(atPath: series.cache + "/verdicts")

    try compiler.fails(by: end.rawValue)
    let killed = try await Command.seriesmith(series.arguments, in: series.folder, environment: wrapped)
    #expect(killed.status == 1, "\(killed.output)\(killed.error)")
    #expect(killed.output.contains("drivers/main.c"), "\(killed.output)")
    #expect(killed.output.contains(end.reason), "\(killed.output)")
    #expect(killed.output.contains("nothing is known about this unit"), "\(killed.output)")

    try compiler.works()
    let again = try await Command.seriesmith(
      series.arguments + ["--json", "again.json"], in: series.folder, environment: wrapped)
    #expect(again.status == 0, "\(again.output)")
    let json = try #require(FileManager.default.contents(atPath: series.folder + "/again.json"))
    #expect(try json.withoutEffort() == expected.json.withoutEffort())
  }

  /// A wrapper with the name of the lane's compiler that can be made to fail.
  private struct Wrapper {
    let folder: String
    var path: String { folder + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "") }
    private var order: String { folder + "/order" }

    init(in parent: String) throws {
      folder = parent + "/bin"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let script = """
        #!/bin/sh
        PATH=${PATH#\(folder):}
        real=$(command -v clang-19)
        case $* in *-ivfsoverlay*drivers/main.c*|*drivers/main.c*-ivfsoverlay*) . \(folder)/order ;; esac
        exec "$real" "$@"

        """
      let file = folder + "/clang-19"
      try Script.write(script, to: file)
      try works()
    }

    func works() throws { try fails(by: ":") }

    func fails(by order: String) throws {
      try (order + "\n").write(toFile: self.order, atomically: true, encoding: .utf8)
    }
  }
}
