public import Diagnostics
import FoundationEssentials
import Processes
import Synchronization

/// An engine that compilers are run through: ccache, distcc, icecc.
///
/// Its word is only taken where the compiler had nothing to say. Any other unit is compiled again without it, so that
/// what it lacks, and what it lets the compiler see, is never taken for a fault of the source.
public final class Launcher: Sendable {
  /// What stands before the compiler's name.
  let words: [String]
  /// How people know it.
  let name: String
  private let engine: Engine?
  private let state = Mutex(State())

  private struct State {
    /// How many units each place has built.
    var places: [String: Int] = [:]
    var hasFailed = false
    var isGivenUp = false
  }

  /// - Parameter line: the words, as a shell would split them.
  /// - Throws: `Failure(.usage)` when there are none; `Failure(.unavailable)` when the program is not installed.
  public init(_ line: String) throws(Failure) {
    guard var words = ShellWords.commands(line).first else {
      throw Failure(.usage, "the launcher has no name", notes: ["as in --launcher ccache"])
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
    // It runs in another folder.
    if program.contains("/") { words[0] = URL(filePath: program).path }
    self.words = words
  }

  /// The command that runs `arguments`, of a compiler, through the launcher.
  ///
  /// - Parameters:
  ///   - text: the path of what is compiled.
  ///   - log: where the engine says what it did.
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

  /// Whether units may be given to it.
  var isTrusted: Bool { state.withLock { !$0.isGivenUp } }

  /// Counts a unit that it has built, and says of it what is in the log.
  func built(log: [UInt8]?) {
    let place = engine?.place(String(decoding: log ?? [], as: UTF8.self)) ?? "by \(name)"
    state.withLock { $0.places[place, default: 0] += 1 }
  }

  /// Counts a unit that was built without it.
  func builtHere() { state.withLock { $0.places["here", default: 0] += 1 } }

  /// What to tell of a unit that it could not build though it can be; nil where that was told of another one.
  func failed(_ outcome: Outcome, _ source: String) -> String? {
    let isFirst = state.withLock { state in
      defer { state.hasFailed = true }
      if outcome.termination == .timedOut { state.isGivenUp = true }
      return !state.hasFailed
    }
    guard isFirst else { return nil }
    let said = outcome.errorText.split(separator: "\n").first.map { ": \($0)" } ?? ""
    let rest = outcome.termination == .timedOut ? ", and so is all the rest" : ""
    return "\(name) \(outcome.termination) for \(source)\(said); it is compiled here\(rest)"
  }

  /// Where units were built: "distcc: 10 on 127.0.0.1, 2 here"; nil where none was.
  public var places: String? {
    let places = state.withLock { $0.places }
    if places.isEmpty { return nil }
    return "\(name): " + places.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}

/// What has to be known of an engine to use it well. Any other program can be a launcher, too.
private struct Engine: Sendable {
  /// Its program, which Debian's package is named after.
  let name: String
  /// What it has to be told, given the paths of the text and of the log.
  let environment: @Sendable (_ text: String, _ log: String) -> [String: String]
  /// Where the unit was built, by the log; nil where that does not say it.
  let place: @Sendable (_ log: String) -> String?

  static let known = [
    // Folders differ from run to run, which matters to no verdict. What the preprocessor makes of two texts may be the same
    // where what the compiler says of them is not.
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

  /// The beginnings of the variables by which users tell engines where their caches and servers are.
  static let variables = ["CCACHE_", "DISTCC_", "ICECC_", "XDG_"]
}
