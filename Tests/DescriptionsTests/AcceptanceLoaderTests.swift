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

  @Test func loadsUncheckedFilesWithTheirReason() throws {
    let accepted = try load("unchecked:\n  - file: tools/a.c\n    why: Built by hand.\n" + Self.text)
    #expect(accepted.map(\.check) == ["style", nil])
    #expect(accepted.map(\.file) == ["a.h", "tools/a.c"])
    let failure = #expect(throws: Failure.self) { try load("unchecked:\n  - file: tools/a.c\n    why: ' '\n") }
    #expect(failure?.findings.map(\.message) == ["an accepted finding needs a reason"])
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

  /// Each level doubles the size, as a value or as a key; Yams compares all keys.
  @Test(arguments: ["[*a, *a]", "{? [*a, *a] : x}"])
  func refusesAliasesBeforeTheyGrow(value: String) throws {
    let levels = (0..<60).map { _ in "  - &a \(value)\n" }.joined()
    let failure = #expect(throws: Failure.self) { try load("accepted:\n  - &a x\n" + levels) }
    #expect(failure?.findings.map(\.message) == ["anchors and aliases are not supported"])
    #expect(failure?.findings.first?.place?.line == 2)
    #expect(failure?.findings.first?.place?.column == 5)
  }

  @Test(arguments: ["[&a x,*a]", "{\"a\":&a x,\"b\":*a}", "{? &a x:*a}", "[!!str &a-1 x,\t*a-1]", "&unused x"])
  func refusesAnchorsWhereverTheyStand(value: String) throws {
    let failure = #expect(throws: Failure.self) { try load("accepted: \(value)\n") }
    #expect(failure?.findings.map(\.message) == ["anchors and aliases are not supported"])
  }

  @Test func ampersandsInTextAreText() throws {
    let text = Self.text.replacingOccurrences(of: "A table", with: "A & B, &c in a table")
    #expect(try load(text).map(\.why) == ["A & B, &c in a table reads better so."])
  }

  @Test func boundsNestingAndSize() throws {
    for open in ["[", "{a: ", "- ", "? "] {
      #expect(throws: Failure.self) { try load("accepted: " + String(repeating: open, count: 100_000)) }
      #expect(throws: Failure.self) { try load("accepted:\n  " + String(repeating: open, count: 900) + "x") }
    }
    let failure = #expect(throws: Failure.self) { try AcceptanceLoader.load("/dev/zero", checks: []) }
    #expect(failure?.findings.map(\.message) == ["is larger than 16 MiB"])
  }
}
