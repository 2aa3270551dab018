/// Which paths a file of a tree may have. A series from elsewhere may name any.
public enum TreePath {
  /// Whether a file or folder of a tree may have this name: whether git would write it to a work tree.
  ///
  /// The rules are those of `verify_path` in git's read-cache.c, with `core.protectNTFS` and `core.protectHFS`: no name
  /// leads out of the tree or, on any file system, into the repository.
  public static func isName(_ name: ArraySlice<UInt8>) -> Bool {
    guard let first = name.first else { return false }
    if first == 0x2E, name.count == 1 || (name.count == 2 && name.last == 0x2E) { return false }
    var mayBeRepository = first == 0x2E || first | 0x20 == UInt8(ascii: "g")
    for byte in name {
      if byte == 0x2F || byte == 0 { return false }
      if byte == 0x5C || byte >= 0x80 { mayBeRepository = true }
    }
    return !mayBeRepository || !name.split(separator: 0x5C).contains(where: isRepository)
  }

  /// Why no file can have this path, nil if one can.
  ///
  /// Stricter than git in that a path is text and fits on a line: it gets into messages, lists and makefiles.
  public static func problem(_ path: String) -> String? {
    if path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "which has control characters in it" }
    if path.unicodeScalars.contains("\u{FFFD}") { return "which is not UTF-8" }
    let names = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
    return names.allSatisfy { isName(Array($0)[...]) } ? nil : "which git writes to no work tree"
  }

  /// Whether a symbolic link at `path` stays in the tree, whatever links its target leads through.
  public static func staysInside(_ target: String, from path: String) -> Bool {
    let steps = target.split(separator: "/").filter { $0 != "." }
    let up = steps.prefix { $0 == ".." }.count
    return !target.hasPrefix("/") && up < path.split(separator: "/").count && !steps.dropFirst(up).contains("..")
  }

  /// Whether a file system may take the name for `.git`: NTFS ends it at a colon, ignores dots and spaces at its end and
  /// knows it as `git~1`, HFS+ ignores some characters, and both ignore case.
  private static func isRepository(_ name: ArraySlice<UInt8>) -> Bool {
    var bare = name.prefix { $0 != UInt8(ascii: ":") }
    while bare.last == 0x2E || bare.last == 0x20 { bare.removeLast() }
    return ["git~1", ".git"].contains(bare.text.lowercased())
      || String(String.UnicodeScalarView(name.text.unicodeScalars.filter { !isIgnored($0) })).lowercased() == ".git"
  }

  /// The characters HFS+ leaves out of a name.
  private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: true
    default: false
    }
  }
}
