import Descriptions
import Diagnostics
import Templating

/// Renders the texts of one description's steps with its parameters.
struct Renderer {
  private var values: [String: Template.Value]
  private let place: Place

  init(_ parameters: [String: Parameter], item: [String: String] = [:], at place: Place) {
    values = parameters.mapValues { parameter in
      switch parameter {
      case .text(let text): .text(text)
      case .list(let items): .list(items)
      case .flag(let isSet): .flag(isSet)
      }
    }
    for (name, text) in item { values[name] = .text(text) }
    self.place = place
  }

  func text(_ source: String) throws(Failure) -> String {
    // Most texts name no parameter at all.
    guard source.utf8.contains(UInt8(ascii: "<")), source.contains("<%") else { return source }
    return try Template(source, at: place).render(values)
  }

  func texts(_ sources: [String]) throws(Failure) -> [String] {
    var result: [String] = []
    for source in sources { result.append(try text(source)) }
    return result
  }

  func text(ifPresent source: String?) throws(Failure) -> String? {
    guard let source else { return nil }
    return try text(source)
  }
}
