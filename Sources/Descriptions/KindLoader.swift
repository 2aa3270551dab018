import Diagnostics
import Yams

/// Reads `kinds/*.yaml`.
enum KindLoader {
  static func load(_ file: String) throws(Failure) -> KindDescription {
    let (reader, root) = try YAMLReader.map(try SeriesLoader.read(file), file: file)
    let fields = try reader.fields(
      root, "the kind", keys: ["kind", "about", "parameters", "draft", "expects", "steps", "alone"])
    var parameters: [String: KindDescription.ParameterType] = [:]
    let node = try fields.required("parameters")
    guard let mapping = node.mapping else { throw reader.error(node, "'parameters' must be a mapping") }
    for (key, value) in mapping {
      let name = try reader.text(key, "a parameter's name")
      let type = try reader.text(value, "the type of '\(name)'")
      guard let known = KindDescription.ParameterType(rawValue: type) else {
        throw reader.error(value, "unknown type '\(type)'", notes: ["expected one of: text, text?, list, list?"])
      }
      parameters[name] = known
    }
    return KindDescription(
      name: try fields.text("kind"), about: try fields.text("about"), parameters: parameters,
      drafting: try drafting(fields, parameters.filter { $0.value == .text || $0.value == .list }),
      expects: try fields.textsIfPresent("expects"), steps: try StepLoader.steps(fields),
      alone: try StepLoader.alone(fields), place: fields.place)
  }

  private static func drafting(
    _ fields: Fields, _ parameters: [String: KindDescription.ParameterType]
  ) throws(Failure) -> KindDescription.Drafting? {
    guard let node = fields.values["draft"] else { return nil }
    let names = parameters.keys.sorted()
    let draft = try fields.reader.fields(node, "'draft'", keys: ["struct"] + names)
    var sources: [String: KindDescription.Drafting.Source] = [:]
    for name in names { sources[name] = try parameters[name] == .list ? list(name, of: draft) : text(name, of: draft) }
    return KindDescription.Drafting(structure: try draft.text("struct"), parameters: sources)
  }

  /// The sources that a text can be drafted from, by their keywords.
  private static let textSources: KeyValuePairs<String, KindDescription.Drafting.Source> = [
    "callback": .callback, "receiver": .receiver, "title": .title,
  ]

  private static func text(_ name: String, of draft: Fields) throws(Failure) -> KindDescription.Drafting.Source {
    let text = try draft.text(name)
    guard let source = textSources.first(where: { $0.key == text }) else {
      throw Failure(
        .input, at: draft.place(name), "'\(name)' cannot be drafted from '\(text)'",
        notes: ["expected one of: " + textSources.map(\.key).joined(separator: ", ")])
    }
    return source.value
  }

  /// The source that a list is drafted from: `{each: result, KEY: what to fill in for item N}`.
  private static func list(_ name: String, of draft: Fields) throws(Failure) -> KindDescription.Drafting.Source {
    let node = try draft.required(name)
    let keys = node.mapping?.compactMap { $0.key.scalar?.string } ?? []
    let item = try draft.reader.fields(node, "the draft of '\(name)'", keys: keys)
    let each = try item.text("each")
    guard each == "result" else {
      throw Failure(
        .input, at: item.place("each"), "a list cannot be drafted from each '\(each)'",
        notes: ["expected: result, a place where the callback computes its result"])
    }
    var blanks: [KindDescription.Drafting.ItemBlank] = []
    for key in keys where key != "each" { blanks.append(.init(key: key, what: try item.phrase(key))) }
    return .results(blanks: blanks)
  }
}
