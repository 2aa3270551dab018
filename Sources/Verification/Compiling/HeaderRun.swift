import CSource
import Diagnostics
import Kbuild
import Support

/// Parses headers by themselves, to find those whose new text depends on what an includer had included before.
///
/// If a header's own includes provide all that its text uses, it reads the same wherever it is included, and what the
/// planner says of its includers holds. If they do not, only a compilation of each includer tells.
struct HeaderRun: Sendable {
  let lane: LaneRun
  /// By epoch: how to compile each source.
  let commands: [[String: [CompileCommand]]]

  struct Result: Sendable {
    /// By state, the sources that have to be compiled beside those of the plan.
    var affected: [Int: Set<String>] = [:]
    /// The files that were read, by state.
    var seen: [Int: Set<String>] = [:]
    /// How many texts of headers were parsed by themselves.
    var count = 0
  }

  private struct Header: Sendable {
    var path: String
    var state: Int
    var command: CompileCommand
    /// Whether the lane builds a source that includes it.
    var isIncluded: Bool
  }

  func run() async throws(Failure) -> Result {
    let found = headers()
    let outlines = ([FileChanges()] + lane.states.map(\.overlay)).map {
      OutlineCache(TreeView(base: lane.base, overlay: $0))
    }
    let results = try await concurrently(found) { (header) async throws(Failure) in try await parse(header, outlines) }
    var all = Result(count: results.compactMap(\.self).count)
    for (header, result) in zip(found, results) {
      if header.isIncluded { all.seen[header.state, default: []].formUnion(result?.seen ?? []) }
      // What cannot be parsed tells nothing.
      guard result?.isSelfContained != true else { continue }
      let includers = lane.includers(header.path, header.state)
      lane.progress.report(
        .note(
          "\(lane.compilers.name): \(header.path) lacks what its text uses after patch \(header.state), so all "
            + "\(includers.count.counted("includer")) are compiled"))
      all.affected[header.state, default: []].formUnion(includers)
    }
    return all
  }

  private func headers() -> [Header] {
    lane.states.flatMap { state in
      let epoch = lane.epoch(of: state.index)
      return (lane.plans[state.index]?.headers ?? [:]).sorted { $0.key < $1.key }.compactMap {
        header, candidates -> Header? in
        // A header that nothing of the architecture includes is never read.
        guard let epoch, !candidates.isEmpty else { return nil }
        // Where the lane builds none of the candidates, another unit's flags do: a lane may build only a few includers.
        let includer = candidates.lazy.compactMap { commands[epoch][$0]?.first }.first
        let command =
          includer
          ?? commands[epoch].filter { $0.key.hasSuffix(".c") && !$0.value.isEmpty }.min { $0.key < $1.key }?.value.first
        return command.map {
          Header(
            path: header, state: state.index, command: $0.parsing(header: header), isIncluded: includer != nil)
        }
      }
    }
  }

  /// Whether a header says nothing new by itself at a state, compared with the state before.
  private func parse(
    _ header: Header, _ outlines: [OutlineCache]
  ) async throws(Failure) -> (isSelfContained: Bool, seen: Set<String>)? {
    guard let now = try await result(header, at: header.state) else { return nil }
    if now.isClean { return (true, now.dependencies) }
    var before: [Diagnostic] = []
    if TreeView(base: lane.base, overlay: overlay(header.state - 1)).has(header.path) {
      guard let earlier = try await result(header, at: header.state - 1) else { return nil }
      before = earlier.diagnostics
    }
    let comparison = DiagnosticComparison(before: outlines[header.state - 1], after: outlines[header.state])
    let new = comparison.new(in: now.diagnostics, before: before)
    return (new.isEmpty, now.dependencies)
  }

  private func overlay(_ state: Int) -> FileChanges { state == 0 ? [:] : lane.states[state - 1].overlay }

  private func result(_ header: Header, at state: Int) async throws(Failure) -> UnitResult? {
    // A header that is generated later is missing both before and after.
    switch try await lane.compilers.at(state)?.compile(header.command, at: state).outcome {
    case .finished(let result), .missesFile(let result): result
    case .environment, nil: nil
    }
  }
}

extension CompileCommand {
  /// The command that compiles a header by itself, with the flags of this one.
  func parsing(header: String) -> CompileCommand {
    var command = self
    command.include(header)
    command.arguments += ["-x", "c"]
    (command.input, command.source, command.object) = ("/dev/null", header, header)
    return command
  }

  /// Lets the compiler read a file of the tree before the source.
  mutating func include(_ path: String) {
    let root = input.hasSuffix("/" + source) ? String(input.dropLast(source.count)) : ""
    arguments += ["-include", root + path]
  }
}
