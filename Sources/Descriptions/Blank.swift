/// A value that a draft leaves to fill in: `length: !blank 'how much this maps'`. A series with a blank does not load.
public enum Blank {
  /// The YAML tag that marks a blank.
  public static let tag = "!blank"

  /// A blank as YAML, with a text that says what to fill in.
  public static func yaml(_ what: String) -> String { "\(tag) \(what.quotedForYAML)" }
}

extension String {
  /// The text as a YAML scalar on one line, whatever it holds.
  public var quotedForYAML: String { "'" + replacing("'", with: "''") + "'" }
}
