import CSource
import Diagnostics
import FoundationEssentials
import Kbuild
import Support

/// Finds changed lines that the preprocessor drops in every lane, and compiles them with the options that keep them.
///
/// The compiler decides what is kept: a `#warning` is inserted at the start of each branch, and whether the compiler
/// reports it tells whether the branch is kept.
struct ConditionalLines: Sendable {
  let base: BaseTree
  let states: [SeriesState]
  let lanes: [LaneCompilers]
  /// Sources of a lane's architecture that include a header at a state.
  let includers: @Sendable (_ header: String, _ state: Int, _ architecture: String) -> Set<String>

  /// What was found about a state.
  struct Result: Sendable, Codable {
    /// Problems of lines that no lane keeps, by the lane that compiled them with other options.
    var broken: [String: [Finding]] = [:]
    /// Lines that nothing has compiled.
    var unread: [Finding] = []
  }

  /// A file with changed lines that some configurations drop.
  private struct Question: Sendable {
    var state: SeriesState
    var path: String
    var bytes: [UInt8]
    /// The branches in question, each with its first changed line.
    var branches: [(branch: ConditionalBranch, line: Int)]
  }

  /// The results by state; states without such lines are left out.
  func run() async throws(Failure) -> [Int: Result] {
    let questions = states.flatMap(questions)
    let answers = try await concurrently(questions) { (question) async throws(Failure) in try await answer(question) }
    var results: [Int: Result] = [:]
    for (question, result) in zip(questions, answers) {
      results[question.state.index, default: Result()].broken.merge(result.broken, uniquingKeysWith: +)
      results[question.state.index, default: Result()].unread += result.unread
    }
    return results
  }

  private func view(_ state: Int) -> TreeView {
    TreeView(base: base, overlay: state == 0 ? [:] : states[state - 1].overlay)
  }

  private func questions(_ state: SeriesState) -> [Question] {
    state.changed.filter(KernelPaths.mayBeCompiled).compactMap { path in
      guard let bytes = view(state.index).contents(of: path) else { return nil }
      let branches = ConditionalBranch.branches(of: SourceFile(path: path, bytes: bytes))
      if branches.isEmpty { return nil }
      let before = view(state.index - 1).contents(of: path) ?? []
      var first: [ConditionalBranch: Int] = [:]
      for line in Self.newLines(bytes, since: before) {
        guard let branch = ConditionalBranch.innermost(at: line, among: branches) else { continue }
        first[branch] = min(first[branch] ?? line, line)
      }
      if first.isEmpty { return nil }
      let asked = first.sorted { $0.value < $1.value }.map { (branch: $0.key, line: $0.value) }
      return Question(state: state, path: path, bytes: bytes, branches: asked)
    }
  }

