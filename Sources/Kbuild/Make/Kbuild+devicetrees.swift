public import Diagnostics
import Processes
import Support

extension Kbuild {
  /// What dtc and the preprocessor say of devicetree sources, built by Kbuild's own rule.
  ///
  /// - Parameters:
  ///   - sources: paths in the tree, all of the lane's architecture: "arch/arm64/boot/dts/qcom/one.dts".
  ///   - lane: gives the architecture and the toolchain; devicetrees do not depend on the configuration.
  ///   - build: the folder to build in, which keeps dtc from one call to the next.
  /// - Throws: `Failure(.unavailable)` when make itself fails.
  public func devicetreeProblems(
    _ sources: [String], lane: Lane, source: SourceTree, build: String
  ) async throws(Failure) -> [Diagnostic] {
    let toolchain = Toolchain(lane)
    try toolchain.require(for: lane)
    try Files.makeFolder(build)
    if !Files.exists("\(build)/.config") {
      try await requireSuccess(
        make(lane, source: source, build: build, ["allnoconfig"]), to: "configure \(lane.arch) for its devicetrees")
    }
    let root = "arch/\(lane.architectureFolder)/boot/dts/"
    var goals: [String: String] = [:]
    for path in sources {
      let suffix = path.hasSuffix(".dtso") ? "dtbo" : "dtb"
      guard path.hasPrefix(root), let dot = path.lastIndex(of: ".") else { continue }
      goals[path] = "\(path[..<dot].dropFirst(root.count)).\(suffix)"
    }
    // dtc warns only when it runs.
    for goal in goals.values { try Files.remove("\(build)/\(root)\(goal)") }
    var output = ""
    for goals in Self.portions(goals.values.sorted()) {
      let outcome = try await run(make(lane, source: source, build: build, goals, keepGoing: true))
      guard case .exited = outcome.termination else {
        throw failure(of: make(lane, source: source, build: build, goals), outcome, to: "build devicetrees")
      }
      output += outcome.text + "\n" + outcome.errorText + "\n"
    }
    var problems = Diagnostic.ofDevicetrees(output, in: source)
    // A failure that says nothing of a place is still one. Where a program failed, make names the goal, and the
    // program has said why.
    let isExplained = problems.contains { $0.severity == .error }
    for (path, goal) in goals.sorted(by: { $0.key < $1.key }) where !Files.exists("\(build)/\(root)\(goal)") {
      guard !(isExplained && output.contains("\(goal)] Error ")) else { continue }
      problems.append(Diagnostic(file: path, severity: .error, message: "\(goal) cannot be built"))
    }
    var seen: Set<Diagnostic> = []
    return problems.filter { seen.insert($0).inserted }
  }
}

extension Diagnostic {
  /// The problems in the output of make, of the preprocessor and of dtc, each once.
  static func ofDevicetrees(_ text: String, in source: SourceTree) -> [Diagnostic] {
    func shorten(_ path: Substring) -> String {
      path.hasPrefix(source.path + "/") ? String(path.dropFirst(source.path.count + 1)) : TreePaths.normalized(path)
    }
    let preprocessor = Diagnostic.parse(text, shorten: shorten)
    var seen: Set<Diagnostic> = []
    let own = text.split(separator: "\n").compactMap { line -> Diagnostic? in
      // "a.dtsi:12.3-15.5: Warning (unit_address_vs_reg): /soc: …" and "Error: a.dtsi:12.3-4 syntax error".
      guard let match = line.wholeMatch(of: #/(Error: )?([^\s:]+):(\d+)\.(\d+)[-\d.]*:? (.+)/#) else {
        guard let match = line.wholeMatch(of: #/([^\s:]+\.dtbo?): (Warning|ERROR) (.+)/#) else { return nil }
        return Diagnostic(
          file: shorten(match.1), severity: match.2 == "ERROR" ? .error : .warning, message: String(match.3))
      }
      let isWarning = match.5.hasPrefix("Warning ")
      let message = match.5.trimmingPrefix("Warning ").trimmingPrefix("ERROR ")
      return Diagnostic(
        file: shorten(match.2), line: Int(match.3), column: Int(match.4), severity: isWarning ? .warning : .error,
        message: String(message))
    }
    return (preprocessor + own).filter { seen.insert($0).inserted }
  }
}
