/// The local `#include` lines of a source file.
enum IncludeScan {
  /// What a file includes that may lie in its own part of the tree.
  enum Target: Hashable, Sendable {
    /// `#include "path"`.
    case quoted(String)
    /// `#include MACRO`: it can be any header of the file's own folder or of those it includes from.
    case computed
  }

  static func targets(in source: [UInt8]) -> [Target] {
    var targets: [Target] = []
    source.withUnsafeBufferPointer { bytes in
      var position = 0
      while position < bytes.count {
        var cursor = position
        func skipBlanks() {
          while cursor < bytes.count, bytes[cursor] == 0x20 || bytes[cursor] == 0x09 { cursor += 1 }
        }
        skipBlanks()
        if cursor < bytes.count, bytes[cursor] == UInt8(ascii: "#") {
          cursor += 1
          skipBlanks()
          if bytes[cursor...].starts(with: "include".utf8) {
            cursor += 7
            skipBlanks()
            if let target = target(bytes, cursor) { targets.append(target) }
          }
        }
        while position < bytes.count, bytes[position] != 0x0a { position += 1 }
        position += 1
      }
    }
    return targets
  }

  private static func target(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Target? {
    guard start < bytes.count else { return nil }
    switch bytes[start] {
    case UInt8(ascii: "\""):
      let name = bytes[(start + 1)...].prefix { $0 != UInt8(ascii: "\"") && $0 != 0x0a }
      return .quoted(String(decoding: name, as: UTF8.self))
    case let byte where byte.isWord: return .computed
    default: return nil
    }
  }
}
