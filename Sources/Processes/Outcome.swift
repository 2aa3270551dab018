/// How a child process ended.
public enum Termination: Sendable, Hashable {
  case exited(Int32)
  case signalled(Int32)
  /// It ran past its time limit and was killed with everything it had started.
  case timedOut
}

extension Termination: CustomStringConvertible {
  /// The ending in a few words: "exited with status 2".
  public var description: String {
    switch self {
    case .exited(let status): "exited with status \(status)"
    case .signalled(let signal): "was killed by signal \(signal)"
    case .timedOut: "ran past its time limit"
    }
  }
}

/// What a child process left behind.
public struct Outcome: Sendable, Hashable {
  public var termination: Termination
  /// Everything it wrote to standard output.
  public var output: [UInt8]
  /// Everything it wrote to standard error.
  public var error: [UInt8]
  /// Wall time in seconds.
  public var seconds: Double

  public init(termination: Termination, output: [UInt8] = [], error: [UInt8] = [], seconds: Double = 0) {
    self.termination = termination
    self.output = output
    self.error = error
    self.seconds = seconds
  }

  public var succeeded: Bool { termination == .exited(0) }

  /// Standard output as text; bytes that are not UTF-8 become replacement characters.
  public var text: String { String(decoding: output, as: UTF8.self) }

  /// Standard error as text; bytes that are not UTF-8 become replacement characters.
  public var errorText: String { String(decoding: error, as: UTF8.self) }
}
