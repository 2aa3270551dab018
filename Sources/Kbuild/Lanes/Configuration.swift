/// A kernel's `.config`.
public struct Configuration: Sendable {
  private let lines: Set<Substring>
  private let symbols: Set<Substring>

  /// Reads the text of a `.config`.
  public init(_ text: String) {
    let set = text.split(separator: "\n").filter { $0.hasPrefix("CONFIG_") }
    lines = Set(set)
    symbols = Set(set.map { $0.prefix { $0 != "=" } })
  }

  /// The symbols whose values differ: "CONFIG_IOMMU_API".
  public func differences(from other: Self) -> [String] {
    Set(lines.symmetricDifference(other.lines).map { String($0.prefix { $0 != "=" }) }).sorted()
  }

  /// Whether `line` of a fragment holds. "CONFIG_X=n" and "# CONFIG_X is not set" hold if X is unset or unknown.
  func holds(_ line: String) -> Bool {
    if line.hasPrefix("# CONFIG_") { return !symbols.contains(line.dropFirst(2).prefix { $0 != " " }) }
    if line.hasSuffix("=n") { return !symbols.contains(line.dropLast(2)) }
    return lines.contains(line[...])
  }

  /// The configuration's own line for the symbol of `line`, for messages.
  func actual(_ line: String) -> String {
    let symbol = (line.hasPrefix("# ") ? line.dropFirst(2) : line[...]).prefix { $0 != "=" && $0 != " " }
    return lines.first { $0.hasPrefix(symbol + "=") }.map(String.init) ?? "\(symbol) is not set"
  }
}
