/// The result of a boot, read from the machine's console.
struct BootLog: Hashable, Sendable, Codable {
  enum Ending: String, Codable {
    /// The first process did everything and powered the machine off.
    case finished
    /// The machine ended before that: the kernel panicked.
    case died
    /// The machine exceeded its time limit and was killed.
    case hung
  }

  var tests: [KtapTest]
  /// The first warning of each kernel function, such as "WARNING: drivers/vfio/…", by the function's name.
  var warnings: [String: String]
  var ending: Ending
  /// The last lines of the console, for debugging.
  var tail: [String]

  /// The number of console lines kept in `tail`.
  private static let tailLength = 40

  init(console: String, timedOut: Bool) {
    let lines = console.split(whereSeparator: \.isNewline).map(KernelLine.withoutTime)
    tests = KtapReader.tests(lines)
    warnings = [:]
    for line in lines {
      guard let function = KernelLine.warned(line) else { continue }
      if warnings[function] == nil { warnings[function] = String(line) }
    }
    ending = timedOut ? .hung : lines.contains("prove: done") ? .finished : .died
    tail = lines.suffix(Self.tailLength).map(String.init)
  }

  /// Whether a test failed, or the machine did not finish.
  var isBad: Bool { ending != .finished || failed > 0 }

  private var failed: Int { tests.count { $0.verdict == .failed } }

  /// A short summary for progress output: "12 passed, 1 failed".
  var summary: String {
    let passed = "\(tests.count { $0.verdict == .passed }) passed"
    let text = failed == 0 ? passed : "\(passed), \(failed) failed"
    return ending == .finished ? text : "\(ending.rawValue), \(text)"
  }
}

/// A line of a kernel's console.
enum KernelLine {
  /// The line without the kernel's timestamp.
  static func withoutTime(_ line: Substring) -> Substring {
    guard line.first == "[", let end = line.firstIndex(of: "]"),
      line[..<end].dropFirst().allSatisfy({ $0 == " " || $0 == "." || $0.isNumber })
    else { return line }
    let rest = line[line.index(after: end)...]
    return rest.hasPrefix(" ") ? rest.dropFirst() : rest
  }

  /// How Linux 7.1 begins the lines that report its own faults: lib/bug.c, lib/ubsan.c, kernel/panic.c,
  /// kernel/hung_task.c, kernel/watchdog.c, kernel/rcu/tree_stall.h, kernel/locking/lockdep.c, kernel/dma/debug.c,
  /// arch/x86/kernel/dumpstack.c and arch/x86/mm. KASAN, KFENCE and lockdep begin with BUG or WARNING.
  private static let alarms = [
    "WARNING: ", "BUG: ", "kernel BUG at ", "Oops: ", "Kernel panic - not syncing: ", "UBSAN: ", "INFO: task ",
    "INFO: trying to register ", "watchdog: BUG: ", "rcu: INFO: ", "DMA-API: ", "unchecked MSR access error: ",
  ]

  /// The subject of an alarm: the function that the line names, without offsets, as they differ between builds; if it
  /// names none, its text up to the first colon or number. Nil if the line is no alarm.
  static func warned(_ line: Substring) -> String? {
    guard let alarm = alarms.first(where: { line.hasPrefix($0) }) else { return nil }
    let words = line.split(separator: " ")
    if let function = words.last(where: { $0.contains("+0x") }) { return String(function.prefix { $0 != "+" }) }
    return alarm + line.dropFirst(alarm.count).prefix { $0 != ":" && !$0.isNumber }
  }
}
