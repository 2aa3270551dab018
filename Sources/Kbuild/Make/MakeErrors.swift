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
