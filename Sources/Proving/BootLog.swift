/// What a boot left on the machine's console.
struct BootLog: Hashable, Sendable, Codable {
  enum Ending: String, Codable {
    /// The first process did all it was asked for, and powered the machine off.
    case finished
    /// The machine ended before that: the kernel panicked.
    case died
    /// It ran past its time and was killed.
    case hung
  }

  var tests: [KtapTest]
  /// By the kernel's function, the lines that say what it warned of: "WARNING: drivers/vfio/…".
  var warnings: [String: String]
  var ending: Ending
  /// The last lines of the console, for who has to find out why.
  var tail: [String]

  /// How many lines of a console are kept.
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

  /// Whether something failed, or did not come to its end.
  var isBad: Bool { ending != .finished || failed > 0 }

  private var failed: Int { tests.count { $0.verdict == .failed } }

  /// A few words for the end of a step.
  var summary: String {
    let passed = "\(tests.count { $0.verdict == .passed }) passed"
    let text = failed == 0 ? passed : "\(passed), \(failed) failed"
    return ending == .finished ? text : "\(ending.rawValue), \(text)"
  }
}

/// A line of a kernel's console.
enum KernelLine {
  /// The line without the time that the kernel prints before it.
  static func withoutTime(_ line: Substring) -> Substring {
    guard line.first == "[", let end = line.firstIndex(of: "]"),
      line[..<end].dropFirst().allSatisfy({ $0 == " " || $0 == "." || $0.isNumber })
    else { return line }
    let rest = line[line.index(after: end)...]
    return rest.hasPrefix(" ") ? rest.dropFirst() : rest
  }

  /// How lines begin that Linux 7.1 prints where something is wrong with itself: lib/bug.c, lib/ubsan.c, kernel/panic.c,
  /// kernel/hung_task.c, kernel/watchdog.c, kernel/rcu/tree_stall.h, kernel/locking/lockdep.c, kernel/dma/debug.c,
  /// arch/x86/kernel/dumpstack.c and arch/x86/mm. KASAN, KFENCE and lockdep begin with BUG or WARNING.
  private static let alarms = [
    "WARNING: ", "BUG: ", "kernel BUG at ", "Oops: ", "Kernel panic - not syncing: ", "UBSAN: ", "INFO: task ",
    "INFO: trying to register ", "watchdog: BUG: ", "rcu: INFO: ", "DMA-API: ", "unchecked MSR access error: ",
  ]

  /// What a line that raises an alarm is about: the function it names, without offsets, which differ from build to
  /// build; else its words. Nil for any other line.
  static func warned(_ line: Substring) -> String? {
    guard let alarm = alarms.first(where: { line.hasPrefix($0) }) else { return nil }
    let words = line.split(separator: " ")
    if let function = words.last(where: { $0.contains("+0x") }) { return String(function.prefix { $0 != "+" }) }
    return alarm + line.dropFirst(alarm.count).prefix { $0 != ":" && !$0.isNumber }
  }
}
