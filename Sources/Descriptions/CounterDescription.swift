/// What tests count at the base of a series and at its tip, where it may not be more.
///
/// A test prints lines such as "# walks: bytes=4096 leaf=4096 runs=1 microseconds=8 some_function=1" above its result. A
/// number that the description does not name is a count, under the name of what counted. Their sum is what is compared.
public struct CounterDescription: Sendable, Hashable {
  /// Its key in the report for programs: "walks".
  public var name: String
  /// What the lines begin with that carry it: "# walks:".
  public var line: String
  /// What it is, as a title, and in the few words that a table has room for.
  public var title: String
  public var table: String
  /// What follows a count: "walks".
  public var unit: String
  /// What a count is of, before what was measured: "unmapping" (2 MiB takes 512 walks).
  public var activity: String
  /// What whoever reads the numbers has to know besides.
  public var note: String?
  /// The key of the test's suite in the report for programs.
  public var suite: String
  /// The numbers of a line that say what was measured.
  public var dimensions: [Dimension]
  /// The number by whose growth a count may grow.
  public var slack: Slack?
  /// What is said where more than one counted, which is one too many unless as many did at the base; nil where any
  /// number may.
  public var doubled: NumberPhrase?
  /// Numbers that are shown and not compared.
  public var besides: [Beside]

  public struct Dimension: Sendable, Hashable {
    public var name: String
    /// Whether it is a number of bytes, which people read in KiB, MiB and GiB.
    public var isSize: Bool
    /// What stands before it in a sentence.
    public var words: String?
    /// What stands above it in a table.
    public var column: String
  }

  public struct Slack: Sendable, Hashable {
    public var name: String
    public var words: NumberPhrase
  }

  public struct Beside: Sendable, Hashable {
    public var name: String
    public var unit: String
  }
}

extension CounterDescription {
  /// What was measured, in words for each dimension: "2 MiB", "in leaves of 4 KiB".
  ///
  /// - Parameter values: a number a dimension.
  public func words(for values: [Int]) -> [String] {
    zip(dimensions, values).map { ($0.words.map { "\($0) " } ?? "") + $0.text($1) }
  }
}

extension CounterDescription.Dimension {
  /// The number as people write it: "2 MiB".
  public func text(_ number: Int) -> String {
    guard isSize else { return "\(number)" }
    for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)]
    where number >= 1 << shift && number % (1 << shift) == 0 {
      return "\(number >> shift) \(unit)"
    }
    return "\(number) bytes"
  }
}
