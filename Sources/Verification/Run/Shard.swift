/// A part of the work of a verification: the first of three, as machines share it.
///
/// Lanes and, for the kernel's scripts, states are dealt out in turn. Which they are depends on the series and on what was
/// asked for, never on the machine. A lane is not divided: what links in it is known from all of its objects.
public struct Shard: Hashable, Sendable, Codable {
  /// One-based.
  public let index: Int
  public let count: Int

  /// - Parameter text: as in "1/3".
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], (1...max(1, count)).contains(index) else {
      return nil
    }
    (self.index, self.count) = (index, count)
  }

  /// Whether the one at a zero-based position of those dealt out is its.
  func has(_ position: Int) -> Bool { position % count == index - 1 }
}

extension Shard: CustomStringConvertible {
  public var description: String { "\(index)/\(count)" }
}
