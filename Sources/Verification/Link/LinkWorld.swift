import Diagnostics
import Kbuild

/// An object as a lane links it.
struct LinkedObject: Hashable, Sendable {
  /// The path of the object in the build folder. One source may make several.
  var object: String
  /// The path of its source in the tree.
  var source: String
  var target: LinkTarget
  var symbols: ObjectSymbols
  /// The state whose sources it is compiled from.
  var state: Int
}

/// An object that a state changes.
struct ObjectChange: Hashable, Sendable {
  /// The object as the state before has it; nil where it has none.
  var before: LinkedObject?
  /// The object as the state leaves it; nil where it is gone.
  var after: LinkedObject?

  /// The path of the object in the build folder.
  var object: String { (after ?? before)?.object ?? "" }
  /// The path of its source in the tree.
  var source: String { (after ?? before)?.source ?? "" }
  var target: LinkTarget { (after ?? before)?.target ?? .separate }
}

/// Answers the link check's questions about one state in one lane, beyond the objects that the state changes.
protocol LinkWorld: Sendable {
  /// The `.c`, `.S` and `.h` files of the state that contain the word, sorted.
  func files(naming symbol: String) async throws(Failure) -> [String]

  /// Announces the words `files(naming:)` will be asked for, so that one pass over the tree can find them all.
  func expect(_ symbols: Set<String>) async throws(Failure)

  func contents(of path: String) -> [UInt8]?

  /// The `.c` and `.S` files that include a file, directly or through others.
  func sources(including file: String) async throws(Failure) -> Set<String>

  /// The sources of a module, sorted.
  func sources(of module: LinkTarget) async throws(Failure) -> [String]

  /// What the lane links the objects of a source into; empty when its configuration builds none. Compiles nothing.
  func targets(of source: String) async throws(Failure) -> Set<LinkTarget>

  /// The objects the lane makes of a source, as they are at this state; empty when its configuration builds none. May
  /// compile, so it is called for few sources.
  func objects(of source: String) async throws(Failure) -> [LinkedObject]

  /// The exports of the tree whose names macros form. `ComputedExport.found` finds those of a file.
  var computedExports: [ComputedExport] { get async throws(Failure) }

  /// What modpost says about modules, each with some or all of its objects, when everything else exports what `symvers`
  /// lists in the format of `Module.symvers`.
  func modpost(_ modules: [LinkTarget: [LinkedObject]], symvers: String) async throws(Failure) -> [ModpostMessage]
}

extension LinkWorld {
  func expect(_ symbols: Set<String>) async throws(Failure) {}

  func targets(of source: String) async throws(Failure) -> Set<LinkTarget> {
    Set(try await objects(of: source).map(\.target))
  }
}
