import Diagnostics
public import Processes

/// The result of compiling one unit.
public struct CompileResult: Sendable, Hashable {
  /// How the compiler ended.
  public var termination: Termination
  /// Its errors and warnings, in the order printed.
  public var diagnostics: [Diagnostic]
  /// Everything it printed, in case `diagnostics` does not explain how it ended.
  public var text: String
  /// Wall time in seconds.
  public var seconds: Double
  /// The files of the source tree it read, as sorted paths in the tree; empty when it failed.
  public var dependencies: [String]
  /// The object file; nil unless the caller asked for it and the compiler succeeded.
  public var object: [UInt8]?

  /// Whether the compiler exited with status 0.
  public var succeeded: Bool { termination == .exited(0) }
}

extension CompileResult {
  /// Why the compilation says nothing about the source; nil when it does.
  ///
  /// A source is wrong only if the compiler exited by itself and reported an error in it. A compiler that was killed,
  /// crashed, or ran out of disk space, memory or another resource proves nothing. Only lines without a place in a source
  /// count: a source may quote any of these messages in an `#error`.
  public var environmentFailure: String? {
    guard case .exited(let status) = termination else { return "the compiler \(termination)" }
    if status == 0 { return nil }
    if let line = text.split(separator: "\n").first(where: Self.blamesMachine) {
      return "the compiler failed: \(line)"
    }
    if diagnostics.contains(where: { $0.severity == .error }) { return nil }
    return "the compiler exited with status \(status) and reported no error"
  }

  /// Messages of strerror(3) for a machine that lacks something.
  private static let wants = [
    "No space left on device", "Disk quota exceeded", "Read-only file system", "Cannot allocate memory",
    "Too many open files", "Input/output error", "Stale file handle", "File too large",
  ]
  /// Messages that compilers print when they crash or run out of memory.
  private static let crashes = [
    "unable to execute command", "due to signal", "out of memory", "clang frontend command failed",
    "PLEASE submit a bug report", "virtual memory exhausted", "signal terminated program", "std::bad_alloc",
    "unable to rename temporary",
  ]

  private static func blamesMachine(_ line: Substring) -> Bool {
    let place = placed(line)
    if let message = place {
      // clang gives a place for an #include whose file it found but could not read.
      return message.hasPrefix("cannot open file '") && wants.contains(where: message.contains)
    }
    return (wants + crashes).contains(where: line.contains)
  }

  /// The message of a line like "drivers/iommu/iommu.c:12:3: fatal error: message"; nil for a line without a place.
  private static func placed(_ line: Substring) -> Substring? {
    let marks = [": fatal error: ", ": error: ", ": warning: ", ": note: "]
    let found = marks.compactMap { line.ranges(of: $0).first }.min { $0.lowerBound < $1.lowerBound }
    guard let found else { return nil }
    let head = line[..<found.lowerBound]
    guard let colon = head.lastIndex(of: ":"), Int(head[head.index(after: colon)...]) != nil else { return nil }
    return line[found.upperBound...]
  }
}
