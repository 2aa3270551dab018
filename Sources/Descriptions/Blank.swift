/// What a draft leaves to fill in: `length: !blank 'how much this maps'`. No series with one can be loaded.
public enum Blank {
  public static let tag = "!blank"

  /// A blank as YAML.
  public static func yaml(_ what: String) -> String { "\(tag) \(what.quotedForYAML)" }
}

extension String {
  /// The text as a YAML scalar on one line, whatever it holds.
  public var quotedForYAML: String { "'" + replacing("'", with: "''") + "'" }
}
