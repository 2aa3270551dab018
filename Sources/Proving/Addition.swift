import Diagnostics
import Processes
import Verification

/// A source of ours that is built into a state's kernel, and only for that: tests of what a series brings.
public struct Addition: Sendable, Hashable {
  /// Its path in the tree. The makefile beside it is made to build it.
  public var file: String
  /// The path of the file that holds it.
  public var source: String
  /// The file of the tree, and the text in it, without which there is nothing to test yet.
  public var needs: Need

  public struct Need: Sendable, Hashable {
    public var file: String
    public var text: String

    public init(file: String, text: String) {
      self.file = file
      self.text = text
    }
  }

  public init(file: String, source: String, needs: Need) {
    self.file = file
    self.source = source
    self.needs = needs
  }

  /// The changes that make a state's tree, with those additions that it is ready for.
  static func adding(_ additions: [Addition], to state: FileChanges, of base: BaseTree) throws(Failure) -> FileChanges {
    var changes = state
    for addition in additions {
      let view = TreeView(base: base, overlay: changes)
      guard let text = view.contents(of: addition.needs.file), text.contains(addition.needs.text.utf8) else { continue }
      guard let source = Files.read(addition.source) else {
        throw Failure(.input, at: Place(addition.source), "cannot be read")
      }
      let name = addition.file.split(separator: "/").last ?? ""
      let makefile = String(addition.file.dropLast(name.count)) + "Makefile"
      let rule = "\nobj-y += \(name.prefix { $0 != "." }).o\n"
      changes[addition.file] = Self.contents(source)
      changes[makefile] = Self.contents((view.contents(of: makefile) ?? []) + Array(rule.utf8))
    }
    return changes
  }

  private static func contents(_ bytes: [UInt8]) -> FileState {
    .contents(id: VerdictKey([String(decoding: bytes, as: UTF8.self)]).digest, bytes: bytes)
  }
}

extension [UInt8] {
  /// Whether the text occurs in the bytes.
  fileprivate func contains(_ text: String.UTF8View) -> Bool { !ranges(of: Array(text)).isEmpty }
}
