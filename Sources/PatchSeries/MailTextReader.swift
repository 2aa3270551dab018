import Diagnostics

/// Collects the text of a mail from its parts, as `git mailinfo` does.
///
/// What cannot be read is no error yet, since it may be a reply that nobody asks for: the reader states why the message
/// cannot be used as a patch.
struct MailTextReader {
  let lines: Lines
  let file: String
  let quoting: MboxQuoting

  private var bytes: [UInt8] = []
  /// Where the text of each line of the file starts in `bytes`.
  private var origins: [(offset: Int, line: Int)] = []
  private var sections: [(offset: Int, charset: String?, isEncoded: Bool)] = []
  private var firstCRLF: Int?
  /// Why the message cannot be used as a patch.
  private(set) var refusal: Failure?
  /// The types of the parts that were left out.
  private var skipped: [String] = []

  /// git's own bound (`MAX_BOUNDARIES`).
  private static let mostNested = 5

  init(_ lines: Lines, file: String, quoting: MboxQuoting) {
    self.lines = lines
    self.file = file
    self.quoting = quoting
  }

  /// Reads a message's body, `range` without the header.
  mutating func read(_ range: Range<Int>, header: MailHeader) throws(Failure) -> MailText {
    try read(range, header, depth: 0)
    if sections.isEmpty, !skipped.isEmpty {
      let isHTML = skipped.contains("text/html")
      refuse(
        range.lowerBound, isHTML ? "message is in HTML only" : "message has no text, only \(skipped[0])",
        ["a patch is sent as plain text: ask for it again, sent with git send-email"])
    }
    let text = Lines(bytes)
    var numbers: [Int] = []
    var section = 0
    var sections: [MailText.Section] = []
    var origin = 0
    for (index, line) in text.ranges.enumerated() {
      while origin + 1 < origins.count, origins[origin + 1].offset <= line.lowerBound { origin += 1 }
      numbers.append(origins[origin].line)
      while section < self.sections.count, self.sections[section].offset <= line.lowerBound {
        let found = self.sections[section]
        sections.append(.init(line: index, charset: found.charset, isEncoded: found.isEncoded))
        section += 1
      }
    }
    return MailText(file: file, lines: text, numbers: numbers, sections: sections, firstCRLF: firstCRLF)
  }

  private mutating func refuse(_ line: Int, _ message: String, _ notes: [String]) {
    if refusal == nil { refusal = Failure(.input, at: Place(file, line: line + 1), message, notes: notes) }
  }

  private mutating func read(_ range: Range<Int>, _ header: MailHeader, depth: Int) throws(Failure) {
    let type = ContentType(header["content-type"] ?? "text/plain")
    let typeLine = header.field("content-type")?.line ?? range.lowerBound
    if type.isMultipart {
      guard depth < Self.mostNested else {
        refuse(typeLine, "parts are nested more than \(Self.mostNested) deep", ["save the part that is the patch"])
        return
      }
      guard let boundary = type["boundary"], !boundary.isEmpty else {
        refuse(typeLine, "message of several parts names no boundary", ["save the part that is the patch"])
        return
      }
      for part in parts(range, boundary) {
        let header = try MailHeader(lines, part, file: file)
        try read(header.end..<part.upperBound, header, depth: depth + 1)
      }
      return
    }
    guard Self.isTaken(type, ContentType(header["content-disposition"] ?? ""), depth: depth) else {
      skipped.append(type.type)
      return
    }
    if type["format"]?.lowercased() == "flowed" {
      refuse(
        typeLine, "message is format=flowed, which breaks the lines of a diff",
        ["ask for the patch again, sent with git send-email or attached"])
    }
    guard let encoding = TransferEncoding(header["content-transfer-encoding"]) else {
      refuse(
        header.field("content-transfer-encoding")?.line ?? typeLine,
        "message is encoded as \(header["content-transfer-encoding"] ?? "")",
        ["known are 7bit, 8bit, binary, quoted-printable and base64: save it decoded, as b4 am does"])
      return
    }
    decode(range, encoding, charset: type["charset"])
  }

