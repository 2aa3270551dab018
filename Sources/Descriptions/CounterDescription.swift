/// A count that tests make at the base of a series and at its tip, where it must not be higher.
///
/// A test prints lines such as "# walks: bytes=4096 leaf=4096 leaves=1 instructions=812 some_function=1" above its
/// result. Each number that the description does not name is a count, labelled by what counted. Their sums are compared.
public struct CounterDescription: Sendable, Hashable {
  /// The counter's key in the JSON report: "walks".
  public var name: String
  /// The prefix of the lines that carry it: "# walks:".
  public var line: String
  /// The heading above its numbers.
  public var title: String
  /// The heading of a table's first column: the title in a few words.
  public var table: String
  /// The word after a count: "walks".
  public var unit: String
  /// The activity that is counted, in a sentence before the dimensions: "unmapping" (2 MiB takes 512 walks).
  public var activity: String
  /// An explanation for readers of the numbers.
  public var note: String?
  /// The key of the test's suite in the JSON report.
  public var suite: String
  /// The numbers in a line that say what was measured.
  public var dimensions: [Dimension]
  /// The number that the counts may not exceed once a series changes them.
  public var bound: Bound?
  /// What differs from boot to boot, and the counts with it: by as much as this number does.
  public var slack: Bound?
  /// The words for N parts that count, where that is more than one and more than at the base; nil if any number may.
  public var doubled: NumberPhrase?
  /// Numbers that are shown beside the count.
  public var besides: [Beside]

  /// A number that says what was measured.
  public struct Dimension: Sendable, Hashable {
    /// The number's name in the line: "bytes".
    public var name: String
    /// Whether it is a number of bytes, which is shown in KiB, MiB or GiB.
    public var isSize: Bool
    /// The words before it in a sentence: "in leaves of".
    public var words: String?
    /// The heading of its column in a table.
    public var column: String
  }

  /// A number that the count depends on.
  public struct Bound: Sendable, Hashable {
    /// The number's name in the line: "leaves".
    public var name: String
    /// The words for the number: "the number of leaves is N".
    public var words: NumberPhrase
  }

  /// A number that is shown beside the count.
  public struct Beside: Sendable, Hashable {
    /// The number's name in the line: "instructions".
    public var name: String
    /// The unit in the table's headings: "instructions".
    public var unit: String
    /// By how many percent it may grow from the base to the last state; nil if it is not compared.
    public var growth: Int?
  }
}

extension CounterDescription {
  /// The values of the dimensions in words: "2 MiB", "in leaves of 4 KiB".
  ///
  /// - Parameter values: one number for each dimension.
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
