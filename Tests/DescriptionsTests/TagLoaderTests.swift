import Descriptions
import Diagnostics
import Foundation
import Testing

@Suite struct TagLoaderTests {
  private static let text = """
    tags:
      - {version: 1, patch: 'ops: add fetch', tag: 'Reviewed-by: R E Viewer <r@example.com>'}
      - {version: 2, tag: 'Tested-by: T <t@example.com> # on a board'}

    """

  private func load(_ text: String) throws -> [RecordedTag] {
    let folder = NSTemporaryDirectory() + "tags-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "series: s\nauthor: {name: A, email: a@example.com}\npatches: []\n".write(
      toFile: folder + "/series.yaml", atomically: true, encoding: .utf8)
    try text.write(toFile: folder + "/tags.yaml", atomically: true, encoding: .utf8)
    return try SeriesLoader.load(folder).tags
  }

  @Test func loadsTagsAndWhatTheyWereGivenTo() throws {
    let tags = try load(Self.text)
    #expect(tags.map(\.version) == [1, 2])
    #expect(tags.map(\.subject) == ["ops: add fetch", nil])
    #expect(
      tags.map(\.trailer) == ["Reviewed-by: R E Viewer <r@example.com>", "Tested-by: T <t@example.com> # on a board"])
    #expect(tags.map(\.place.line) == [2, 3])
  }

  @Test(arguments: [
    (
      "Tested-by: T", "Signed-off-by: T",
      "'Signed-off-by: T <t@example.com> # on a board' is not a tag that a reviewer gives"
    ),
    ("<r@example.com>", "", "'Reviewed-by: R E Viewer ' is not a tag that a reviewer gives"),
    ("version: 1, ", "", "an entry of 'tags' lacks the key 'version'"),
    ("version: 1", "version: v1", "'version' of an entry of 'tags' must be a number above 0, not 'v1'"),
    ("patch:", "subject:", "unknown key 'subject' in an entry of 'tags'"),
  ])
  func refuses(_ old: String, _ new: String, _ message: String) throws {
    let text = Self.text.replacing(old, with: new)
    try #require(text != Self.text)
    let failure = #expect(throws: Failure.self) { try load(text) }
    #expect(failure?.findings.map(\.message) == [message])
  }
}
