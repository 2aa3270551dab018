public import Diagnostics

/// What a reviewer answered to a version of a series.
public struct RecordedTag: Sendable, Hashable {
  /// The version that it was given to.
  public var version: Int
  /// The subject of the patch that it was given to; nil for all of that version.
  public var subject: String?
  /// The whole trailer: "Reviewed-by: R E Viewer <reviewer@example.com>".
  public var trailer: String
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
          .input, at: entry.place("tag"), "'\(trailer)' is no tag that a reviewer gives",
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
