/// The sources that one of Kbuild's makefiles builds, and the configuration symbols each of them needs.
///
/// Nothing evaluates the makefile. A path that depends on a variable set elsewhere keeps only its end; Kbuild knows what
/// it means.
struct Makefile: Sendable {
  /// An object or a folder in a list such as `obj-y`.
  struct Entry: Sendable {
    /// The object without its suffix, or the folder with a trailing slash.
    var name: MakefilePath
    /// The composite object it is part of, as the makefile names it: "iommufd" for `iommufd-y`; nil for `obj-y`.
    var owner: String?
    /// The symbols it needs: "CONFIG_IOMMUFD", or "!CONFIG_IOMMUFD" if it must be unset.
    var symbols: [String]
  }

  /// The makefile's folder, from the top of the tree.
  var folder: String
  var includes: [MakefilePath] = []
  var entries: [Entry] = []
  /// Sources and objects of other folders that the makefile names, and folders it searches for sources ("lib/%").
  var strangers: [MakefilePath] = []

  init(path: String, text: [UInt8]) {
    folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    var reader = MakefileReader(folder: folder)
    for line in MakefileReader.logicalLines(text) { reader.read(line) }
    includes = reader.includes
    entries = reader.entries
    strangers = reader.strangers
  }
}

/// A path in a makefile, resolved as far as the makefile's own text allows.
struct MakefilePath: Sendable, Hashable {
  /// The path from the top of the tree if `isWhole`, otherwise its end after the last variable of unknown value.
  var path: String
  var isWhole: Bool

  /// Whether the path may be `other`, a path from the top of the tree.
  func matches(_ other: String) -> Bool {
    isWhole ? other == path : other == path || other.hasSuffix("/" + path)
  }
}
