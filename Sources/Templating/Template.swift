public import Diagnostics
import Mustache

/// A C or text template: strict Mustache, with `<% … %>` so that C's braces need no escape.
public struct Template: Sendable {
  /// The value of a name.
  public enum Value: Sendable {
    /// A text; a section of the name is rendered once.
    case text(String)
    /// Items that map names to texts; a section of the name is rendered for each.
    case list([[String: String]])
    /// Whether a section of the name is rendered; it has no text.
    case flag(Bool)
  }

  private let tags: [Tag]
  private let place: Place
  private let template: MustacheTemplate

  /// The contents of `<% … %>`.
  private struct Tag {
    /// `#`, `^`, `/` or `&`; nil for a plain name.
    var sigil: Character?
    var name: String
    var line: Int
  }

  /// Parses a template.
  ///
  /// - Parameter place: the start of the template's text: its own file, or the YAML value that contains it.
  /// - Throws: status 65 for a tag that does not end or is not supported, and for sections nested too deeply.
  public init(_ source: String, at place: Place) throws(Failure) {
    tags = try Self.tags(of: source, at: place)
    self.place = place
    do {
      // A line with only a tag produces no output. These two are such lines, so the source starts on its own line.
      template = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}\n{{=<% %>=}}\n" + source)
    } catch {
      throw Failure(.input, at: place, "not a valid template: \(error)")
    }
  }

  /// The template's text with every `<% name %>` replaced.
  ///
  /// - Throws: status 65, at the line of the first name that has no value, or is used as a text but has none.
  public func render(_ values: [String: Value]) throws(Failure) -> String {
    try check(values)
    var object: [String: Any] = [:]
    for (name, value) in values {
      switch value {
      case .text(let text): object[name] = text
      case .list(let items): object[name] = items
      case .flag(let isSet): object[name] = isSet
      }
    }
    return template.render(object)
  }

  /// Refuses names that Mustache would silently render as nothing.
  private func check(_ values: [String: Value]) throws(Failure) {
    // For each open section: the names that its items provide, and the absent text that it may use, as it is skipped.
    var sections: [(items: Set<String>, absent: String?)] = []
    for tag in tags {
      let here = Place(place.file, line: tag.line)
      switch tag.sigil {
      case "#", "^":
        switch values[tag.name] {
        case .list(let items): sections.append((Set(items.flatMap(\.keys)), nil))
        case .flag(false) where tag.sigil == "#": sections.append(([], tag.name))
        case .text, .flag: sections.append(([], nil))
        // The name may be a key of some items of the list.
        case nil where sections.contains { !$0.items.isEmpty }: sections.append(([], nil))
        case nil: throw Self.unknown(tag, here, values)
        }
      case "/":
        _ = sections.popLast()
      default:
        if sections.contains(where: { $0.items.contains(tag.name) || $0.absent == tag.name }) { continue }
        switch values[tag.name] {
        case .text: continue
        case .list: throw Failure(.input, at: here, "'\(tag.name)' is a list, not a text")
        case .flag:
          throw Failure(
            .input, at: here, "'\(tag.name)' is a flag or an absent text",
            notes: ["test it with '<%# \(tag.name) %>' … '<%/ \(tag.name) %>'"])
        case nil: throw Self.unknown(tag, here, values)
        }
      }
    }
  }

  private static func unknown(_ tag: Tag, _ place: Place, _ values: [String: Value]) -> Failure {
    Failure(
      .input, at: place, "the template names '\(tag.name)', which has no value",
      notes: ["there are: " + values.keys.sorted().joined(separator: ", ")])
  }

  /// Mustache parses and renders a section within a section by recursion.
  private static let mostNested = 64

  /// The characters of names; to Mustache, others mean partials, transforms and paths into values.
  private static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func tags(of source: String, at place: Place) throws(Failure) -> [Tag] {
    var tags: [Tag] = []
    var rest = source.utf8[...]
    var line = place.line ?? 1
    var depth = 0
    while let open = rest.firstRange(of: "<%".utf8) {
      line += rest[..<open.lowerBound].count { $0 == UInt8(ascii: "\n") }
      rest = rest[open.upperBound...]
      let here = Place(place.file, line: line)
      guard let close = rest.firstRange(of: "%>".utf8) else { throw Failure(.input, at: here, "'<%' without '%>'") }
      let text = String(decoding: rest[..<close.lowerBound].filter { $0 != UInt8(ascii: " ") }, as: UTF8.self)
      let sigil = text.first.flatMap { "#^/&".contains($0) ? $0 : nil }
      let name = sigil == nil ? text[...] : text.dropFirst()
      guard !name.isEmpty, name.utf8.allSatisfy(isNamePart) else {
        throw Failure(.input, at: here, "the template tag '<%\(text)%>' is not supported")
      }
      depth += sigil == "#" || sigil == "^" ? 1 : sigil == "/" ? -1 : 0
      guard depth <= mostNested else {
        throw Failure(.input, at: here, "sections are nested more than \(mostNested) deep")
      }
      tags.append(Tag(sigil: sigil, name: String(name), line: line))
      rest = rest[close.upperBound...]
    }
    return tags
  }
}
