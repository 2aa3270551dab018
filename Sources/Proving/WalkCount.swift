/// How often page tables were walked to unmap memory once: what a line of the machine's first process says.
///
/// Such a line is "# walks: bytes=2097152 leaf=2097152 runs=1 microseconds=812 some_function=512".
public struct WalkCount: Hashable, Sendable, Codable {
  /// How much was unmapped.
  public var bytes: Int
  /// The largest page table entry that can map a part of it, in bytes.
  public var leaf: Int
  /// The number of pieces of the memory that are physically contiguous.
  public var runs: Int
  public var microseconds: Int
  /// By function that walks a page table, its calls.
  public var calls: [String: Int]

  public init(bytes: Int, leaf: Int, runs: Int, microseconds: Int, calls: [String: Int]) {
    self.bytes = bytes
    self.leaf = leaf
    self.runs = runs
    self.microseconds = microseconds
    self.calls = calls
  }

  /// - Returns: nil when the line says something else.
  init?(line: some StringProtocol) {
    let start = "# walks: "
    guard line.hasPrefix(start) else { return nil }
    var numbers: [String: Int] = [:]
    for word in line.dropFirst(start.count).split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let number = Int(parts[1]) else { return nil }
      numbers[String(parts[0])] = number
    }
    guard let bytes = numbers.removeValue(forKey: "bytes"), let leaf = numbers.removeValue(forKey: "leaf"),
      let runs = numbers.removeValue(forKey: "runs"), let time = numbers.removeValue(forKey: "microseconds")
    else { return nil }
    self.init(bytes: bytes, leaf: leaf, runs: runs, microseconds: time, calls: numbers)
  }

  /// The walks of all functions together.
  public var walks: Int { calls.values.reduce(0, +) }
}
