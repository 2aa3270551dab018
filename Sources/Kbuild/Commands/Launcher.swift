public import Diagnostics
import FoundationEssentials
import Processes
import Synchronization

/// A program that runs the compiler, such as ccache, distcc or icecc.
///
/// Its result counts only when the compiler printed nothing. Any other unit is compiled again without it, so that a fault
/// of the launcher is never reported as a fault of the source.
public final class Launcher: Sendable {
  /// The words before the compiler's name.
  let words: [String]
  /// The name to print: that of the engine, or else the first word.
  let name: String
  private let engine: Engine?
  private let state = Mutex(State())

  private struct State {
    /// How many units each place built.
    var places: [String: Int] = [:]
    var hasFailed = false
    var isGivenUp = false
  }

  /// Reads the argument of `--launcher`.
  ///
  /// - Parameter line: a command line, split as a shell would split it.
  /// - Throws: `Failure(.usage)` when it is empty; `Failure(.unavailable)` when the program is not installed.
  public init(_ line: String) throws(Failure) {
    guard var words = ShellWords.commands(line).first else {
      throw Failure(.usage, "the launcher is empty", notes: ["for example: --launcher ccache"])
    }
    engine =
      words.lazy.compactMap { word in Engine.known.first { $0.name == word.split(separator: "/").last ?? "" } }
      .first
    name = engine?.name ?? words[0]
    guard let program = which(words[0]) else {
      throw Failure(
        .unavailable, "the launcher \(words[0]) is not installed or not on PATH",
        notes: Engine.known.first { $0.name == words[0] }.map { ["apt-get install \($0.name)"] } ?? [])
    }
    // The launcher runs in another folder.
    if program.contains("/") { words[0] = URL(filePath: program).path }
    self.words = words
  }

  /// The command that runs the compiler's `arguments` through the launcher.
  ///
  /// - Parameters:
  ///   - text: the path of the text to compile.
  ///   - log: the path of the log that the engine writes.
  func command(_ arguments: [String], text: String, log: String, directory: String) -> Command {
    var environment = Kbuild.environment
    for (variable, value) in ProcessInfo.processInfo.environment
    where Engine.variables.contains(where: variable.hasPrefix) {
      environment[variable] = value
    }
    return Command(
      words[0], words.dropFirst() + arguments,
      environment: environment.merging(engine?.environment(text, log) ?? [:]) { $1 }, clearEnvironment: true,
      directory: directory)
  }

  /// Whether the launcher may be given more units: false once it ran into its time limit.
  var isTrusted: Bool { state.withLock { !$0.isGivenUp } }

  /// Counts a unit that the launcher built, at the place that the log names.
  func built(log: [UInt8]?) {
    let place = engine?.place(String(decoding: log ?? [], as: UTF8.self)) ?? "by \(name)"
    state.withLock { $0.places[place, default: 0] += 1 }
  }

  /// Counts a unit that was built without it.
  func builtHere() { state.withLock { $0.places["here", default: 0] += 1 } }

  /// The message for a unit that only the compiler alone could build; nil after the first such unit.
  func failed(_ outcome: Outcome, _ source: String) -> String? {
    let isFirst = state.withLock { state in
      defer { state.hasFailed = true }
      if outcome.termination == .timedOut { state.isGivenUp = true }
      return !state.hasFailed
    }
    guard isFirst else { return nil }
    let said = outcome.errorText.split(separator: "\n").first.map { ": \($0)" } ?? ""
    let rest = outcome.termination == .timedOut ? " and all remaining units" : ""
    return "\(name) \(outcome.termination) for \(source)\(said); compiling it\(rest) here"
  }

  /// Where units were built: "distcc: 10 on 127.0.0.1, 2 here"; nil if none were.
  public var places: String? {
    let places = state.withLock { $0.places }
    if places.isEmpty { return nil }
    return "\(name): " + places.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}

/// What a known engine needs. Any other program can be a launcher, too.
private struct Engine: Sendable {
  /// The name of the program and of its Debian package.
  let name: String
  /// The variables to set, given the paths of the text and of the log.
  let environment: @Sendable (_ text: String, _ log: String) -> [String: String]
  /// Where the unit was built, read from the log; nil if the log does not tell.
  let place: @Sendable (_ log: String) -> String?

  static let known = [
    // Folders differ from run to run without changing any verdict, so ccache must not hash them. It must hash the text:
    // two texts may preprocess to the same tokens and still draw different warnings.
    Engine(
      name: "ccache",
      environment: { text, log in
        ["CCACHE_STATSLOG": log, "CCACHE_NOHASHDIR": "1", "CCACHE_EXTRAFILES_TO_HASH": text]
      },
      place: { $0.contains("_cache_hit\n") ? "from its cache" : nil }),
    Engine(
      name: "distcc",
      environment: { _, log in ["DISTCC_LOG": log, "DISTCC_FALLBACK": "0"] },
      place: { log in log.matches(of: #/\] compile \S+ on (\S+) completed ok/#).last.map { "on \($0.1)" } }),
    Engine(name: "icecc", environment: { _, _ in [:] }, place: { _ in nil }),
  ]

  /// The prefixes of the variables that tell engines where their caches and servers are.
  static let variables = ["CCACHE_", "DISTCC_", "ICECC_", "XDG_"]
}
