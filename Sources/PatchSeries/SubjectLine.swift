/// A mail's subject, taken apart: `[PATCH v2 03/25] iommu: add a callback`.
struct SubjectLine {
  var subject = ""
  var number: Int?
  var total: Int?
  var reroll = 1

  init(_ text: String) {
    var rest = text.trimmed[...]
    while rest.lowercased().hasPrefix("re:") || rest.lowercased().hasPrefix("fwd:") {
      rest = rest[rest.index(after: rest.firstIndex(of: ":") ?? rest.startIndex)...].drop(while: \.isWhitespace)
    }
    while rest.hasPrefix("["), let close = rest.firstIndex(of: "]"), readBracket(rest[..<close].dropFirst()) {
      rest = rest[rest.index(after: close)...].drop(while: \.isWhitespace)
    }
    subject = String(rest)
  }

  /// Reads the words of a bracket; false if they are not git's but belong to the commit's subject.
  private mutating func readBracket(_ text: Substring) -> Bool {
    var belongs = false
    for word in text.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
      let numbers = word.split(separator: "/", omittingEmptySubsequences: false)
      if word.uppercased().contains("PATCH") || word == "RFC" || word == "RESEND" {
        belongs = true
      } else if numbers.count == 2, let number = Int(numbers[0]), let total = Int(numbers[1]) {
        (self.number, self.total) = (number, total)
        belongs = true
      } else if word.lowercased().hasPrefix("v"), let version = Int(word.dropFirst()) {
        reroll = version
      }
    }
    return belongs
  }
}
