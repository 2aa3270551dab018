import Descriptions
import Diagnostics
import Processes
import Support
import Verification

extension AdditionDescription {
  /// "test_lengths" for "drivers/iommu/test_lengths.c".
  var name: String { String(fileName.prefix { $0 != "." }) }

  private var fileName: Substring { file.split(separator: "/").last ?? "" }

  /// Adds the file to a state's tree, if the tree has every text that the addition needs.
  ///
  /// - Returns: whether it was added.
  /// - Throws: `Failure(.input)` if the file to add cannot be read.
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
  fileprivate func contains(_ text: String.UTF8View) -> Bool { !ranges(of: Array(text)).isEmpty }
}
