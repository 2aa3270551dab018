/// What Kbuild itself says belongs to a configuration.
///
/// Asked for `foo.o`, Kbuild compiles `foo.c` whether the configuration has it or not. What it would build is in the
/// variables of its own makefiles, once it has descended to the folder. So each folder is asked for a goal that only the
/// makefile here knows, which reaches every sub-make through `MAKEFILES` and prints them. A folder the configuration does
/// not descend into has no rule for the goal.
enum UnitList {
  private static let mark = "seriesmith-units"

  /// The makefile to read before Kbuild's own. Recipes are expanded late, when the variables are final.
  static let makefile = """
    ifneq ($(obj),)
    $(obj)/\(mark).o:
    \t@:$(info \(mark) $(obj): $(real-obj-y) $(real-obj-m) $(lib-y) $(always-y))
    endif

    """

  static func goal(_ folder: String) -> String { "\(folder)/\(mark).o" }

  /// The units of each folder in what make printed, as paths in the build folder.
  static func parse(_ output: String) -> [String: Set<String>] {
    var result: [String: Set<String>] = [:]
    for line in output.split(separator: "\n") where line.hasPrefix(mark + " ") {
      let parts = line.dropFirst(mark.count + 1).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      let units = parts[1].split(separator: " ").filter { $0.hasSuffix(".o") }.map { TreePaths.normalized($0) }
      result[String(parts[0]), default: []].formUnion(units)
    }
    return result
  }

  /// The lines of make's errors that are not just the absence of a goal.
  static func realErrors(_ text: String) -> [String] {
    text.split(separator: "\n").filter { line in
      guard line.contains("***") else { return false }
      let absent = line.contains("No rule to make target") && line.contains("/\(mark).o'")
      let followed = line.range(ofFollowUp: "] Error ")
      return !absent && !followed
    }.map(String.init)
  }

  /// The folder of `unit` and those above it, which may list the unit by a path.
  static func folders(above unit: String) -> [String] {
    var folders: [String] = []
    var rest = unit[...]
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      folders.append(String(rest))
    }
    return folders
  }
}

extension Substring {
  /// Whether make only passes on the failure of a sub-make here.
  fileprivate func range(ofFollowUp mark: String) -> Bool {
    ranges(of: mark).last.map { self[$0.upperBound...].allSatisfy(\.isNumber) } ?? false
  }
}
