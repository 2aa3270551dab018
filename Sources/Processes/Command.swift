/// A child process to run: what to execute, with which arguments, where, and with which input.
public struct Command: Sendable, Hashable {
  /// A name looked up on `PATH`, or a path.
  public var executable: String
  public var arguments: [String]
  /// Variables set for the child, over those it inherits.
  public var environment: [String: String]
  /// Whether the child inherits nothing, so that `environment` is all it sees.
  public var clearEnvironment: Bool
  /// The child's working directory; nil for this process's own.
  public var directory: String?
  /// What the child reads on standard input; nil for an empty input.
  public var input: [UInt8]?
  /// What the child is kept in; nil for nothing.
  public var sandbox: Sandbox?

  public init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
    clearEnvironment: Bool = false, directory: String? = nil, input: [UInt8]? = nil, sandbox: Sandbox? = nil
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.clearEnvironment = clearEnvironment
    self.directory = directory
    self.input = input
    self.sandbox = sandbox
  }
}

extension Command: CustomStringConvertible {
  /// The command as a line that can be pasted into a shell, without its environment.
  public var description: String {
    ([executable] + arguments).map(Self.quoted).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "_@%+=:,./-^".utf8.contains(byte)
      }
    }
    return plain && !word.isEmpty ? word : "'" + word.split("'").joined(separator: "'\\''") + "'"
  }
}

extension String {
  fileprivate func split(_ separator: Character) -> [Substring] {
    split(separator: separator, omittingEmptySubsequences: false)
  }
}
