/// A mail's subject and the prefixes before it: `Re: [some-list] [PATCH v2 03/25] iommu: add a callback`.
struct SubjectLine: Hashable, Sendable {
  var number: Int?
  var total: Int?
  var reroll = 1
  /// Whether the mail is a reply.
  var isReply = false
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
    var version: Int?
    var isPatch = false
    for word in text.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
      let numbers = word.split(separator: "/", omittingEmptySubsequences: false)
      let upper = word.uppercased()
      if upper.contains("PATCH") || upper.hasPrefix("RFC") || word == "RESEND" {
        isPatch = true
        // `[PATCHv2]`
        version = upper.lastIndex(of: "V").flatMap { Self.digits(upper[upper.index(after: $0)...]) } ?? version
      } else if numbers.count == 2, let number = Self.digits(numbers[0]), let total = Self.digits(numbers[1]) {
        (self.number, self.total) = (number, total)
        isPatch = true
      } else if upper.hasPrefix("V") {
        version = Self.digits(word.dropFirst()) ?? version
      }
    }
    guard isPatch else { return }
    self.isPatch = true
    reroll = version ?? reroll
  }

  /// A number of at most six digits; no series needs more.
  private static func digits(_ text: Substring) -> Int? {
    text.utf8.count <= 6 && text.utf8.allSatisfy(\.isDigit) ? Int(text) : nil
  }
}
