/// How a child process ended.
public enum Termination: Sendable, Hashable {
  /// It exited by itself with this status.
  case exited(Int32)
  /// This signal killed it.
  case signalled(Int32)
  /// It ran past its time limit and was killed with its process group.
  case timedOut
}

extension Termination: CustomStringConvertible {
  /// A predicate for messages: "exited with status 2".
  public var description: String {
    switch self {
    case .exited(let status): "exited with status \(status)"
    case .signalled(let signal): "was killed by signal \(signal)"
    case .timedOut: "ran past its time limit"
    }
  }
}

/// The result of a child process: its termination and its output.
public struct Outcome: Sendable, Hashable {
  /// How the child ended.
  public var termination: Termination
  /// Everything it wrote to standard output.
  public var output: [UInt8]
  /// Everything it wrote to standard error.
  public var error: [UInt8]
  /// Wall time in seconds.
  public var seconds: Double

  /// Assembles an outcome from its parts.
  public init(termination: Termination, output: [UInt8] = [], error: [UInt8] = [], seconds: Double = 0) {
    self.termination = termination
    self.output = output
    self.error = error
    self.seconds = seconds
  }

  /// Whether the child exited with status 0.
  public var succeeded: Bool { termination == .exited(0) }

  /// Standard output as text; bytes that are not UTF-8 become replacement characters.
  public var text: String { String(decoding: output, as: UTF8.self) }

  /// Standard error as text; bytes that are not UTF-8 become replacement characters.
  public var errorText: String { String(decoding: error, as: UTF8.self) }
}
