/// A child process to run: its executable, arguments, environment, directory and input.
public struct Command: Sendable, Hashable {
  /// A name looked up on `PATH`, or a path.
  public var executable: String
  /// The arguments after the name of the program.
  public var arguments: [String]
  /// Variables to set for the child, in addition to or instead of inherited ones.
  public var environment: [String: String]
  /// Whether the child inherits no variables and sees only `environment`.
  public var clearEnvironment: Bool
  /// The path of the child's working directory; nil for that of this process.
  public var directory: String?
  /// The child's standard input; nil for an empty one.
  public var input: [UInt8]?
  /// The sandbox that contains the child; nil for none.
  public var sandbox: Sandbox?

  /// Describes a child without starting it; `run` does that.
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
  /// The command line, quoted for a shell, without the environment.
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
