/// Selects versions from those in a package archive.
enum Selection {
  /// The distinct versions of the source package `linux` in the output of `apt-cache showsrc`, newest first.
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

  /// The versions whose release equals `wanted` or begins with it ("7.2" matches 7.2.13, not 7.20), newest first, one per
  /// release.
  ///
  /// A release candidate matches only its full name.
  static func matching(_ wanted: String, of versions: [DebianVersion]) -> [DebianVersion] {
    var seen: Set<String> = []
    return versions.sorted(by: >).filter { version in
      let release = version.release
      guard release == wanted || (release.hasPrefix(wanted + ".") && !release.contains("-")) else { return false }
      return seen.insert(release).inserted
    }
  }

  /// The fallbacks when `wanted` is gone: the versions of its own line ("7.1" for 7.1.3), then of the next line, each
  /// newest first.
  static func fallbacks(_ wanted: String, of versions: [DebianVersion]) -> [DebianVersion] {
    let numbers = wanted.split(separator: ".").compactMap { Int($0) }
    guard numbers.count >= 2 else { return [] }
    return matching("\(numbers[0]).\(numbers[1])", of: versions)
      + matching("\(numbers[0]).\(numbers[1] + 1)", of: versions)
  }

  /// The distinct releases of `versions`, newest first.
  static func releases(_ versions: [DebianVersion]) -> [String] {
    var seen: Set<String> = []
    return versions.sorted(by: >).map(\.release).filter { seen.insert($0).inserted }
  }
}
