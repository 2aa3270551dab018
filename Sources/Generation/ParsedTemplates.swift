import Diagnostics
import Synchronization
import Templating

/// Templates, each parsed once: what a kind says is rendered for every one of its drivers.
final class ParsedTemplates: Sendable {
  private struct Source: Hashable {
    var text: String
    var place: Place
  }

  private let known = Mutex<[Source: Template]>([:])

  /// - Throws: status 65; see `Template`.
  func template(_ text: String, at place: Place) throws(Failure) -> Template {
    let source = Source(text: text, place: place)
    if let template = known.withLock({ $0[source] }) { return template }
    let template = try Template(text, at: place)
    known.withLock { $0[source] = template }
    return template
  }
}
