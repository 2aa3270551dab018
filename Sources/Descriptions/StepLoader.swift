import Diagnostics
import Foundation
import Yams

/// Reads the keys that kinds and descriptions share: `steps`, `alone` and `changes`.
enum StepLoader {
  static func steps(_ fields: Fields) throws(Failure) -> [StepDescription] {
    var steps: [StepDescription] = []
    for node in try fields.listIfPresent("steps") {
      let step = try fields.reader.fields(
        node, "a step", keys: ["patch", "provides", "requires", "retires", "removes", "edits"])
      var edits: [EditDescription] = []
      for edit in try step.listIfPresent("edits") { edits.append(try self.edit(edit, fields.reader)) }
      steps.append(
        StepDescription(
          patch: try step.textIfPresent("patch"), provides: try step.textsIfPresent("provides"),
          requires: try step.textsIfPresent("requires"), retires: try step.textsIfPresent("retires"),
          removes: try step.textsIfPresent("removes"), edits: edits, place: step.place))
    }
    return steps
  }

  static func alone(_ fields: Fields) throws(Failure) -> [AlonePatch] {
    var patches: [AlonePatch] = []
    for node in try fields.listIfPresent("alone") {
      let patch = try fields.reader.fields(
        node, "an entry of 'alone'", keys: ["patch", "subject", "message", "changes"])
      patches.append(
        AlonePatch(
          patch: try patch.textIfPresent("patch"), subject: try patch.text("subject"),
          message: try patch.text("message"), changes: try changes(patch), place: patch.place))
    }
    return patches
  }

  /// Reads the changes in each version: `changes: {2: …, 3: …}`.
  static func changes(_ fields: Fields) throws(Failure) -> Changes {
    guard let node = fields.values["changes"] else { return Changes() }
    guard let mapping = node.mapping else { throw fields.reader.error(node, "'changes' must be a mapping") }
    var versions: [Int: String] = [:]
    for (key, value) in mapping {
      let text = try fields.reader.text(key, "a key of 'changes'")
      guard let version = Int(text), version > 1 else {
        throw fields.reader.error(key, "a version in 'changes' must be a number above 1, not '\(text)'")
      }
      versions[version] = try fields.reader.text(value, "what changed in version \(version)")
    }
    return Changes(versions)
  }

  private static let actions = [
    "signature", "return", "call", "replace-initialiser", "add-initialiser", "remove-initialiser", "statement",
    "insert",
    "replace", "remove", "spatch",
  ]
  private static let anchors = ["when", "otherwise", "after", "before"]
  private static let constructs = ["function", "member", "kernel-doc", "text", "expression", "tokens", "comment"]

  private static func edit(_ node: Node, _ reader: YAMLReader) throws(Failure) -> EditDescription {
    let fields = try reader.fields(node, "an edit", keys: actions + ["each"])
    guard let action = actions.first(where: fields.has), fields.values.count == (fields.has("each") ? 2 : 1) else {
      throw reader.error(
        node, "an edit names exactly one action", notes: ["the actions are: " + actions.joined(separator: ", ")])
    }
    let each = try fields.textIfPresent("each")
    let node = try fields.required(action)
    let value = try self.action(action, node, reader)
    if case .statement(_, let anchors, _) = value, anchors.isEmpty, each == nil {
      throw reader.error(node, "'statement' needs one of: " + self.anchors.joined(separator: ", "))
    }
    return EditDescription(action: value, each: each, place: fields.place)
  }

