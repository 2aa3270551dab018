/// The rules for paths in a tree. A series from elsewhere may name any path.
public enum TreePath {
  /// Whether a file or folder of a tree may have this name, that is, whether git would write it to a work tree.
  ///
  /// The rules are those of `verify_path` in git's read-cache.c, with `core.protectNTFS` and `core.protectHFS`: no name
  /// leads out of the tree or, on any file system, into the repository.
  ///
  /// - Parameter isLink: whether it is a link, which may not be called `.gitmodules` either.
  public static func isName(_ name: ArraySlice<UInt8>, isLink: Bool = false) -> Bool {
    guard let first = name.first else { return false }
    if first == 0x2E, name.count == 1 || (name.count == 2 && name.last == 0x2E) { return false }
    var mayBeRepository = first == 0x2E || first | 0x20 == UInt8(ascii: "g")
    for byte in name {
      if byte == 0x2F || byte == 0 { return false }
      if byte == 0x5C || byte >= 0x80 { mayBeRepository = true }
    }
    let reserved = [".git", "git~1"] + (isLink ? [".gitmodules"] + (1...4).map { "gitmod~\($0)" } : [])
    return !mayBeRepository || !name.split(separator: 0x5C).contains { isAnyOf(reserved, $0) }
  }

  /// The reason why no file can have this path, for the end of a message; nil if a file can.
  ///
  /// Stricter than git: a path must be text on one line, since it ends up in messages, lists and makefiles.
  public static func problem(_ path: String, isLink: Bool = false) -> String? {
    if path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "which contains control characters" }
    if path.unicodeScalars.contains("\u{FFFD}") { return "which is not UTF-8" }
    let names = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
    return names.allSatisfy { isName(Array($0)[...], isLink: isLink) } ? nil : "which git refuses to check out"
  }

  /// Whether a symbolic link at `path` stays inside the tree, whatever links its target passes through.
  public static func staysInside(_ target: String, from path: String) -> Bool {
    let steps = target.split(separator: "/").filter { $0 != "." }
    let up = steps.prefix { $0 == ".." }.count
    return !target.hasPrefix("/") && up < path.split(separator: "/").count && !steps.dropFirst(up).contains("..")
  }

  /// Whether a file system may take the name for one of these: NTFS ends a name at a colon, ignores trailing dots and
  /// spaces and has `git~1` as a short name of `.git`; HFS+ ignores some characters; both ignore case.
  private static func isAnyOf(_ reserved: [String], _ name: ArraySlice<UInt8>) -> Bool {
    var bare = name.prefix { $0 != UInt8(ascii: ":") }
    while bare.last == 0x2E || bare.last == 0x20 { bare.removeLast() }
    let seen = String(String.UnicodeScalarView(name.text.unicodeScalars.filter { !isIgnored($0) }))
    return reserved.contains(bare.text.lowercased()) || reserved.contains(seen.lowercased())
  }

  /// Whether HFS+ ignores the character in a name.
  private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: true
    default: false
    }
  }
}

/// Paths as git writes them in patches: in double quotes with C escapes if they contain a control character, a quote,
/// a backslash or a byte outside ASCII (`core.quotePath`).
public enum PathQuoting {
  private static let escapes: [UInt8: Character] = [
    0x07: "a", 0x08: "b", 0x09: "t", 0x0A: "n", 0x0B: "v", 0x0C: "f", 0x0D: "r", 0x22: "\"", 0x5C: "\\",
  ]

  /// `prefix` and `path` as one word, quoted only if necessary.
  public static func quoted(_ path: String, prefix: String = "") -> String {
    let name = prefix + path
    guard name.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F || $0 == 0x22 || $0 == 0x5C }) else { return name }
    var result = "\""
    for byte in name.utf8 {
      if let escape = escapes[byte] {
        result += "\\\(escape)"
      } else if byte < 0x20 || byte >= 0x7F {
        let digits = String(byte, radix: 8)
        result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      } else {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return result + "\""
  }

  /// The quoted path at the start of `text`, and the rest; nil if the quoting is unterminated or malformed.
  static func unquoted(_ text: ArraySlice<UInt8>) -> (path: String, rest: ArraySlice<UInt8>)? {
    var bytes: [UInt8] = []
    var rest = text.dropFirst()
    while let byte = rest.popFirst() {
      if byte == 0x22 { return (bytes.text, rest) }
      guard byte == 0x5C else {
        bytes.append(byte)
        continue
      }
      guard let escaped = rest.first else { return nil }
      if (0x30...0x33).contains(escaped) {
        guard rest.count >= 3, let value = UInt8(rest.prefix(3).text, radix: 8) else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        let letter = Character(Unicode.Scalar(escaped))
        guard let value = escapes.first(where: { $0.value == letter })?.key else { return nil }
        bytes.append(value)
        rest = rest.dropFirst()
      }
    }
    return nil
  }
}
