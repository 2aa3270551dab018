import Diagnostics

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

/// A phrase with a number in place of the word N: "the memory lies in N pieces".
public struct NumberPhrase: Sendable, Hashable {
  private let start: String
  private let end: String

  /// Splits a phrase at the word N.
  ///
  /// - Returns: nil unless the text contains the word N exactly once.
  public init?(_ text: String) {
    let places = text.ranges(of: #/\bN\b/#)
    guard let place = places.first, places.count == 1 else { return nil }
    start = String(text[..<place.lowerBound])
    end = String(text[place.upperBound...])
  }

  /// The phrase with the number inserted.
  public func text(_ number: Int) -> String { "\(start)\(number)\(end)" }
}

extension Fields {
  func phrase(_ key: String) throws(Failure) -> NumberPhrase {
    let text = try text(key)
    guard let phrase = NumberPhrase(text) else {
      throw Failure(
        .input, at: place(key), "'\(key)' of \(what) must contain the word N once",
        notes: ["that is where the number goes"])
    }
    return phrase
  }

  func phraseIfPresent(_ key: String) throws(Failure) -> NumberPhrase? { has(key) ? try phrase(key) : nil }
}
