import Foundation

/// A program that a test stands in for another one.
public enum Script {
  public struct NotWritten: Error {
    public var path: String
  }

  /// Writes a script that can be run at once.
  ///
  /// A program is busy as long as any process has it open for writing. What we have open, a child that another test is
  /// starting has open too, until it turns into the program that it is to be. So another program writes it.
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
