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

/// The flags of sparse for a unit, derived from the compiler's.
struct SparseArguments {
  /// All of the compiler's flags that sparse accepts, with paths in the source tree moved to another folder.
  var all: [String] = []
  /// The flags among them that choose the language and the machine, without macros and files.
  var plain: [String] = []

  private static let withFile: Set<String> = ["-include", "-imacros", "-isystem", "-idirafter", "-iquote", "-I"]

  /// - Parameter move: returns the path to read a file or folder of the source tree from, given its path in the tree.
  init(_ command: CompileCommand, paths: TreePaths, move: (String) -> String) {
    func moved(_ path: some StringProtocol) -> String {
      if case .source(let inTree) = paths.locate(path) { return move(inTree) }
      return TreePaths.normalized(path) == TreePaths.normalized(paths.source) ? move("") : String(path)
    }
    var words = command.arguments.dropFirst()[...]
    while let word = words.popFirst() {
      if Self.withFile.contains(word) {
        if let file = words.popFirst() { all += [word, moved(file)] }
      } else if word == "-D" || word == "-U" {
        if let macro = words.popFirst() { all += [word, macro] }
      } else if word.hasPrefix("-I") {
        all.append("-I" + moved(word.dropFirst(2)))
      } else if word.hasPrefix("-D") || word.hasPrefix("-U") {
        all.append(word)
      } else if word.hasPrefix("-"), word != "-c" {
        // A word without a dash belongs to a flag that sparse ignores, such as `-meabi gnu`; sparse would take it for a
        // file.
        all.append(word)
        plain.append(word)
      }
    }
  }
}
