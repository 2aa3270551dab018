/// The output of `make -k`, split by unit.
struct MakeLog: Sendable {
  /// By object, the compiler's output below the line that names it ("  CC [M]  drivers/iommu/iommu.o").
  var sections: [String: String] = [:]
  /// The objects whose rule failed.
  var failed: Set<String> = []
  /// Everything else.
  var rest = ""

  init(_ text: String) {
    var current: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let unit = Self.announced(line) {
        current = unit
        sections[unit] = sections[unit] ?? ""
      } else if line.hasPrefix("make") {
        if let unit = Self.failedTarget(line) { failed.insert(unit) }
        if line.contains("***") { rest += line + "\n" }
        current = nil
      } else if let unit = current {
        sections[unit, default: ""] += line + "\n"
      } else if !line.isEmpty {
        rest += line + "\n"
      }
    }
    for (unit, text) in sections { sections[unit] = text == "\n" ? "" : text }
  }

  /// Adds the output of a later make.
  mutating func add(_ later: MakeLog) {
    sections.merge(later.sections) { $1 }
    failed.formUnion(later.failed)
    rest += later.rest
  }

  /// The object that a line like "  CC [M]  drivers/iommu/iommu.o" names.
  private static func announced(_ line: Substring) -> String? {
    guard line.hasPrefix("  "), line.dropFirst(2).first?.isUppercase == true else { return nil }
    var words = line.split(separator: " ")
    if words.count == 3, words[1] == "[M]" { words.remove(at: 1) }
    guard words.count == 2, words[1].hasSuffix(".o"), words[0].allSatisfy({ $0.isUppercase || $0 == "_" }) else {
      return nil
    }
    return TreePaths.normalized(words[1])
  }

  /// The object in "make[5]: *** [path/Makefile.build:289: drivers/iommu/iommu.o] Error 1".
  private static func failedTarget(_ line: Substring) -> String? {
    guard line.contains("*** ["), let end = line.ranges(of: "] Error ").last?.lowerBound,
      let start = line[..<end].ranges(of: ": ").last?.upperBound
    else { return nil }
    let target = line[start..<end]
    return target.hasSuffix(".o") ? TreePaths.normalized(target) : nil
  }
}

/// The errors that `make -k` prints on standard error.
enum MakeErrors {
  /// The error lines except those about an unknown goal and their consequences.
  ///
  /// - Parameter tolerant: whether a goal's prerequisite may be missing. The decompressor's misc.c needs addresses of a
  ///   vmlinux, which a lane never has.
  static func serious(_ text: String, tolerant: Bool = false) -> [String] {
    text.split(separator: "\n").filter { line in
      guard line.contains("***"), !passesOn(line) else { return false }
      let absent = line.contains("No rule to make target")
      return !absent || (!tolerant && line.contains("', needed by '"))
    }.map(String.init)
  }

  /// Whether the line only passes on the failure of a sub-make.
  private static func passesOn(_ line: Substring) -> Bool {
    line.ranges(of: "] Error ").last.map { line[$0.upperBound...].allSatisfy(\.isNumber) } ?? false
  }
}
