/// The sections and symbols of a relocatable ELF file, of either width and byte order.
///
/// The bytes are not trusted: a read beyond the end of the file returns nil.
struct ElfObject {
  struct Section {
    var name: String
    var type: UInt64
    /// The section's bytes; empty where the file stores none (`SHT_NOBITS`).
    var contents: ArraySlice<UInt8>
    var link: Int
  }

  struct Symbol {
    var name: String
    var isGlobal: Bool
    var isWeak: Bool
    /// `st_shndx` as stored in the table.
    var section: Int
    var value: UInt64

    var isDefined: Bool { section != 0 }
  }

  /// `e_machine`.
  let machine: Int
  let sections: [Section]
  let symbols: [Symbol]

  /// Returns nil unless the bytes are a sound relocatable object (`ET_REL`) with a symbol table.
  init?(_ bytes: [UInt8]) {
    guard let fields = Fields(bytes) else { return nil }
    guard fields.integer(at: 16, 2) == 1, let machine = fields.index(at: 18, 2) else { return nil }
    guard let sections = fields.sections() else { return nil }
    guard let table = sections.first(where: { $0.type == 2 }), sections.indices.contains(table.link),
      let symbols = fields.symbols(table.contents, names: sections[table.link].contents)
    else { return nil }
    self.machine = machine
    self.sections = sections
    self.symbols = symbols
  }

  /// The text at an offset up to its NUL; nil when there is no NUL within 4096 bytes.
  ///
  /// The kernel's names are shorter than 512 bytes (`KSYM_NAME_LEN`). Without a limit, a table whose names all share one
  /// long text would take forever.
  static func text(_ bytes: ArraySlice<UInt8>, at offset: Int) -> String? {
    guard offset >= 0, offset < bytes.count else { return nil }
    let rest = bytes.dropFirst(offset).prefix(4096)
    guard let end = rest.firstIndex(of: 0) else { return nil }
    return String(decoding: rest[..<end], as: UTF8.self)
  }
}

extension ElfObject {
  /// The positions of fields for the file's width and byte order.
  private struct Fields {
    let bytes: [UInt8]
    let isWide: Bool
    let isBigEndian: Bool

    init?(_ bytes: [UInt8]) {
      guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]), bytes.count >= 52 else { return nil }
      guard (1...2).contains(bytes[4]), (1...2).contains(bytes[5]) else { return nil }
      self.bytes = bytes
      isWide = bytes[4] == 2
      isBigEndian = bytes[5] == 2
    }

    /// An unsigned field of `size` bytes; nil beyond the end of the file.
    func integer(at offset: Int, _ size: Int) -> UInt64? {
      guard offset >= 0, offset <= bytes.count - size else { return nil }
      var value: UInt64 = 0
      for index in 0..<size {
        let byte = bytes[offset + (isBigEndian ? index : size - 1 - index)]
        value = value << 8 | UInt64(byte)
      }
      return value
    }

    /// As `integer`, for a value used as a count or an offset.
    func index(at offset: Int, _ size: Int) -> Int? { integer(at: offset, size).flatMap { Int(exactly: $0) } }

    /// An address or offset, as wide as the file's class.
    func word(at offset: Int) -> Int? { index(at: offset, isWide ? 8 : 4) }

    func slice(_ offset: Int, _ size: Int) -> ArraySlice<UInt8>? {
      guard offset >= 0, size >= 0, offset <= bytes.count, size <= bytes.count - offset else { return nil }
      return bytes[offset..<offset + size]
    }

    func sections() -> [Section]? {
      let size = isWide ? 64 : 40
      guard let start = word(at: isWide ? 40 : 32), start > 0, start <= bytes.count,
        index(at: isWide ? 58 : 46, 2) == size, var count = index(at: isWide ? 60 : 48, 2),
        var names = index(at: isWide ? 62 : 50, 2)
      else { return nil }
      // With more sections than 16 bits can count, the first section header holds both numbers.
      if count == 0 { count = word(at: start + (isWide ? 32 : 20)) ?? 0 }
      if names == 0xffff { names = index(at: start + (isWide ? 40 : 24), 4) ?? 0 }
      guard count > 0, count <= (bytes.count - start) / size, names < count else { return nil }

      var found: [(name: Int, section: Section)] = []
      for header in (0..<count).map({ start + $0 * size }) {
        guard let name = index(at: header, 4), let type = integer(at: header + 4, 4),
          let offset = word(at: header + (isWide ? 24 : 16)), let length = word(at: header + (isWide ? 32 : 20)),
          let link = index(at: header + (isWide ? 40 : 24), 4)
        else { return nil }
        // Type 0 (SHT_NULL) is the header with the numbers above; type 8 (SHT_NOBITS) has no bytes in the file.
        guard let contents = type == 0 || type == 8 ? [] : slice(offset, length) else { return nil }
        found.append((name, Section(name: "", type: type, contents: contents, link: link)))
      }
      let strings = found[names].section.contents
      var sections: [Section] = []
      for entry in found {
        guard let text = ElfObject.text(strings, at: entry.name) else { return nil }
        var section = entry.section
        section.name = text
        sections.append(section)
      }
      return sections
    }

    func symbols(_ table: ArraySlice<UInt8>, names: ArraySlice<UInt8>) -> [Symbol]? {
      let size = isWide ? 24 : 16
      guard table.count.isMultiple(of: size) else { return nil }
      var symbols: [Symbol] = []
      symbols.reserveCapacity(table.count / size)
      for entry in stride(from: table.startIndex, to: table.endIndex, by: size) {
        guard let name = index(at: entry, 4), let info = integer(at: entry + (isWide ? 4 : 12), 1),
          let section = index(at: entry + (isWide ? 6 : 14), 2),
          let value = integer(at: entry + (isWide ? 8 : 4), isWide ? 8 : 4), let text = ElfObject.text(names, at: name)
        else { return nil }
        symbols.append(
          Symbol(name: text, isGlobal: info >> 4 == 1, isWeak: info >> 4 == 2, section: section, value: value))
      }
      return symbols
    }
  }
}
