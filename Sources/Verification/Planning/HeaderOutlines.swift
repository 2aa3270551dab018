import CSource
import Synchronization

/// The outlines of headers, which states and architectures mostly share.
final class HeaderOutlines: Sendable {
  private let known = Mutex<[String: Outline]>([:])

  func outline(of path: String, in view: TreeView) -> Outline {
    // A path alone names the base's file; a state's own file needs its contents in the key.
    let key = view.overlay[path].map { "\(path) \($0.key)" } ?? path
    if let outline = known.withLock({ $0[key] }) { return outline }
    let outline = Outline(view.contents(of: path) ?? [])
    known.withLock { $0[key] = outline }
    return outline
  }
}
