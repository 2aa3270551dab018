/// The objects that a folder's makefile builds in a lane.
struct FolderUnits: Sendable, Hashable, Codable {
  /// What each object, as Kbuild names it, is linked into.
  var targets: [String: LinkTarget] = [:]
  /// The folders whose makefiles lead to this one where Kbuild does not descend into it by itself, such as
  /// `arch/x86/boot/compressed`. Kbuild does descend into the first of them.
  var route: [String] = []
}
