public import Diagnostics
import Processes

/// The flags that Kbuild passes to its checker besides the compiler's.
///
/// The top makefile and the architecture's both set CHECKFLAGS, so a sub-make prints the final value, as for `UnitList`.
enum SparseFlags {
  private static let mark = "seriesmith-checkflags"
  /// A folder every configuration descends into.
  static let goal = "init/\(mark).o"

  static let makefile = """
    ifneq ($(obj),)
    $(obj)/\(mark).o:
    \t@:$(info \(mark) $(CHECKFLAGS))
    endif

    """

  /// The flags in make's output; nil if make did not print them.
  static func parse(_ output: String) -> [String]? {
    output.split(separator: "\n").first { $0.hasPrefix(mark + " ") }.map { line in
      ShellWords.commands(line.dropFirst(mark.count + 1)).first ?? []
    }
  }
}

extension Kbuild {
  /// The lane's CHECKFLAGS. Make is asked once; the answer is recorded in the lane's folder.
  ///
  /// - Throws: `Failure(.unavailable)` when make fails or prints no flags.
  public func checkFlags(of lane: PreparedLane) async throws(Failure) -> [String] {
    let records = LaneRecords(lane)
    if let flags: [String] = records.read(.flags, "sparse") { return flags }
    let lock = try await lock(lane.build, lane.lane)
    defer { _ = lock }
    if let flags: [String] = records.read(.flags, "sparse") { return flags }
    let makefile = try records.write(makefile: SparseFlags.makefile)
    let command = make(
      lane.lane, source: lane.source, build: lane.build, ["-s", SparseFlags.goal], environment: ["MAKEFILES": makefile])
    let purpose = "ask Kbuild for the checker's flags in the lane \(lane.lane.name)"
    let outcome = try await requireSuccess(command, to: purpose)
    guard let flags = SparseFlags.parse(outcome.text) else { throw failure(of: command, outcome, to: purpose) }
    try records.write(flags, .flags, "sparse")
    return flags
  }
}