  private static func action(
    _ name: String, _ node: Node, _ reader: YAMLReader
  ) throws(Failure) -> EditDescription.Action {
    func fields(_ keys: [String]) throws(Failure) -> Fields { try reader.fields(node, "'\(name)'", keys: keys) }
    switch name {
    case "signature":
      let f = try fields(["function", "rename", "returns", "parameters", "parameter"])
      return .signature(
        function: try f.text("function"), rename: try f.textIfPresent("rename"),
        returns: try f.textIfPresent("returns"), parameters: try f.textIfPresent("parameters"),
        parameter: try f.textIfPresent("parameter"))
    case "return":
      let f = try fields(["function", "value"])
      return .returnValue(function: try f.text("function"), value: try f.text("value"))
    case "call":
      let f = try fields(["callee", "in", "becomes", "argument", "count"])
      return .call(
        callee: try f.text("callee"), scope: try f.textIfPresent("in"), becomes: try f.textIfPresent("becomes"),
        argument: try f.textIfPresent("argument"), count: try f.numberIfPresent("count"))
    case "replace-initialiser":
      let f = try fields(["member", "value", "new-member", "new-value"])
      return .replaceInitialiser(
        member: try f.text("member"), value: try f.text("value"), newMember: try f.text("new-member"),
        newValue: try f.text("new-value"))
    case "add-initialiser":
      let f = try fields(["member", "value", "after-member", "after-value"])
      return .addInitialiser(
        member: try f.text("member"), value: try f.text("value"), afterMember: try f.text("after-member"),
        afterValue: try f.text("after-value"))
    case "remove-initialiser":
      let f = try fields(["member", "value"])
      return .removeInitialiser(member: try f.text("member"), value: try f.text("value"))
    case "statement":
      let f = try fields(["function", "lines"] + anchors)
      var found: [String: String] = [:]
      for anchor in anchors { found[anchor] = try f.textIfPresent(anchor) }
      return .statement(function: try f.text("function"), anchors: found, lines: try f.text("lines"))
    case "insert":
      let f = try fields(["after", "before", "text", "template"])
      let before = f.has("before")
      return .insert(
        before: before, construct: try construct(try f.required(before ? "before" : "after"), reader),
        text: try source(f))
    case "replace":
      let f = try fields(["construct", "text", "template"])
      return .replace(try construct(try f.required("construct"), reader), try source(f))
    case "spatch":
      let f = try fields(["rules", "in"])
      let names = try f.textsIfPresent("in")
      guard !names.isEmpty else {
        throw reader.error(node, "'in' names no function or table that the rules may change")
      }
      let file = try f.text("rules")
      return .semanticPatch(.init(rules: try source("rules", f), file: file), names: names)
    default:
      return .remove(try construct(node, reader))
    }
  }

  /// The text that an edit gives, or that of the file it names, a path in the series' folder.
  private static func source(_ fields: Fields) throws(Failure) -> String {
    fields.has("template") ? try source("template", fields) : try fields.text("text")
  }

  /// The text of the file that a key names.
  private static func source(_ key: String, _ fields: Fields) throws(Failure) -> String {
    let template = try fields.text(key)
    guard !template.hasPrefix("/"), !template.split(separator: "/").contains("..") else {
      throw Failure(.input, at: fields.place(key), "'\(template)' is not a path below the series' folder")
    }
    let folder = URL(filePath: fields.reader.file).deletingLastPathComponent().deletingLastPathComponent()
    return try SeriesLoader.read(folder.relativePath + "/" + template)
  }

  static func construct(_ node: Node, _ reader: YAMLReader) throws(Failure) -> ConstructDescription {
    let fields = try reader.fields(node, "a construct", keys: constructs + ["macro", "entry", "count"])
    for extent in ConstructDescription.Extent.allCases where fields.has(extent.rawValue) {
      return .text(
        try fields.text(extent.rawValue), extent, function: try fields.textIfPresent("function"),
        macro: try fields.textIfPresent("macro"),
        count: try fields.numberIfPresent("count") ?? 1)
    }
    if let comment = try fields.textIfPresent("comment") { return .comment(comment) }
    if let member = try fields.textIfPresent("member") { return .member(member) }
    if let owner = try fields.textIfPresent("kernel-doc") {
      return .kernelDoc(owner: owner, entry: try fields.text("entry"))
    }
    return .function(try fields.text("function"))
  }
}
