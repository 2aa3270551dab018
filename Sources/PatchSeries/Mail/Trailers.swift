/// The trailers that end a commit's message: `Reviewed-by: A U Thor <author@example.com>`.
public enum Trailers {
  /// A message body with a trailer added after the existing ones. A trailer that is already the last is not repeated,
  /// as with `git commit --signoff`.
  public static func adding(_ trailer: String, to body: String) -> String {
    if body.isEmpty { return trailer }
    let last = trailers(of: body).last
    if last == trailer { return body }
    return body + (last == nil ? "\n\n" : "\n") + trailer
  }

  /// The trailers of a message body, in order.
  public static func trailers(of body: String) -> [String] {
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
    let block = lines.suffix(lines.count - (lines.lastIndex(of: "").map { $0 + 1 } ?? 0))
    return block.allSatisfy(isTrailer) ? block.map(String.init) : []
  }

  /// A message body without its trailers.
  public static func removed(from body: String) -> String {
    let trailers = trailers(of: body).joined(separator: "\n")
    return String(body.dropLast(trailers.count)).trimmed
  }

  private static func isTrailer(_ line: Substring) -> Bool {
    guard let colon = line.firstIndex(of: ":"), line[colon...].hasPrefix(": ") else { return false }
    return colon > line.startIndex && line[..<colon].utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") }
  }
}