  /// Whether a part can hold the message or the patch.
  private static func isTaken(_ type: ContentType, _ disposition: ContentType, depth: Int) -> Bool {
    switch type.type {
    case "text/plain", "text/x-patch", "text/x-diff", "text", "": return true
    case "text/html": return false
    default:
      let name = (disposition["filename"] ?? type["name"] ?? "").lowercased()
      return depth == 0 || name.hasSuffix(".patch") || name.hasSuffix(".diff")
    }
  }

  /// The parts between the lines of a boundary, each with its header. What is before the first and after the last is
  /// for readers that know no parts.
  private func parts(_ range: Range<Int>, _ boundary: String) -> [Range<Int>] {
    let delimiter = "--" + boundary
    var parts: [Range<Int>] = []
    var start: Int?
    for index in range where lines[index].begins(with: delimiter) {
      let rest = lines[index].dropFirst(delimiter.utf8.count).trimmedEnd
      guard rest.isEmpty || rest.elementsEqual("--".utf8) else { continue }
      if let start { parts.append(start..<index) }
      start = rest.isEmpty ? index + 1 : nil
      if start == nil { break }
    }
    if let start { parts.append(start..<range.upperBound) }
    return parts
  }
}

extension MailTextReader {
  private mutating func decode(_ range: Range<Int>, _ encoding: TransferEncoding, charset: String?) {
    // A part starts on a line of its own.
    if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
    let start = bytes.count
    sections.append((start, charset, encoding != .identity))
    switch encoding {
    case .identity: copy(range)
    case .quotedPrintable:
      for index in range {
        origins.append((bytes.count, index))
        QuotedPrintable.decode(unquoted(index), into: &bytes)
      }
    case .base64: decodeBase64(range)
    }
    recodeWide(from: start, charset, line: range.lowerBound)
  }

  /// A line without what an mbox and a transport put to it.
  private mutating func unquoted(_ index: Int) -> ArraySlice<UInt8> {
    var line = lines[index]
    if quoting.isQuoted(line) { line = line.dropFirst() }
    guard endsInCRLF(index) else { return line }
    if firstCRLF == nil { firstCRLF = index }
    return line.dropLast(2) + [0x0A]
  }

  private func endsInCRLF(_ index: Int) -> Bool {
    let range = lines.ranges[index]
    return range.count >= 2 && lines.bytes[range.upperBound - 2] == 0x0D && lines.bytes[range.upperBound - 1] == 0x0A
  }

  /// Copies lines that are not encoded: all at once, but for those that are changed.
  private mutating func copy(_ range: Range<Int>) {
    var start = range.lowerBound
    bytes.reserveCapacity(bytes.count + lines.span(range).count)
    for index in range {
      let isQuoted = lines.bytes[lines.ranges[index].lowerBound] == UInt8(ascii: ">")
      guard isQuoted || endsInCRLF(index) else {
        origins.append((bytes.count + lines.ranges[index].lowerBound - lines.ranges[start].lowerBound, index))
        continue
      }
      bytes += lines[start..<index]
      origins.append((bytes.count, index))
      bytes += unquoted(index)
      start = index + 1
    }
    bytes += lines[start..<range.upperBound]
  }

  /// A mailing list may put a footer below the text that is not encoded as the text is; other damage is refused.
  private mutating func decodeBase64(_ range: Range<Int>) {
    var base64 = Base64()
    var longest = 0
    var hasEnded = false
    for index in range {
      let line = unquoted(index)
      let length = line.trimmedEnd.count
      origins.append((bytes.count, index))
      guard base64.decode(line, into: &bytes) else {
        if !hasEnded {
          refuse(index, "line is not base64, as its header says", ["the message is damaged: save it again"])
        }
        return
      }
      hasEnded = length < longest || line[..<(line.startIndex + length)].last == UInt8(ascii: "=")
      longest = max(longest, length)
    }
  }

  /// Text in UTF-16 and the like has no lines before it is re-coded, diff or not; git does not read it at all.
  private mutating func recodeWide(from start: Int, _ name: String?, line: Int) {
    guard let name, let charset = Charset(name), !charset.containsASCII else { return }
    guard let text = charset.utf8(bytes[start...]) else {
      refuse(line, "text is not in \(name), as its Content-Type says", ["the message is damaged: save it again"])
      return
    }
    bytes.replaceSubrange(start..., with: text)
    origins.removeAll { $0.offset >= start }
    origins.append((start, line))
    sections[sections.count - 1].charset = nil
  }
}
