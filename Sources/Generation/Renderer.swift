import CSource
import Descriptions
import Diagnostics
import Templating

/// Renders the templates in a description with its parameters.
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
    try Template(source, at: place).render(values)
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

  func construct(_ description: ConstructDescription) throws(Failure) -> Construct {
    switch description {
    case .function(let name):
      return .function(try text(name))
    case .member(let path):
      let (structure, member) = try split(try text(path))
      return .member(structure: structure, name: member)
    case .kernelDoc(let owner, let entry):
      return .kernelDoc(owner: try text(owner), entry: try text(entry))
    case .comment(let comment):
      return .comment(try text(comment))
    case .text(let pattern, let extent, let function, let macro, let count):
      let function = try text(ifPresent: function).map(Construct.Scope.function)
      let macro = try text(ifPresent: macro).map(Construct.Scope.macro)
      let (pattern, scope) = (try text(pattern), function ?? macro)
      switch extent {
      case .lines: return .text(pattern, in: scope, count: count)
      case .expression: return .expression(pattern, in: scope, count: count)
      case .tokens: return .tokens(pattern, in: scope, count: count)
      }
    }
  }

  private func split(_ path: String) throws(Failure) -> (String, String) {
    let parts = path.split(separator: ".").map(String.init)
    guard parts.count == 2 else { throw Failure(.input, "'\(path)' is not of the form struct.member") }
    return (parts[0], parts[1])
  }
}
