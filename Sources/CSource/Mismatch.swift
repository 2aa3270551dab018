public import Diagnostics

/// The source is not as an edit expects it. The caller knows which description wanted it and says so.
public struct Mismatch: Error, Hashable, Sendable {
  /// Where in the source, as near as can be told.
  public var place: Place
  /// "has no function 'x'", "the call 'x' is not here", …
  public var message: String
  /// C text, where both sides can be shown.
  public var expected: String?
  public var found: String?

  public init(_ place: Place, _ message: String, expected: String? = nil, found: String? = nil) {
    self.place = place
    self.message = message
    self.expected = expected
    self.found = found
  }
}
