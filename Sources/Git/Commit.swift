public import PatchSeries

/// A commit, as plain values.
public struct Commit: Hashable, Sendable {
  public var id: ObjectID
  public var tree: ObjectID
  public var parents: [ObjectID]
  public var author: Signature
  public var committer: Signature
  /// The message as it is stored, subject first.
  public var message: String

  /// The message's first paragraph as one line.
  public var subject: String {
    paragraphs.subject.map(Self.withoutTrailingSpace).joined(separator: " ")
  }

  /// The message below its first paragraph, without empty lines around it.
  public var body: String {
    String(Self.withoutTrailingSpace(paragraphs.body.joined(separator: "\n")[...]))
  }

  private var paragraphs: (subject: ArraySlice<Substring>, body: ArraySlice<Substring>) {
    func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }
    let lines = message.split(separator: "\n" as Character, omittingEmptySubsequences: false)
    let text = lines.drop(while: isBlank)
    let subject = text.prefix { !isBlank($0) }
    return (subject, text.dropFirst(subject.count).drop(while: isBlank))
  }

  private static func withoutTrailingSpace(_ text: Substring) -> Substring {
    var text = text
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
