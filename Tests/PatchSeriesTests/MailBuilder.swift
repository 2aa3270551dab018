import Foundation
import Support

/// A mail to be read, in whichever of the forms mailing lists deliver.
struct MailBuilder {
  enum Encoding: CaseIterable {
    case eightBit, quotedPrintable, base64
  }

  enum Form: CaseIterable {
    /// Text alone.
    case plain
    /// The text and a mailing list's footer.
    case footed
    /// The text and its signature (`multipart/signed`).
    case signed
    /// The text plain and in HTML.
    case alternative
    /// The message in one part, its diff attached in another, inside of a further level.
    case attached
    /// The message in one part, the file of format-patch attached in another, as bytes with a long name.
    case file
    /// Lines that the mailer may break.
    case flowed
  }

  enum Envelope: CaseIterable {
    /// No `From ` line.
    case bare
    case git, b4, lore
  }

  var subject = "[PATCH] a: change"
  var from = "A U Thor <author@example.com>"
  var encoding = Encoding.eightBit
  var form = Form.plain
  var envelope = Envelope.git
  var charset: String? = "UTF-8"
  var date: String? = "Thu, 28 May 2026 22:30:40 +0200"
  /// Whether the mail's own lines end in CR LF.
  var crlf = false
  /// The message's text, in `charset`.
  var text: [UInt8] = Array("Body.\n".utf8)
  var diff: [UInt8] = []

  var bytes: [UInt8] {
    var mail = "From: \(from)\n\(date.map { "Date: \($0)\n" } ?? "")Subject: \(subject)\n"
    mail += "Message-ID: <1@example.com>\nMIME-Version: 1.0\n"
    var lines: [UInt8] = Array(mail.utf8) + content
    if crlf { lines = Self.withCRLF(lines) }
    let quoted = envelope == .lore ? Self.quoted(lines) : lines[...]
    var result = separator
    result += quoted
    result.append(0x0A)
    return result
  }

  private var separator: [UInt8] {
    let ending = crlf ? "\r\n" : "\n"
    switch envelope {
    case .bare: return []
    case .git: return Array("From \(String(repeating: "0a", count: 20)) Mon Sep 17 00:00:00 2001\(ending)".utf8)
    case .b4: return Array("From git@z Thu Jan  1 00:00:00 1970\(ending)".utf8)
    case .lore: return Array("From mboxrd@z Thu Jan  1 00:00:00 1970\(ending)".utf8)
    }
  }

  private var content: [UInt8] {
    let signature = Array("-- \n2.39.5\n".utf8)
    let stat = Array("---\n a.c | 1 +\n\n".utf8)
    let whole: [UInt8] = text + stat + diff + signature
    let html = Array("Content-Type: text/html; charset=utf-8\n\n<pre>diff --git a/x b/x</pre>\n".utf8)
    let key = Array("Content-Type: application/pgp-signature; name=\"x.asc\"\n\n-----BEGIN PGP SIGNATURE-----\n".utf8)
    let footer = Array("Content-Type: text/plain; charset=us-ascii\n\n_______\nlist mailing list\n".utf8)
    switch form {
    case .plain: return part(whole)
    case .footed: return Self.multipart("mixed", "=-=b", [part(whole), footer])
    case .signed: return Self.multipart("signed", "sig", [part(whole), key])
    case .alternative: return Self.multipart("alternative", "alt", [part(whole), html])
    case .attached:
      let parts = [part(text, type: "text/plain"), part(diff, type: "text/x-patch")]
      let inner = Self.multipart("mixed", "in", parts, isOuter: false)
      return Self.multipart("signed", "out", [inner, key])
    case .file:
      let name = "\n filename*0=\"0001-a-very-long-name-of-a-patch-that-is-folded\";\n filename*1=\".patch\""
      let attachment = part(diff, type: "application/octet-stream", more: "Content-Disposition: attachment;\(name)\n")
      return Self.multipart("mixed", "mix", [part(text), attachment])
    case .flowed: return part(Self.flowed(whole), type: "text/plain; format=flowed")
    }
  }

  /// With a space in front of each line that starts with one, as in RFC 3676.
  private static func flowed(_ bytes: [UInt8]) -> [UInt8] {
    let lines = Lines(bytes)
    return lines.ranges.flatMap { (bytes[$0].first == 0x20 ? [0x20] : []) + bytes[$0] }
  }

  private func part(_ bytes: [UInt8], type: String = "text/plain", more: String = "") -> [UInt8] {
    var header = "Content-Type: \(type)"
    if let charset { header += "; charset=\"\(charset)\"" }
    header += "\n" + more
    let body: [UInt8]
    switch encoding {
    case .eightBit:
      header += "Content-Transfer-Encoding: 8bit\n"
      body = bytes
    case .quotedPrintable:
      header += "Content-Transfer-Encoding: quoted-printable\n"
      body = Self.quotedPrintable(bytes)
    case .base64:
      header += "Content-Transfer-Encoding: base64\n"
      body = [UInt8](Data(bytes).base64EncodedData(options: [.lineLength76Characters, .endLineWithLineFeed])) + [0x0A]
    }
    return Array(header.utf8) + [0x0A] + body
  }

  private static func multipart(_ kind: String, _ boundary: String, _ parts: [[UInt8]], isOuter: Bool = true) -> [UInt8]
  {
    var result = Array("Content-Type: multipart/\(kind);\n boundary=\"\(boundary)\"\n\n".utf8)
    // git takes what stands before the parts of an inner level for text; none is written in practice.
    if isOuter { result += Array("For old readers.\n".utf8) }
    for part in parts {
      result += Array("\n--\(boundary)\n".utf8)
      result += part
    }
    result += Array("\n--\(boundary)--\n".utf8)
    return result
  }

  /// Escapes what must be, spaces at the ends of lines, and breaks lines at 76 columns.
  static func quotedPrintable(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var column = 0
    for (index, byte) in bytes.enumerated() {
      if byte == 0x0A {
        result.append(byte)
        column = 0
        continue
      }
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0x0A
      let plain = isPlain(byte) || (byte == 0x20 && next != 0x0A)
      let token: [UInt8] = plain ? [byte] : Array("=\(hexadecimal(byte))".utf8)
      if column + token.count > 75 {
        result += Array("=\n".utf8)
        column = 0
      }
      result += token
      column += token.count
    }
    return result
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "=")
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }

  private static func withCRLF(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { (byte: UInt8) -> [UInt8] in byte == 0x0A ? [0x0D, 0x0A] : [byte] }
  }

  /// As an mboxrd quotes lines that look like the one between two messages.
  private static func quoted(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var result: [UInt8] = []
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let unquoted = line.drop { $0 == UInt8(ascii: ">") }
      if unquoted.starts(with: Array("From ".utf8)) { result.append(UInt8(ascii: ">")) }
      result += line
      result.append(0x0A)
    }
    return result.dropLast()
  }
}
