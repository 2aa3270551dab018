/// A mail's subject, taken apart: `[PATCH v2 03/25] iommu: add a callback`.
struct SubjectLine: Hashable {
  var subject = ""
  var number: Int?
  var total: Int?
  var reroll = 1
  /// Whether it answers another mail.
  var isReply = false
  /// Whether its brackets say that the mail is a patch.
  var isPatch = false

  private static let reply = ["re:", "aw:"]
  private static let forward = ["fwd:", "fw:"]

  init(_ text: String) {
    var rest = text.trimmed[...]
    while let prefix = (Self.reply + Self.forward).first(where: { rest.prefix(4).lowercased().hasPrefix($0) }) {
      if Self.reply.contains(prefix) { isReply = true }
      rest = rest.dropFirst(prefix.count).drop(while: \.isWhitespace)
    }
    while rest.hasPrefix("["), let close = rest.firstIndex(of: "]"), readBracket(rest[..<close].dropFirst()) {
      rest = rest[rest.index(after: close)...].drop(while: \.isWhitespace)
      isPatch = true
    }
    subject = String(rest)
  }

  /// Reads the words of a bracket; false if they are not git's but belong to the commit's subject.
  private mutating func readBracket(_ text: Substring) -> Bool {
    var belongs = false
    for word in text.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
      let numbers = word.split(separator: "/", omittingEmptySubsequences: false)
      let upper = word.uppercased()
      if upper.contains("PATCH") || upper.hasPrefix("RFC") || word == "RESEND" {
        belongs = true
        // `[PATCHv2]`
        if let mark = upper.lastIndex(of: "V"), let version = Self.digits(upper[upper.index(after: mark)...]) {
          reroll = version
        }
      } else if numbers.count == 2, let number = Self.digits(numbers[0]), let total = Self.digits(numbers[1]) {
        (self.number, self.total) = (number, total)
        belongs = true
      } else if upper.hasPrefix("V"), let version = Self.digits(word.dropFirst()) {
        reroll = version
      }
    }
    return belongs
  }

  /// A count; no series has more than six digits.
  private static func digits(_ text: Substring) -> Int? {
    text.utf8.count <= 6 && text.utf8.allSatisfy(\.isDigit) ? Int(text) : nil
  }
}
