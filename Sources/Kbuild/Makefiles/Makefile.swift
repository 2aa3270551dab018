/// One of Kbuild's makefiles as far as it tells which sources it builds, and with which configuration.
///
/// Make is not evaluated here. What depends on variables that the makefile does not set itself is kept by the end of its
/// path, and its meaning is left to Kbuild.
struct Makefile: Sendable {
  /// An object, or a folder, in a list.
  struct Entry: Sendable {
    /// The object without suffix, or the folder with a slash.
    var name: MakefilePath
    /// The composite object it is a part of, as the makefile names it: "iommufd" for `iommufd-y`; nil for `obj-y`.
    var owner: String?
    /// "CONFIG_IOMMUFD", or "!CONFIG_IOMMUFD" for its absence.
    var symbols: [String]
  }

  /// The folder it is in.
  var folder: String
  var includes: [MakefilePath] = []
  var entries: [Entry] = []
  /// Sources and objects of other folders that it names, and those it looks for sources in ("lib/%").
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

/// A path in a makefile, resolved as far as the makefile's own text tells.
struct MakefilePath: Sendable, Hashable {
  /// From the top of the tree when `isWhole`; otherwise the end of the path, after the last variable of unknown value.
  var path: String
  var isWhole: Bool

  /// Whether it may be `other`, a path from the top of the tree.
  func matches(_ other: String) -> Bool {
    isWhole ? other == path : other == path || other.hasSuffix("/" + path)
  }
}
