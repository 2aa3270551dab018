import Diagnostics
import Support

/// The header fields of a message or of one of its parts, unfolded.
struct MailHeader: Sendable {
  struct Field: Sendable {
    /// The name in lower case.
    var name: String
    var value: [UInt8]
    /// The index of the field's first line.
    var line: Int
  }

  private(set) var fields: [Field] = []
  /// The index of the first line after the header and the empty line that ends it.
  private(set) var end: Int

  // Far more than any mailing list adds, and still quick to read.
  private static let mostLines = 10_000
  private static let mostBytes = 1 << 20

  /// Reads fields from the first line of `range` up to an empty line or a line that is not a field.
  ///
  /// - Parameter firstLine: the number in the file of the first of `lines`.
  init(_ lines: Lines, _ range: Range<Int>, file: String, firstLine: Int = 1) throws(Failure) {
    end = range.lowerBound
    var size = 0
    while end < range.upperBound {
      size += lines.ranges[end].count
      guard end - range.lowerBound < Self.mostLines, size <= Self.mostBytes else {
        throw Failure(
          .input, at: Place(file, line: firstLine + range.lowerBound),
          "header is longer than \(Self.mostLines) lines or \(Self.mostBytes >> 20) MiB", notes: ["is this a mail?"])
      }
      let line = lines[end].trimmedEnd
      if let first = lines[end].first, first == 0x20 || first == 0x09, !fields.isEmpty {
        fields[fields.count - 1].value += [0x20] + line.drop { $0.isSpace }
      } else if line.isEmpty {
        end += 1
        return
      } else if let field = Self.field(line, at: end) {
        fields.append(field)
      } else if !line.begins(with: "From "), !line.begins(with: ">From ") {
        // As in git, an mbox separator line that was kept belongs to the header.
        return
      }
      end += 1
    }
  }

  /// The last field of that name, which is the one that git uses.
  func field(_ name: String) -> Field? {
    fields.last { $0.name == name }
  }

  /// The value of a field as sent, by its name in lower case.
  subscript(name: String) -> String? {
    field(name)?.value.committed
  }

  /// The field on a line; nil if the line is not a field by RFC 2822.
  private static func field(_ line: ArraySlice<UInt8>, at index: Int) -> Field? {
    guard let colon = line.position(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy({ (33...126).contains($0) })
    else { return nil }
    return Field(
      name: line[..<colon].text.lowercased(), value: Array(line[(colon + 1)...].trimmedEnd.drop { $0.isSpace }),
      line: index)
  }
}
