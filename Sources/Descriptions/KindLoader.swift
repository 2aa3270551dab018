import Diagnostics
import Yams

/// Reads `kinds/*.yaml`.
enum KindLoader {
  static func load(_ file: String) throws(Failure) -> KindDescription {
    let (reader, root) = try YAMLReader.map(try SeriesLoader.read(file), file: file)
    let fields = try reader.fields(root, "the kind", keys: ["kind", "about", "parameters", "expects", "steps"])
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
      expects: try fields.textsIfPresent("expects"), steps: try StepLoader.steps(fields), place: fields.place)
  }
}
