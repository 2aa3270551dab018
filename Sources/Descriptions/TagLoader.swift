public import Diagnostics

/// A trailer that a reviewer gave to a version of a series.
public struct RecordedTag: Sendable, Hashable {
  /// The version of the series it was given to, from 1.
  public var version: Int
  /// The subject of the patch it was given to; nil for all patches of that version.
  public var subject: String?
  /// The whole trailer: "Reviewed-by: R E Viewer <reviewer@example.com>".
  public var trailer: String
  /// The place of the entry in `tags.yaml`.
  public var place: Place
}

/// Loads a series' `tags.yaml`.
enum TagLoader {
  static func load(_ file: String) throws(Failure) -> [RecordedTag] {
    let (reader, root) = try YAMLReader.map(try SeriesLoader.read(file), file: file)
    let fields = try reader.fields(root, "the file of tags", keys: ["tags"])
    var tags: [RecordedTag] = []
    for node in try reader.list(try fields.required("tags"), "'tags'") {
      let entry = try reader.fields(node, "an entry of 'tags'", keys: ["version", "patch", "tag"])
      let trailer = try entry.text("tag")
      guard trailer.wholeMatch(of: #/(Acked|Reviewed|Tested)-by: \S.* <[^<>\s]+@[^<>\s]+>( #.*)?/#) != nil else {
        throw Failure(
          .input, at: entry.place("tag"), "'\(trailer)' is not a tag that a reviewer gives",
          notes: ["expected Acked-by, Reviewed-by or Tested-by: Name <address>"])
      }
      tags.append(
        RecordedTag(
          version: try entry.number("version"), subject: try entry.textIfPresent("patch"),
          trailer: trailer, place: entry.place))
    }
    return tags
  }
}
