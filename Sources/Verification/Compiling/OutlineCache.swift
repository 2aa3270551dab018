import CSource
import Synchronization

/// The outlines of a state's files, each computed on first use.
final class OutlineCache: Sendable {
  private let view: TreeView
  private let outlines = Mutex<[String: Outline]>([:])

  init(_ view: TreeView) { self.view = view }

  /// The name of the function, table or type at a line of a file; nil when there is none.
  func enclosing(_ file: String, line: Int) -> String? {
    if let outline = outlines.withLock({ $0[file] }) { return outline.enclosing(line: line) }
    guard let source = view.contents(of: file) else { return nil }
    let outline = Outline(source)
    outlines.withLock { $0[file] = outline }
    return outline.enclosing(line: line)
  }
}
