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
        throw reader.error(value, "unknown type '\(type)'", notes: ["expected one of: text, text?, list"])
      }
      parameters[name] = known
    }
    return KindDescription(
      name: try fields.text("kind"), about: try fields.text("about"), parameters: parameters,
      drafting: try drafting(fields, parameters.filter { $0.value != .optionalText }.keys.sorted()),
      expects: try fields.textsIfPresent("expects"), steps: try StepLoader.steps(fields),
      alone: try StepLoader.alone(fields), place: fields.place)
  }

  private static func drafting(
    _ fields: Fields, _ parameters: [String]
  ) throws(Failure) -> KindDescription.Drafting? {
    guard let node = fields.values["draft"] else { return nil }
    let draft = try fields.reader.fields(node, "'draft'", keys: ["struct"] + parameters)
    var sources: [String: KindDescription.Drafting.Source] = [:]
    for name in parameters {
      let text = try draft.text(name)
      guard let source = KindDescription.Drafting.Source(rawValue: text) else {
        throw Failure(
          .input, at: draft.place(name), "'\(name)' cannot be drafted from '\(text)'",
          notes: [
            "expected one of: " + KindDescription.Drafting.Source.allCases.map(\.rawValue).joined(separator: ", ")
          ])
      }
      sources[name] = source
    }
    return KindDescription.Drafting(structure: try draft.text("struct"), parameters: sources)
  }
}
