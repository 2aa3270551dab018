/// A mail's subject and the prefixes before it: `Re: [some-list] [PATCH v2 03/25] iommu: add a callback`.
struct SubjectLine: Hashable, Sendable {
  /// The version of a series: `v2`, or `v2.1` for a few patches that replace some of v2.
  struct Version: Hashable, Comparable, CustomStringConvertible {
    var major = 1
    var minor = 0

    var description: String { minor == 0 ? "\(major)" : "\(major).\(minor)" }

    static func < (one: Self, other: Self) -> Bool { (one.major, one.minor) < (other.major, other.minor) }
  }

  var number: Int?
  var total: Int?
  var version = Version()
  /// Whether the mail is a reply.
  var isReply = false
  /// Whether the brackets say that the patch is meant for discussion.
  var isRFC = false
  /// Whether the brackets say that the mail is a patch.
  var isPatch = false
  /// The text after the prefixes.
  var text = ""

  private static let reply = ["re:", "aw:"]
  private static let forward = ["fwd:", "fw:"]

  init(_ subject: String) {
    var rest = subject.trimmed[...]
    while true {
      if let prefix = (Self.reply + Self.forward).first(where: { rest.prefix(4).lowercased().hasPrefix($0) }) {
        if Self.reply.contains(prefix) { isReply = true }
        rest = rest.dropFirst(prefix.count)
      } else if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
        readBracket(rest[..<close].dropFirst())
        rest = rest[rest.index(after: close)...]
      } else {
        break
      }
      rest = rest.drop(while: \.isWhitespace)
    }
    text = String(rest)
  }

  /// Reads the words in brackets. The words of a mailing list's name are ignored.
  private mutating func readBracket(_ text: Substring) {
    var version: Version?
    var isPatch = false
    let words = text.split(whereSeparator: { $0.isWhitespace || $0 == "," })
    for (index, word) in words.enumerated() {
      let upper = word.uppercased()
      // `[PATCH1/2]`, `[PATCHv2]`, `[PATCHv2.1/3]`
      let tag = upper.prefix { $0.isLetter }
      let isTag = tag.contains("PATCH") || upper.hasPrefix("RFC") || word == "RESEND"
      let rest = isTag ? upper.dropFirst(tag.count) : upper[...]
      if isTag {
        isPatch = true
        if upper.hasPrefix("RFC") { isRFC = true }
        if tag.hasSuffix("V") { version = Self.version(rest) ?? version }
      } else if upper.hasPrefix("V") {
        version = Self.version(upper.dropFirst()) ?? version
      }
      let isWritten = index + 2 < words.count && words[index + 1].lowercased() == "of"
      let numbers = isWritten ? [rest, words[index + 2]] : rest.split(separator: "/", omittingEmptySubsequences: false)
      if numbers.count == 2, let number = Self.digits(numbers[0]), let total = Self.digits(numbers[1]) {
        (self.number, self.total) = (number, total)
        isPatch = true
      }
    }
    guard isPatch else { return }
    self.isPatch = true
    self.version = version ?? self.version
  }

  /// `2` or `2.1`.
  private static func version(_ text: Substring) -> Version? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let major = parts.first.flatMap(digits) else { return nil }
    if parts.count == 1 { return Version(major: major) }
    return digits(parts[1]).map { Version(major: major, minor: $0) }
  }

  /// A number of at most six digits; no series needs more.
  private static func digits(_ text: Substring) -> Int? {
    text.utf8.count <= 6 && text.utf8.allSatisfy(\.isDigit) ? Int(text) : nil
  }
}
