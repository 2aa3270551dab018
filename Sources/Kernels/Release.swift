import Diagnostics

/// The version in a kernel's top-level Makefile.
public enum Release {
  /// The release that `makefile` declares, as `make kernelversion` prints it; nil for any other Makefile.
  public static func of(makefile: String) -> String? {
    var values: [Substring: Substring] = [:]
    for line in makefile.split(separator: "\n", maxSplits: 20).prefix(20) {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      values[trimmed(parts[0])] = trimmed(parts[1])
    }
    guard let version = values["VERSION"], let level = values["PATCHLEVEL"], let extra = values["EXTRAVERSION"],
      !version.isEmpty, !level.isEmpty, version.allSatisfy(\.isNumber), level.allSatisfy(\.isNumber)
    else { return nil }
    let sublevel = values["SUBLEVEL"] ?? ""
    return "\(version).\(level)" + (sublevel.isEmpty ? "" : ".\(sublevel)") + extra
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
