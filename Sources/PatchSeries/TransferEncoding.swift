/// How a mail's body is written into its lines (RFC 2045, 6).
enum TransferEncoding {
  case identity, quotedPrintable, base64

  /// - Parameter text: the `Content-Transfer-Encoding`, nil without one. Nil is returned for an unknown encoding.
  init?(_ text: String?) {
    switch text?.trimmed.lowercased() {
    case nil, "", "7bit", "8bit", "binary", "7-bit", "8-bit": self = .identity
    case "quoted-printable": self = .quotedPrintable
    case "base64": self = .base64
    default: return nil
    }
  }
}
