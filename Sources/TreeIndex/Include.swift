/// The header that an `#include` line names.
public enum Include: Hashable, Sendable {
  /// `#include <path>`.
  case angled(String)
  /// `#include "path"`.
  case quoted(String)
  /// `#include MACRO`, which may mean any header of the file's folder.
  case computed
}

extension Include {
  /// The include as a line of an index; the first character is its kind.
  var stored: String {
    switch self {
    case .angled(let path): "<" + path
    case .quoted(let path): "\"" + path
    case .computed: "*"
    }
  }

  init(stored: Slice<UnsafeRawBufferPointer>) {
    var path: String { String(decoding: stored.dropFirst(), as: UTF8.self) }
    switch stored.first {
    case UInt8(ascii: "<"): self = .angled(path)
    case UInt8(ascii: "\""): self = .quoted(path)
    default: self = .computed
    }
  }

  /// The hash of the path's last component; all computed includes share one.
  var hash: UInt32 {
    switch self {
    case .angled(let path), .quoted(let path): FileWords.hash(of: path.lastComponent)
    case .computed: FileWords.hash(of: "*")
    }
  }

  /// The `#include` lines of a source file, those in comments and under any condition included.
  public static func all(in source: [UInt8]) -> [Include] {
    source.withUnsafeBytes { all(in: $0) }
  }

  static func all(in bytes: UnsafeRawBufferPointer) -> [Include] {
    var found: [Include] = []
    var position = 0
    while position < bytes.count {
      var cursor = position
      func skipBlanks() {
        while cursor < bytes.count, bytes[cursor] == 0x20 || bytes[cursor] == 0x09 { cursor &+= 1 }
      }
      skipBlanks()
      if cursor < bytes.count, bytes[cursor] == UInt8(ascii: "#") {
        cursor &+= 1
        skipBlanks()
        if bytes[cursor...].starts(with: "include".utf8) {
          cursor &+= 7
          skipBlanks()
          if let include = include(bytes, cursor) { found.append(include) }
        }
      }
      while position < bytes.count, bytes[position] != 0x0a { position &+= 1 }
      position &+= 1
    }
    return found
  }

  private static func include(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Include? {
    guard start < bytes.count else { return nil }
    func path(until end: UInt8) -> String {
      String(decoding: bytes[(start + 1)...].prefix { $0 != end && $0 != 0x0a }, as: UTF8.self)
    }
    switch bytes[start] {
    case UInt8(ascii: "\""): return .quoted(path(until: UInt8(ascii: "\"")))
    case UInt8(ascii: "<"): return .angled(path(until: UInt8(ascii: ">")))
    case UInt8(ascii: "_"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
      return .computed
    default: return nil
    }
  }
}

extension StringProtocol where UTF8View: BidirectionalCollection {
  /// The part after the last slash, or everything if there is none.
  package var lastComponent: SubSequence { slash.map { self[utf8.index(after: $0)...] } ?? self[...] }

  /// The part before the last slash; empty if there is none.
  package var folder: SubSequence { slash.map { self[..<$0] } ?? self[startIndex..<startIndex] }

  private var slash: Index? { utf8.lastIndex(of: UInt8(ascii: "/")) }
}
