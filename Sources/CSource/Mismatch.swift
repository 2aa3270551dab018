public import Diagnostics

/// The source differs from what an edit expects. The caller adds which description expects it.
public struct Mismatch: Error, Hashable, Sendable {
  /// The place in the source, as precisely as it is known; at least the file.
  public var place: Place
  /// What is wrong, such as "has no function 'x'".
  public var message: String
  /// The C text that the edit expects; nil if the message says it all.
  public var expected: String?
  /// The C text found in its place; nil if there is none to compare.
  public var found: String?

  /// Creates a mismatch at a place.
  public init(_ place: Place, _ message: String, expected: String? = nil, found: String? = nil) {
    self.place = place
    self.message = message
    self.expected = expected
    self.found = found
  }
}
