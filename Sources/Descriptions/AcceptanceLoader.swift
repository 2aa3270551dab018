public import Diagnostics

/// A finding of `verify` that a series' author accepts.
public struct AcceptanceDescription: Sendable, Hashable {
  /// The check that finds it: "structure", "style"; nil to accept that no check looks at the file.
  public var check: String?
  /// The path of the file in the kernel's tree that the finding is about.
  public var file: String
  /// The finding's message; empty without a check.
  public var message: String
  /// The reason to accept it; never blank.
  public var why: String
  /// The place of the entry in its file.
  public var place: Place
}

/// Loads a file of accepted findings, such as `patches/iova_to_pgsize/accepted.yaml`.
public enum AcceptanceLoader {
  /// Loads the accepted findings of a file.
  ///
  /// - Parameter checks: the checks whose findings can be accepted.
  /// - Throws: status 65, with the place of the first error.
  public static func load(_ file: String, checks: [String]) throws(Failure) -> [AcceptanceDescription] {
    let (reader, root) = try YAMLReader.map(try SeriesLoader.read(file), file: file)
    let fields = try reader.fields(root, "the file of accepted findings", keys: ["accepted", "unchecked"])
    var accepted: [AcceptanceDescription] = []
    for node in try fields.listIfPresent("accepted") {
      let entry = try reader.fields(node, "an entry of 'accepted'", keys: ["check", "file", "message", "why"])
      let check = try entry.text("check")
      guard checks.contains(check) else {
        throw Failure(
          .input, at: entry.place("check"), "a finding of '\(check)' cannot be accepted",
          notes: ["expected one of: " + checks.joined(separator: ", ")])
      }
      accepted.append(
        AcceptanceDescription(
          check: check, file: try entry.text("file"), message: try entry.text("message"), why: try reason(entry),
          place: entry.place))
    }
    for node in try fields.listIfPresent("unchecked") {
      let entry = try reader.fields(node, "an entry of 'unchecked'", keys: ["file", "why"])
      accepted.append(
        AcceptanceDescription(
          check: nil, file: try entry.text("file"), message: "", why: try reason(entry), place: entry.place))
    }
    return accepted
  }

  private static func reason(_ entry: Fields) throws(Failure) -> String {
    let why = try entry.text("why")
    guard why.contains(where: { !$0.isWhitespace }) else {
      throw Failure(.input, at: entry.place("why"), "an accepted finding needs a reason")
    }
    return why
  }
}