  /// The lines of a text that an earlier one does not have, one-based; blank lines are left out.
  private static func newLines(_ text: [UInt8], since earlier: [UInt8]) -> [Int] {
    if earlier.isEmpty { return Array(1...max(1, text.count { $0 == UInt8(ascii: "\n") })) }
    func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
      bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }
    return lines(text).difference(from: lines(earlier)).insertions.compactMap { change in
      guard case .insert(let offset, let line, _) = change, line.contains(where: { $0 > UInt8(ascii: " ") }) else {
        return nil
      }
      return offset + 1
    }
  }

  private func answer(_ question: Question) async throws(Failure) -> Result {
    var left = question.branches
    var readers: [(lane: LaneCompilers, command: CompileCommand)] = []
    for lane in lanes where !left.isEmpty {
      let commands = try await commands(question, in: lane)
      if let first = commands.first { readers.append((lane, first)) }
      // What a header's branches keep may depend on who includes it, but mostly the first tells.
      for part in [commands.prefix(1), commands.dropFirst()] where !left.isEmpty {
        let branches = left.map(\.branch)
        let keeps = try await concurrently(Array(part)) { (command) async throws(Failure) in
          try await kept(question, branches, command, lane)
        }
        left.removeAll { one in keeps.contains { $0.contains(one.branch.directive) } }
      }
    }
    // A file that no lane reads is reported as such.
    if readers.isEmpty { return Result() }
    var result = Result()
    for (branch, line) in left {
      var isRead = false
      for (lane, command) in readers where branch.options != nil {
        guard let found = try await compile(question, branch, command, lane) else { continue }
        result.broken[lane.name, default: []] += found
        isRead = true
        break
      }
      if !isRead { result.unread.append(Self.unread(question.path, branch, line)) }
    }
    return result
  }

  private static func unread(_ path: String, _ branch: ConditionalBranch, _ line: Int) -> Finding {
    let wanted = branch.options.map { options in
      options.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value ? "=y" : " unset")" }.joined(separator: " and ")
    }
    return Finding(
      .warning, at: Place(path, line: line), "no lane compiles this changed line",
      notes: ["it is inside \(branch.condition)" + (wanted.map { ", which requires \($0)" } ?? "")])
  }

  /// How many includers of a header a lane looks at.
  private static let limit = 24

  /// How a lane reads the file: the commands of its objects, or for a header, those of sources that include it, its
  /// neighbours first.
  private func commands(_ question: Question, in lane: LaneCompilers) async throws(Failure) -> [CompileCommand] {
    guard let compiler = lane.at(question.state.index)?.compiler else { return [] }
    var sources = [question.path]
    if !KernelPaths.isUnit(question.path) {
      let folder = KernelPaths.folder(question.path) + "/"
      let all = includers(question.path, question.state.index, lane.architecture).sorted()
      sources = Array((all.filter { $0.hasPrefix(folder) } + all.filter { !$0.hasPrefix(folder) }).prefix(Self.limit))
    }
    let commands = try await compiler.commands(for: sources)
    return sources.flatMap { commands[$0] ?? [] }
  }

  /// The branches, by their directives, that the preprocessor keeps.
  private func kept(
    _ question: Question, _ branches: [ConditionalBranch], _ command: CompileCommand, _ lane: LaneCompilers,
    options: [String: Bool]? = nil
  ) async throws(Failure) -> Set<Int> {
    var lines = question.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
    for branch in branches.sorted(by: { $0.directive > $1.directive }) {
      lines.insert(Array("#warning seriesmith \(branch.directive)".utf8), at: branch.lines.lowerBound - 1)
    }
    var command = options.map { variant(command, question.path, $0) } ?? command
    command.arguments += ["-E", "-Wno-error"]
    let probe = [question.path: Array(lines.joined(separator: [UInt8(ascii: "\n")]))]
    guard
      let result = try await lane.at(question.state.index)?.compile(
        command, at: question.state.index, with: probe.merging(options.map(Self.files) ?? [:]) { $1 })
    else { return Set(branches.map(\.directive)) }
    // A preprocessor that stops early says nothing of what follows.
    guard result.succeeded else { return [] }
    return Set(
      result.diagnostics.compactMap { diagnostic in
        diagnostic.message.firstMatch(of: #/seriesmith (\d+)/#).flatMap { Int($0.1) }
      })
  }

  /// What is new in the file when it is compiled with the options of a branch; nil where that tells nothing.
  private func compile(
    _ question: Question, _ branch: ConditionalBranch, _ command: CompileCommand, _ lane: LaneCompilers
  ) async throws(Failure) -> [Finding]? {
    let (options, state) = (branch.options ?? [:], question.state.index)
    guard try await kept(question, [branch], command, lane, options: options).contains(branch.directive),
      let compiler = lane.at(state),
      let now = try await compiler.compile(
        variant(command, question.path, options), at: state, with: Self.files(options))
    else { return nil }
    if now.succeeded, now.diagnostics.isEmpty { return [] }
    var earlier: [Diagnostic] = []
    if view(state - 1).has(question.path) {
      // The lane may be configured anew since, with another command.
      guard let before = lane.at(state - 1),
        let command = try await before.compiler.commands(for: [command.source])[command.source]?
          .first(where: { $0.object == command.object }),
        let result = try await before.compile(
          variant(command, question.path, options), at: state - 1, with: Self.files(options))
      else { return nil }
      earlier = result.diagnostics
    }
    let comparison = DiagnosticComparison(
      before: OutlineCache(view(state - 1)), after: OutlineCache(view(state)))
    let new = comparison.new(in: now.diagnostics, before: earlier)
    if new.isEmpty, !now.succeeded { return nil }
    // An option that is set without what it depends on may lack names and headers.
    let lacks = ["file not found", "undeclared", "unknown type name", "no member named", "incomplete type"]
    if options.values.contains(true), new.contains(where: { one in lacks.contains(where: one.message.contains) }) {
      return nil
    }
    let with = options.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value ? "set" : "unset")" }
    return new.map { diagnostic in
      Finding(
        at: Place(diagnostic.file ?? question.path, line: diagnostic.line, column: diagnostic.column),
        diagnostic.message,
        notes: diagnostic.notes + ["no lane compiles this line; checked with \(with.joined(separator: " and "))"])
    }
  }

  /// The header that sets and unsets options after the configuration has been read.
  private static let header = "seriesmith-options.h"

  private static func files(_ options: [String: Bool]) -> [String: [UInt8]] {
    let text = options.sorted { $0.key < $1.key }.map { name, isSet in
      "#undef \(name)\n#undef \(name)_MODULE\n" + (isSet ? "#define \(name) 1\n" : "")
    }
    return [header: Array(text.joined().utf8)]
  }

  /// The command that reads the file, a header by itself, with some options set and unset.
  private func variant(_ command: CompileCommand, _ path: String, _ options: [String: Bool]) -> CompileCommand {
    var command = command
    command.include(Self.header)
    return KernelPaths.isUnit(path) ? command : command.parsing(header: path)
  }
}
