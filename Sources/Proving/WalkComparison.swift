/// Walks to unmap some memory, before a series and after it.
struct WalkComparison: Hashable, Sendable {
  /// The test that counted them; its suite is the path that unmaps: "vfio".
  var test: KtapTest.ID
  var before: WalkCount
  var after: WalkCount

  /// What is worse than before; nil where nothing is.
  var problem: String? {
    let what = "\(test.suite): unmapping \(ByteSize.text(after.bytes)) in leaves of \(ByteSize.text(after.leaf))"
    // Where memory does not go on where the last page ended, VFIO looks that page up again, and the memory of two boots
    // need not lie in as many pieces.
    if after.walks > before.walks + max(0, after.runs - before.runs) {
      return "\(what) takes \(after.walks) walks, \(before.walks) at the base"
    }
    if after.calls.count > max(1, before.calls.count) {
      return "\(what) walks the page table with \(after.calls.count) functions in turn, not with one"
    }
    return nil
  }

  /// Which functions walked how often.
  var notes: [String] {
    [("before", before), ("after", after)].map { name, count in
      let calls = count.calls.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      return "\(name): \(calls.joined(separator: ", ")); the memory lies in \(count.runs) pieces"
    }
  }
}

extension BootLog {
  /// What the tests counted.
  var walks: [(test: KtapTest.ID, count: WalkCount)] {
    tests.flatMap { test in test.lines.compactMap(WalkCount.init(line:)).map { (test.id, $0) } }
  }
}

/// Sizes as people write them.
public enum ByteSize {
  /// "2 MiB"; sizes of page table entries are round.
  public static func text(_ bytes: Int) -> String {
    for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where bytes >= 1 << shift && bytes % (1 << shift) == 0
    {
      return "\(bytes >> shift) \(unit)"
    }
    return "\(bytes) bytes"
  }
}
