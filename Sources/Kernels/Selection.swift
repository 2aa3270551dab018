/// Which of the versions a package archive holds is the one to take.
enum Selection {
  /// The versions of the source package `linux` in the output of `apt-cache showsrc`, without repetitions, newest first.
  static func versions(showsrc text: String) -> [DebianVersion] {
    var found: Set<DebianVersion> = []
    for paragraph in text.split(separator: "\n\n") {
      var package: Substring?
      var version: Substring?
      for line in paragraph.split(separator: "\n") {
        if line.hasPrefix("Package: ") { package = line.dropFirst(9) }
        if line.hasPrefix("Version: ") { version = line.dropFirst(9) }
      }
      if package == "linux", let version { found.insert(DebianVersion(version)) }
    }
    return found.sorted(by: >)
  }

  /// Those of `versions` whose release is `wanted` or begins with it ("7.2" takes 7.2.13, not 7.20), newest first, one a
  /// release.
  ///
  /// A release candidate is taken only when it is asked for by its full name.
  static func matching(_ wanted: String, of versions: [DebianVersion]) -> [DebianVersion] {
    var seen: Set<String> = []
    return versions.sorted(by: >).filter { version in
      let release = version.release
      guard release == wanted || (release.hasPrefix(wanted + ".") && !release.contains("-")) else { return false }
      return seen.insert(release).inserted
    }
  }

  /// What stands in for `wanted` when it is gone: its own line ("7.1" for 7.1.3), then the next, each newest first.
  static func fallbacks(_ wanted: String, of versions: [DebianVersion]) -> [DebianVersion] {
    let numbers = wanted.split(separator: ".").compactMap { Int($0) }
    guard numbers.count >= 2 else { return [] }
    return matching("\(numbers[0]).\(numbers[1])", of: versions)
      + matching("\(numbers[0]).\(numbers[1] + 1)", of: versions)
  }

  /// The releases in `versions`, newest first, without repetitions.
  static func releases(_ versions: [DebianVersion]) -> [String] {
    var seen: Set<String> = []
    return versions.sorted(by: >).map(\.release).filter { seen.insert($0).inserted }
  }
}
