import Diagnostics
import Yams

/// Reads `drivers/*.yaml`.
enum DriverLoader {
  private static let ownKeys = ["file", "kind", "patch", "config", "expects", "steps"]

  static func load(_ file: String, kinds: [String: KindDescription]) throws(Failure) -> FileDescription {
    let (reader, root) = try YAMLReader.map(try SeriesLoader.read(file), file: file)
    guard let mapping = root.mapping else { throw reader.error(root, "the description must be a mapping") }
    let kind = try mapping["kind"].map { node throws(Failure) -> KindDescription in
      let name = try reader.text(node, "'kind'")
      guard let kind = kinds[name] else {
        throw reader.error(
          node, "unknown kind '\(name)'", notes: ["the kinds are: " + kinds.keys.sorted().joined(separator: ", ")])
      }
      return kind
    }
    let parameters = (kind?.parameters ?? [:]).sorted { $0.key < $1.key }
    let fields = try reader.fields(root, "the description", keys: ownKeys + parameters.map(\.key))
    var values: [String: Parameter] = [:]
    for (name, type) in parameters {
      switch type {
      case .text: values[name] = .text(try fields.text(name))
      case .optionalText: values[name] = try fields.textIfPresent(name).map(Parameter.text) ?? .flag(false)
      case .list: values[name] = .list(try list(try fields.required(name), name, reader))
      }
    }
    return FileDescription(
      file: try fields.text("file"), kind: kind?.name, patch: try fields.textIfPresent("patch"),
      config: try fields.textIfPresent("config"), parameters: values,
      expects: try fields.textsIfPresent("expects"), steps: try StepLoader.steps(fields), place: fields.place)
  }

  /// A list of mappings from names to texts, such as a walker's leaves.
  private static func list(_ node: Node, _ name: String, _ reader: YAMLReader) throws(Failure) -> [[String: String]] {
    var items: [[String: String]] = []
    for item in try reader.list(node, "'\(name)'") {
      guard let mapping = item.mapping else { throw reader.error(item, "an entry of '\(name)' must be a mapping") }
      var values: [String: String] = [:]
      for (key, value) in mapping {
        let key = try reader.text(key, "a key of '\(name)'")
        values[key] = try reader.text(value, "'\(key)'")
      }
      items.append(values)
    }
    return items
  }
}
