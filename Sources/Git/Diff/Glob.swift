/// Git's file patterns: `*` and `?` stop at a slash, `**` does not, `[...]` is a set, `\` quotes.
enum Glob {
  static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
    matches(pattern[...], text[...])
  }

  private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
    var pattern = pattern
    var text = text
    while let token = pattern.popFirst() {
      switch token {
      case UInt8(ascii: "*"):
        let crosses = pattern.first == UInt8(ascii: "*")
        pattern = pattern.drop { $0 == UInt8(ascii: "*") }
        if crosses, pattern.first == UInt8(ascii: "/"), matches(pattern.dropFirst(), text) { return true }
        for start in text.startIndex...text.endIndex {
          if matches(pattern, text[start...]) { return true }
          if start < text.endIndex, text[start] == UInt8(ascii: "/"), !crosses { return false }
        }
        return false
      case UInt8(ascii: "?"):
        guard let byte = text.popFirst(), byte != UInt8(ascii: "/") else { return false }
      case UInt8(ascii: "["):
        guard let byte = text.popFirst(), let set = set(&pattern), set.contains(byte), byte != UInt8(ascii: "/")
        else { return false }
      case UInt8(ascii: "\\") where !pattern.isEmpty:
        guard text.popFirst() == pattern.popFirst() else { return false }
      default:
        guard text.popFirst() == token else { return false }
      }
    }
    return text.isEmpty
  }

  /// Reads a set after its `[` up to its `]`; nil if it is never closed.
  private static func set(_ pattern: inout ArraySlice<UInt8>) -> Set<UInt8>? {
    var members: Set<UInt8> = []
    let inverted = pattern.first == UInt8(ascii: "!") || pattern.first == UInt8(ascii: "^")
    if inverted { pattern = pattern.dropFirst() }
    var first = true
    while let byte = pattern.popFirst() {
      if byte == UInt8(ascii: "]"), !first {
        return inverted ? Set(UInt8.min...UInt8.max).subtracting(members) : members
      }
      first = false
      let end = pattern.dropFirst().first
      if pattern.first == UInt8(ascii: "-"), let end, end != UInt8(ascii: "]"), end >= byte {
        members.formUnion(byte...end)
        pattern = pattern.dropFirst(2)
      } else {
        members.insert(byte)
      }
    }
    return nil
  }
}
