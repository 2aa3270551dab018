/// What a mail's `Content-Type` or `Content-Disposition` says: `text/plain; charset="utf-8"`.
struct ContentType {
  /// In lower case: `text/plain`.
  let type: String
  private var parameters: [String: String] = [:]

  init(_ text: String) {
    var rest = Array(text.utf8)[...]
    type = rest.prefix { $0 != UInt8(ascii: ";") }.text.trimmed.lowercased()
    rest = rest.drop { $0 != UInt8(ascii: ";") }.dropFirst()
    while !rest.isEmpty {
      let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
      rest = rest.dropFirst(name.count)
      let value = rest.first == UInt8(ascii: "=") ? Self.value(&rest) : ""
      rest = rest.drop { $0 != UInt8(ascii: ";") }.dropFirst()
      let key = name.text.trimmed.lowercased()
      if parameters[key] == nil { parameters[key] = value }
    }
  }

  /// A parameter's value, by its name in lower case.
  subscript(name: String) -> String? { parameters[name] }

  var isMultipart: Bool { type.hasPrefix("multipart/") }

  /// Reads `=value` or `="value"` from the start of `rest`.
  private static func value(_ rest: inout ArraySlice<UInt8>) -> String {
    rest = rest.dropFirst().drop { $0.isSpace }
    guard rest.first == UInt8(ascii: "\"") else {
      let value = rest.prefix { $0 != UInt8(ascii: ";") && !$0.isSpace }
      rest = rest.dropFirst(value.count)
      return value.text
    }
    var value: [UInt8] = []
    rest = rest.dropFirst()
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      value.append(byte == UInt8(ascii: "\\") ? rest.popFirst() ?? byte : byte)
    }
    return value.text
  }
}
