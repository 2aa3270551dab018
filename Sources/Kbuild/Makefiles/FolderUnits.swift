/// What a folder's makefile makes in a lane.
struct FolderUnits: Sendable, Hashable, Codable {
  /// By object as Kbuild names it, what it is linked into.
  var targets: [String: LinkTarget] = [:]
  /// Where Kbuild does not descend to the folder by itself, such as to `arch/x86/boot/compressed`: the folders whose
  /// makefiles lead there, the first of which it descends to.
  var route: [String] = []
}
