import Descriptions
import Diagnostics
import Foundation
import Testing

@Suite struct AcceptanceLoaderTests {
  private static let text = """
    accepted:
      - check: style
        file: a.h
        message: "line length of 103 exceeds 100 columns"
        why: A table reads better so.

    """

  private func load(_ text: String) throws -> [AcceptanceDescription] {
    let file = NSTemporaryDirectory() + "accepted-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    return try AcceptanceLoader.load(file, checks: ["structure", "style"])
  }

  @Test func loadsWhatIsAcceptedAndWhy() throws {
    let accepted = try load(Self.text)
    #expect(accepted.map(\.check) == ["style"])
    #expect(accepted.map(\.file) == ["a.h"])
    #expect(accepted.map(\.message) == ["line length of 103 exceeds 100 columns"])
    #expect(accepted.map(\.why) == ["A table reads better so."])
  }

  @Test(arguments: [
    ("check: style", "check: compile", "a finding of 'compile' cannot be accepted"),
    ("why: A table reads better so.", "why: ' '", "an accepted finding needs a reason"),
    ("        why: A table reads better so.\n", "", "an entry of 'accepted' lacks the key 'why'"),
    ("file: a.h", "path: a.h", "unknown key 'path' in an entry of 'accepted'"),
  ])
  func refuses(_ old: String, _ new: String, _ message: String) throws {
    let old = old.hasPrefix(" ") ? String(old.dropFirst(4)) : old
    let text = Self.text.replacingOccurrences(of: old, with: new)
    try #require(text != Self.text)
    let failure = #expect(throws: Failure.self) { try load(text) }
    #expect(failure?.findings.map(\.message) == [message])
  }
}
