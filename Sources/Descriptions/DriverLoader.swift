import Diagnostics
import Foundation
import Yams

/// Reads `core/*.yaml`, `drivers/*.yaml` and `callers/*.yaml`.
struct DriverLoader {
  private static let ownKeys = ["file", "kind", "patch", "expects", "steps", "alone", "changes"]

  let reader: YAMLReader
  let kinds: [String: KindDescription]

  static func load(_ file: String, kinds: [String: KindDescription]) throws(Failure) -> FileDescription {
    let (reader, root) = try YAMLReader.map(try SeriesLoader.read(file), file: file)
    let loader = DriverLoader(reader: reader, kinds: kinds)
    let name = ((file as NSString).lastPathComponent as NSString).deletingPathExtension
    guard var common = root.mapping, let variants = common["variants"] else {
      return try loader.description(root, name: name, furtherKeys: ["optional", "when", "variants"])
    }
    // The keys are checked later, together with those of each variant.
    let whole = try reader.fields(root, "the description", keys: common.compactMap { $0.key.scalar?.string })
    var description = FileDescription(
      name: name, file: try whole.text("file"), optional: try whole.textIfPresent("optional"),
      place: reader.place(root))
    for key in ["name", "when"] where whole.has(key) {
      throw Failure(.input, at: whole.place(key), "'\(key)' belongs in each variant")
    }
    common["variants"] = nil
    common["optional"] = nil
    for node in try reader.list(variants, "'variants'") {
      description.variants.append(try loader.variant(node, over: common))
    }
    guard !description.variants.isEmpty else { throw reader.error(variants, "'variants' is empty") }
    return description
  }

  /// A variant with the keys that all variants share. Its `expects`, `steps` and `alone` are appended to the shared
  /// ones; its other keys replace them.
  private func variant(_ node: Node, over common: Node.Mapping) throws(Failure) -> FileDescription {
    guard let own = node.mapping else { throw reader.error(node, "a variant must be a mapping") }
    var whole = own
    for (key, value) in common {
      if ["expects", "steps", "alone"].contains(key.scalar?.string), let added = own[key]?.sequence,
        let list = value.sequence
      {
        whole[key] = .sequence(Node.Sequence(Array(list) + Array(added), .implicit, .any, list.mark))
      } else if own[key] == nil {
        whole[key] = value
      }
    }
    let fields = try reader.fields(node, "a variant", keys: own.compactMap { $0.key.scalar?.string })
    _ = try fields.required("when")
    return try description(.mapping(whole), name: try fields.text("name"), furtherKeys: ["name", "when"])
  }

  private func description(
    _ root: Node, name: String, furtherKeys: [String]
  ) throws(Failure) -> FileDescription {
    guard let mapping = root.mapping else { throw reader.error(root, "the description must be a mapping") }
    let kind = try mapping["kind"].map { node throws(Failure) in try knownKind(node) }
    let parameters = (kind?.parameters ?? [:]).sorted { $0.key < $1.key }
    let fields = try reader.fields(
      root, "the description", keys: Self.ownKeys + furtherKeys + parameters.map(\.key))
    var values: [String: Parameter] = [:]
    for (name, type) in parameters {
      switch type {
      case .text: values[name] = .text(try fields.text(name))
      case .optionalText: values[name] = try fields.textIfPresent(name).map(Parameter.text) ?? .flag(false)
      case .list: values[name] = .list(try list(try fields.required(name), name))
      case .optionalList:
        values[name] = .list(try fields.values[name].map { node throws(Failure) in try list(node, name) } ?? [])
      }
    }
    let optional = try fields.textIfPresent("optional")
    if fields.has("when"), !fields.has("name"), optional == nil {
      throw Failure(
        .input, at: fields.place("when"), "'when' of the description needs 'optional'",
        notes: ["say why a kernel may have the file without this"])
    }
    return FileDescription(
      name: name, file: try fields.text("file"), optional: optional,
      when: try fields.values["when"].map { node throws(Failure) in try StepLoader.construct(node, reader) },
      kind: kind?.name, patch: try fields.textIfPresent("patch"),
      parameters: values, expects: try fields.textsIfPresent("expects"), steps: try StepLoader.steps(fields),
      alone: try StepLoader.alone(fields), changes: try StepLoader.changes(fields), place: fields.place)
  }

  private func knownKind(_ node: Node) throws(Failure) -> KindDescription {
    let name = try reader.text(node, "'kind'")
    guard let kind = kinds[name] else {
      throw reader.error(
        node, "unknown kind '\(name)'", notes: ["the kinds are: " + kinds.keys.sorted().joined(separator: ", ")])
    }
    return kind
  }

  /// A list of mappings from names to texts, such as a walker's leaves.
  private func list(_ node: Node, _ name: String) throws(Failure) -> [[String: String]] {
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
