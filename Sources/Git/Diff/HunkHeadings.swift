import Glibc
import PatchSeries
import Support

/// Finds the text git puts after a hunk's `@@ … @@`: the last line above the hunk that starts a function.
///
/// libgit2 finds those lines by the machine's configuration and work tree, and with patterns other than git's. The
/// patterns here are git's (userdiff.c), matched by the same regular expression library.
struct HunkHeadings: Sendable {
  /// The length in bytes at which git's xdiff cuts a heading.
  private static let limit = 80

  private struct Pattern: Sendable {
    var expression: Expression
    /// Whether a matching line is not a heading, even if a later pattern matches.
    var rejects: Bool
  }

  /// The patterns of `diff=<driver>` for the drivers that kernel trees name. The first one that matches decides.
  private static let sources: [String: [String]] = [
    "cpp": [
      #"!^[ \#t]*[A-Za-z_][A-Za-z_0-9]*:[[:space:]]*($|/[/*])"#,
      #"^((::[[:space:]]*)?[A-Za-z_].*)$"#,
    ],
    "dts": [
      "!;",
      "!=",
      #"^[ \#t]*((/[ \#t]*\{|&?[a-zA-Z_]).*)"#,
    ],
    "rust": [
      #"^[\#t ]*((pub(\([^\)]+\))?[\#t ]+)?((async|const|unsafe|extern([\#t ]+"[^"]+"))[\#t ]+)?"#
        + #"(struct|enum|union|mod|trait|fn|impl|macro_rules!)[< \#t]+[^;]*)$"#
    ],
    "python": [#"^[ \#t]*((class|(async[ \#t]+)?def)[ \#t].*)$"#],
  ]

  /// Whether the driver has patterns here. Any other driver is treated as none.
  static func knows(_ driver: String) -> Bool {
    sources[driver] != nil
  }

  private let patterns: [Pattern]?

  /// - Parameter driver: the value of the `diff` attribute. Without a known driver, any line that starts with a letter, `_`
  ///   or `$` is a heading, as in git.
  init(driver: String?) {
    patterns = driver.flatMap { Self.sources[$0] }?.map {
      let rejects = $0.hasPrefix("!")
      return Pattern(expression: Expression(rejects ? String($0.dropFirst()) : $0), rejects: rejects)
    }
  }

  /// The heading of a hunk whose first old line has the zero-based `index`; nil if no line above it is a heading.
  func heading(above index: Int, in lines: Lines) -> [UInt8]? {
    var index = min(index, lines.count) - 1
    while index >= 0 {
      if let heading = heading(from: lines[index]) { return heading }
      index -= 1
    }
    return nil
  }

  private func heading(from line: ArraySlice<UInt8>) -> [UInt8]? {
    guard let patterns else {
      guard let first = line.first, Self.isLetter(first) || first == 0x5F || first == 0x24 else { return nil }
      return Self.cut(line)
    }
    let text = line.last == 0x0A ? line.dropLast() : line
    for pattern in patterns {
      if let match = pattern.expression.match(text) { return pattern.rejects ? nil : Self.cut(match) }
    }
    return nil
  }

  private static func cut(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var text = text.prefix(limit)
    while let last = text.last, last == 0x20 || (0x09...0x0D).contains(last) { text.removeLast() }
    return Array(text.prefix(validPrefix(text)))
  }

  /// The length of the valid UTF-8 prefix: git prints a heading only up to the first cut or non-UTF-8 character.
  private static func validPrefix(_ text: ArraySlice<UInt8>) -> Int {
    var decoder = Unicode.UTF8()
    var bytes = text.makeIterator()
    var count = 0
    while case .scalarValue(let scalar) = decoder.decode(&bytes) { count += Unicode.UTF8.width(scalar) }
    return count
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}

/// A POSIX extended regular expression.
///
/// Sendable, since it never changes after it is compiled and POSIX requires `regexec` to be thread-safe.
private final class Expression: @unchecked Sendable {
  private var compiled = regex_t()
  private let usable: Bool

  init(_ pattern: String) {
    usable = regcomp(&compiled, pattern, REG_EXTENDED) == 0
  }

  deinit {
    if usable { regfree(&compiled) }
  }

  /// The first group of a match, or the whole match if that group is not set.
  func match(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard usable else { return nil }
    var groups = [regmatch_t](repeating: regmatch_t(), count: 2)
    groups[0].rm_eo = regoff_t(line.count)
    let isMatch = line.withUnsafeBytes { bytes in
      // As in git, a zero byte does not end the line.
      bytes.bindMemory(to: CChar.self).baseAddress
        .map { regexec(&compiled, $0, groups.count, &groups, REG_STARTEND) == 0 } ?? false
    }
    guard isMatch else { return nil }
    let group = groups[1].rm_so >= 0 ? groups[1] : groups[0]
    return line[line.startIndex + Int(group.rm_so)..<line.startIndex + Int(group.rm_eo)]
  }
}
