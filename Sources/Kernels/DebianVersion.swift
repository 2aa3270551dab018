/// A Debian version, `[epoch:]upstream[-revision]`, ordered as dpkg orders it (deb-version(7)).
struct DebianVersion: Hashable, Sendable, CustomStringConvertible {
  let description: String

  init(_ text: some StringProtocol) {
    description = String(text)
  }

  private var parts: (epoch: Int, upstream: Substring, revision: Substring) {
    var rest = description[...]
    var epoch = 0
    if let colon = rest.firstIndex(of: ":") {
      epoch = Int(rest[..<colon]) ?? 0
      rest = rest[rest.index(after: colon)...]
    }
    guard let dash = rest.lastIndex(of: "-") else { return (epoch, rest, "") }
    return (epoch, rest[..<dash], rest[rest.index(after: dash)...])
  }

  /// The kernel release it packages: "7.1.3-1~bpo13+1" is "7.1.3", "7.2~rc4-1~exp1" is "7.2-rc4".
  var release: String {
    String(parts.upstream.prefix { $0 != "+" }.map { $0 == "~" ? "-" : $0 })
  }
}

extension DebianVersion: Comparable {
  static func < (left: Self, right: Self) -> Bool {
    let (left, right) = (left.parts, right.parts)
    if left.epoch != right.epoch { return left.epoch < right.epoch }
    let order = compare(left.upstream, right.upstream)
    return order != 0 ? order < 0 : compare(left.revision, right.revision) < 0
  }

  /// Negative, zero or positive as `left` sorts before, with or after `right`. Compares alternately the longest runs
  /// without digits, where "~" sorts before the end and letters before all other characters, and the numbers between them.
  private static func compare(_ left: Substring, _ right: Substring) -> Int {
    var left = Array(left.utf8)[...]
    var right = Array(right.utf8)[...]
    while !left.isEmpty || !right.isEmpty {
      while left.first.map(isDigit) == false || right.first.map(isDigit) == false {
        let order = weight(left.first) - weight(right.first)
        if order != 0 { return order }
        left = left.dropFirst()
        right = right.dropFirst()
      }
      let a = number(&left)
      let b = number(&right)
      if a.count != b.count { return a.count - b.count }
      if let (x, y) = zip(a, b).first(where: { $0 != $1 }) { return Int(x) - Int(y) }
    }
    return 0
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func weight(_ byte: UInt8?) -> Int {
    guard let byte, !isDigit(byte) else { return 0 }
    switch byte {
    case UInt8(ascii: "~"): return -1
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): return Int(byte)
    default: return Int(byte) + 256
    }
  }

  /// Removes the digits at the front of `text` and returns them without leading zeros.
  private static func number(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = text.prefix(while: isDigit)
    text = text.dropFirst(digits.count)
    return digits.drop { $0 == UInt8(ascii: "0") }
  }
}
