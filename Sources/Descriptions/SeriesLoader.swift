public import Diagnostics
import Foundation
import Yams

/// Loads a series from its folder: `series.yaml`, the kinds in `kinds/`, the file descriptions in `core/`, `drivers/`
/// and `callers/`, and `accepted.yaml` and `tags.yaml`, if they exist.
public struct SeriesLoader {
  /// Loads the series at a path, which is its folder or its `series.yaml`.
  ///
  /// - Throws: status 65 with the findings for every file that cannot be read or contains an error. If a kind has one,
  ///   only the kinds are checked.
  public static func load(_ path: String) throws(Failure) -> SeriesDescription {
    let folder = path.hasSuffix(".yaml") ? (path as NSString).deletingLastPathComponent : path
    let main = path.hasSuffix(".yaml") ? path : folder + "/series.yaml"
    var findings: [Finding] = []
    func collect<T>(_ body: () throws(Failure) -> T) -> T? {
      do {
        return try body()
      } catch {
        findings += error.findings
        return nil
      }
    }
    var kinds: [String: KindDescription] = [:]
    for file in yamlFiles(folder + "/kinds") {
      guard let kind = collect({ () throws(Failure) in try KindLoader.load(file) }) else { continue }
      kinds[kind.name] = kind
    }
    // Descriptions of a kind that cannot be read would only get follow-up errors.
    guard findings.isEmpty else { throw Failure(.input, findings) }
    var series = collect { () throws(Failure) in try self.series(main, folder: folder) }
    for file in ["/core", "/drivers", "/callers"].flatMap({ yamlFiles(folder + $0) }) {
      guard let description = collect({ () throws(Failure) in try DriverLoader.load(file, kinds: kinds) }) else {
        continue
      }
      series?.files.append(description)
    }
    let accepted = folder + "/accepted.yaml"
    if FileManager.default.fileExists(atPath: accepted) {
      let text = collect { () throws(Failure) in try read(accepted) }
      series?.accepted = text.map { AcceptedTemplate(text: $0, place: Place(accepted, line: 1)) }
    }
    let tags = folder + "/tags.yaml"
    if FileManager.default.fileExists(atPath: tags) {
      series?.tags = collect { () throws(Failure) in try TagLoader.load(tags) } ?? []
    }
    findings += namesakes(series?.files ?? [])
    guard findings.isEmpty, var series else { throw Failure(.input, findings) }
    series.kinds = kinds
    try checkNames(series)
    for file in series.files where file.forms.contains(where: { !series.expectations(of: $0).isEmpty }) {
      let path = series.recordPath(of: file.file)
      if FileManager.default.fileExists(atPath: path) { series.records[file.file] = try read(path) }
    }
    return series
  }

  private static func yamlFiles(_ folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted().map { folder + "/" + $0 }
  }

  /// Refuses descriptions and variants of the same name, which messages could not tell apart.
  private static func namesakes(_ files: [FileDescription]) -> [Finding] {
    var known: [String: Place] = [:]
    return files.flatMap { [$0] + $0.variants }.compactMap { description in
      guard let other = known.updateValue(description.place, forKey: description.name) else { return nil }
      return Finding(
        at: description.place, "the name '\(description.name)' is taken", notes: ["by the description at \(other)"])
    }
  }

  /// Refuses lines that are too wide. Lines with template tags are checked after they are rendered.
  private static func checkWidth(_ key: String, of patch: Fields) throws(Failure) {
    let lines = try patch.text(key).split(separator: "\n").filter { !$0.contains("<%") }
    guard let line = lines.first(where: { $0.count > PatchDescription.columns }) else { return }
    throw Failure(
      .input, at: patch.place(key),
      "a line of the commit's \(key) has \(line.count) columns, \(PatchDescription.columns) are allowed",
      notes: [String(line)])
  }

  /// A thousand times the size of any real description.
  private static let mostBytes = 16 << 20

  static func read(_ file: String) throws(Failure) -> String {
    guard let handle = FileHandle(forReadingAtPath: file),
      let data = try? handle.read(upToCount: mostBytes + 1) ?? Data()
    else { throw Failure(.input, at: Place(file), "cannot be read", notes: [String(cString: strerror(errno))]) }
    guard data.count <= mostBytes else {
      throw Failure(.input, at: Place(file), "is larger than \(mostBytes >> 20) MiB", notes: ["is this YAML?"])
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Failure(.input, at: Place(file), "cannot be read as UTF-8 text")
    }
    return text
  }

