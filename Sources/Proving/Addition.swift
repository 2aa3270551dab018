import Diagnostics
import Processes
import Verification

/// A file of ours that is laid into a state's tree while that is proved, and only then: tests of what a series brings.
public struct Addition: Sendable, Hashable {
  /// Its path in the tree. A test's name is that of its suite.
  public var file: String
  /// The path of the file that holds it.
  public var source: String
  /// The path of the file beside it that includes it at its end, so that it sees what that keeps to itself; nil where
  /// the makefile there is made to build it, unless it is a header.
  public var host: String?
  /// What the tree has to have, or there is nothing to test yet, or no longer.
  public var needs: [Need]

  /// A file of the tree and a text in it.
  public struct Need: Sendable, Hashable {
    public var file: String
    public var text: String

    public init(file: String, text: String) {
      self.file = file
      self.text = text
    }
  }

  public init(file: String, source: String, host: String? = nil, needs: [Need] = []) {
    self.file = file
    self.source = source
    self.host = host
    self.needs = needs
  }

  /// "test_lengths" of "drivers/iommu/test_lengths.c".
  var name: String { String(fileName.prefix { $0 != "." }) }

  private var fileName: Substring { file.split(separator: "/").last ?? "" }

  /// Makes a state's tree one that has the addition, if it is ready for that.
  ///
  /// - Returns: whether it is.
  func add(to state: inout FileChanges, of base: BaseTree) throws(Failure) -> Bool {
    let view = TreeView(base: base, overlay: state)
    for need in needs {
      guard let text = view.contents(of: need.file), text.contains(need.text.utf8) else { return false }
    }
    guard let contents = Files.read(source) else { throw Failure(.input, at: Place(source), "cannot be read") }
    state[file] = .holding(contents)
    if let host {
      state[host] = .holding((view.contents(of: host) ?? []) + Array("\n#include \"\(fileName)\"\n".utf8))
    } else if !file.hasSuffix(".h") {
      let makefile = String(file.dropLast(fileName.count)) + "Makefile"
      state[makefile] = .holding((view.contents(of: makefile) ?? []) + Array("\nobj-y += \(name).o\n".utf8))
    }
    return true
  }
}

extension FileState {
  fileprivate static func holding(_ bytes: [UInt8]) -> FileState {
    .contents(id: VerdictKey([String(decoding: bytes, as: UTF8.self)]).digest, bytes: bytes)
  }
}

extension [UInt8] {
  /// Whether the text occurs in the bytes.
  fileprivate func contains(_ text: String.UTF8View) -> Bool { !ranges(of: Array(text)).isEmpty }
}
