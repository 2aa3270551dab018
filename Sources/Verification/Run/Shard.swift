/// A part of a verification that several machines share: the first of three, for example.
///
/// Lanes are dealt out in turn, and so are states for the kernel's scripts. The deal depends on the series and the
/// options, never on the machine. A lane is never divided: its link check needs all of its objects.
public struct Shard: Hashable, Sendable, Codable {
  /// The part's number, one-based.
  public let index: Int
  /// How many parts there are.
  public let count: Int

  /// Parses a shard such as "1/3"; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], (1...max(1, count)).contains(index) else {
      return nil
    }
    (self.index, self.count) = (index, count)
  }

  /// Whether the shard is dealt the item at a zero-based position.
  func has(_ position: Int) -> Bool { position % count == index - 1 }
}

extension Shard: CustomStringConvertible {
  /// The form that `--shard` takes, such as "1/3".
  public var description: String { "\(index)/\(count)" }
}