  private static func series(_ file: String, folder: String) throws(Failure) -> SeriesDescription {
    let (reader, root) = try YAMLReader.map(try read(file), file: file)
    let fields = try reader.fields(
      root, "the series",
      keys: [
        "series", "author", "prefix", "bases", "cover", "follows", "options", "ops", "exempt", "patches",
      ])
    let author = try reader.fields(try fields.required("author"), "'author'", keys: ["name", "email"])
    var ops: [OpsMigration] = []
    for node in try fields.listIfPresent("ops") {
      let op = try reader.fields(node, "an entry of 'ops'", keys: ["struct", "old", "new"])
      ops.append(OpsMigration(structure: try op.text("struct"), old: try op.text("old"), new: try op.text("new")))
    }
    var exemptions: [Exemption] = []
    for node in try fields.listIfPresent("exempt") { exemptions.append(try exemption(node, reader)) }
    var patches: [PatchDescription] = []
    for node in try reader.list(try fields.required("patches"), "'patches'") {
      let patch = try reader.fields(node, "a patch", keys: ["id", "part-of", "subject", "message", "changes"])
      for key in ["subject", "message"] { try checkWidth(key, of: patch) }
      patches.append(
        PatchDescription(
          id: try patch.text("id"), partOf: try patch.textIfPresent("part-of"), subject: try patch.text("subject"),
          message: try patch.text("message"), changes: try StepLoader.changes(patch), place: patch.place))
    }
    try checkParts(patches)
    return SeriesDescription(
      name: try fields.text("series"), folder: folder,
      author: Author(name: try author.text("name"), email: try author.text("email")),
      prefix: try fields.textIfPresent("prefix") ?? "PATCH", bases: try fields.textsIfPresent("bases"),
      cover: try cover(fields), follows: try follows(fields), options: try options(fields), ops: ops,
      exemptions: exemptions, accepted: nil, patches: patches, files: [], kinds: [:])
  }

  private static func cover(_ series: Fields) throws(Failure) -> CoverDescription? {
    guard series.has("cover") else { return nil }
    let cover = try series.reader.fields(try series.required("cover"), "'cover'", keys: ["subject", "text", "changes"])
    return CoverDescription(
      subject: try cover.text("subject"), text: try cover.text("text"), changes: try StepLoader.changes(cover),
      place: cover.place("text"))
  }

  private static func follows(_ series: Fields) throws(Failure) -> [FollowedWork] {
    var works: [FollowedWork] = []
    for node in try series.listIfPresent("follows") {
      let work = try series.reader.fields(node, "an entry of 'follows'", keys: ["title", "author", "date", "link"])
      works.append(
        FollowedWork(
          title: try work.text("title"), author: try work.text("author"), date: try work.text("date"),
          link: try work.textIfPresent("link"), place: work.place))
    }
    return works
  }

  /// Refuses a patch that is part of an unknown patch, or of one that is itself a part.
  private static func checkParts(_ patches: [PatchDescription]) throws(Failure) {
    let whole = patches.filter { $0.partOf == nil }.map(\.id)
    for patch in patches {
      guard let id = patch.partOf, !whole.contains(id) else { continue }
      throw Failure(
        .input, at: patch.place, "the patch '\(patch.id)' is part of '\(id)', which is no patch that can have parts",
        notes: ["those that can: " + whole.joined(separator: ", ")])
    }
  }

  private static func options(_ series: Fields) throws(Failure) -> [SeriesOption] {
    var options: [SeriesOption] = []
    for node in try series.listIfPresent("options") {
      let fields = try series.reader.fields(node, "an option", keys: ["name", "about"])
      let option = SeriesOption(name: try fields.text("name"), about: try fields.text("about"), place: fields.place)
      guard !options.contains(where: { $0.name == option.name }) else {
        throw Failure(.input, at: option.place, "there are two options '\(option.name)'")
      }
      options.append(option)
    }
    return options
  }

  /// Refuses an option with the name of a parameter: in a template, one would hide the other.
  private static func checkNames(_ series: SeriesDescription) throws(Failure) {
    for option in series.options {
      for kind in series.kinds.values where kind.parameters[option.name] != nil {
        throw Failure(
          .input, at: option.place, "the kind '\(kind.name)' also has a parameter '\(option.name)'",
          notes: ["rename the option or the parameter"])
      }
    }
  }
}

extension SeriesLoader {
  /// Reads an entry of `exempt`: tables by their struct, or places by file, function or text.
  private static func exemption(_ node: Node, _ reader: YAMLReader) throws(Failure) -> Exemption {
    let places = ["file", "function", "call"]
    let entry = try reader.fields(node, "an entry of 'exempt'", keys: ["struct", "sets-none", "reason"] + places)
    let reason = try entry.text("reason")
    guard let place = places.first(where: entry.has) else {
      let subject = Exemption.Subject.tables(
        structure: try entry.text("struct"), setsNone: try entry.textsIfPresent("sets-none"))
      return Exemption(subject: subject, reason: reason, place: entry.place)
    }
    guard let other = ["struct", "sets-none"].first(where: entry.has) else {
      let subject = Exemption.Subject.places(
        file: try entry.textIfPresent("file"), function: try entry.textIfPresent("function"),
        call: try entry.textIfPresent("call"))
      return Exemption(subject: subject, reason: reason, place: entry.place)
    }
    throw Failure(
      .input, at: entry.place, "an entry of 'exempt' has '\(other)' for tables or '\(place)' for places, not both",
      notes: ["write two entries"])
  }
}
