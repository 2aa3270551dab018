import Foundation

/// Writes scripts that replace a program in a test.
public enum Script {
  /// The script could not be installed.
  public struct NotWritten: Error {
    /// The script's path.
    public var path: String
  }

  /// Writes a script that can be run at once.
  ///
  /// A program cannot run while any process has it open for writing. A child that another test is starting shares our open
  /// files until it calls exec. So a separate program writes the script.
  public static func write(_ text: String, to path: String) throws {
    let draft = path + ".draft"
    try Data(text.utf8).write(to: URL(fileURLWithPath: draft))
    defer { try? FileManager.default.removeItem(atPath: draft) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["install", "-m", "755", draft, path]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw NotWritten(path: path) }
  }
}
