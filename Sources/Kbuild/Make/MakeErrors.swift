/// What `make -k` complains about on standard error.
enum MakeErrors {
  /// The lines that are more than the absence of a goal and what follows from it.
  ///
  /// - Parameter tolerant: whether a goal may need something that cannot be made, such as the decompressor's misc.c, which
  ///   reads addresses of a vmlinux that a lane never has.
  static func serious(_ text: String, tolerant: Bool = false) -> [String] {
    text.split(separator: "\n").filter { line in
      guard line.contains("***"), !passesOn(line) else { return false }
      let absent = line.contains("No rule to make target")
      return !absent || (!tolerant && line.contains("', needed by '"))
    }.map(String.init)
  }

  /// Whether make only passes on the failure of a sub-make here.
  private static func passesOn(_ line: Substring) -> Bool {
    line.ranges(of: "] Error ").last.map { line[$0.upperBound...].allSatisfy(\.isNumber) } ?? false
  }
}
