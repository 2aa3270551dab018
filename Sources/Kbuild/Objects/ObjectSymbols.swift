/// An object's symbols as the link sees them: undefined, defined, and exported to modules.
///
/// They are read as modpost reads them (scripts/mod/modpost.c, include/linux/export.h).
public struct ObjectSymbols: Sendable, Hashable, Codable {
  /// An `EXPORT_SYMBOL` of any kind.
  public struct Export: Sendable, Hashable, Codable {
    /// The name of the exported symbol.
    public var name: String
    /// Whether only modules with a licence compatible with the GPL may use it.
    public var gplOnly: Bool
    /// The namespace to import; empty for none. `module:a,b*` allows only those modules
    /// (`EXPORT_SYMBOL_FOR_MODULES`).
    public var namespace: String

    /// Assembles an export from its parts.
    public init(name: String, gplOnly: Bool = false, namespace: String = "") {
      self.name = name
      self.gplOnly = gplOnly
      self.namespace = namespace
    }
  }

  /// The ELF machine number (`e_machine`): 62 is x86_64.
  public var machine: Int
  /// Symbols that some other object must define.
  public var undefined: Set<String>
  /// Symbols that may stay undefined.
  public var weakUndefined: Set<String>
  /// The global symbols it defines, without static ones.
  public var defined: Set<String>
  /// The weak symbols it defines, which another object's definition may replace.
  public var weakDefined: Set<String>
  /// The symbols, of those it defines, in sections that the kernel throws away: `.init.text`, `.exit.text` and the like.
  public var discarded: Set<String>
  /// The exports, sorted by name.
  public var exports: [Export]
  /// The namespaces in `MODULE_IMPORT_NS`.
  public var importedNamespaces: Set<String>
  /// Whether it has a `MODULE_DESCRIPTION`: without one, modpost warns of the module.
  public var hasDescription = false
  /// The texts in `MODULE_LICENSE`; most objects of a module have none.
  public var licenses: Set<String>

  /// Assembles the symbols of an object, by default none, for x86_64.
  public init(
    machine: Int = 62, undefined: Set<String> = [], weakUndefined: Set<String> = [], defined: Set<String> = [],
    weakDefined: Set<String> = [], discarded: Set<String> = [], exports: [Export] = [],
    importedNamespaces: Set<String> = [],
    licenses: Set<String> = []
  ) {
    self.machine = machine
    self.undefined = undefined
    self.weakUndefined = weakUndefined
    self.defined = defined
    self.weakDefined = weakDefined
    self.discarded = discarded
    self.exports = exports
    self.importedNamespaces = importedNamespaces
    self.licenses = licenses
  }

  /// Reads a relocatable object; nil unless the bytes are a sound one.
  public init?(elf bytes: [UInt8]) {
    guard let object = ElfObject(bytes), let exports = Self.exports(of: object) else { return nil }
    self.init(machine: object.machine, exports: exports)
    for symbol in object.symbols where (symbol.isGlobal || symbol.isWeak) && !symbol.name.isEmpty {
      switch (symbol.isDefined, symbol.isWeak) {
      case (true, false): defined.insert(symbol.name)
      case (true, true): weakDefined.insert(symbol.name)
      case (false, false): undefined.insert(symbol.name)
      case (false, true): weakUndefined.insert(symbol.name)
      }
      if symbol.isDefined, object.sections.indices.contains(symbol.section),
        [".init.", ".exit."].contains(where: object.sections[symbol.section].name.hasPrefix)
      {
        discarded.insert(symbol.name)
      }
    }
    for section in object.sections where section.name == ".modinfo" { readModuleInfo(section.contents) }
  }

  /// The export of a symbol; nil when this object does not export it.
  public func export(of name: String) -> Export? { exports.first { $0.name == name } }

  /// Reads `.export_symbol`, where a label `__export_symbol_NAME` precedes the licence and the namespace.
  private static func exports(of object: ElfObject) -> [Export]? {
    guard let index = object.sections.firstIndex(where: { $0.name == ".export_symbol" }) else { return [] }
    let contents = object.sections[index].contents
    var exports: [Export] = []
    // A section number of more than 16 bits is stored elsewhere (0xffff here); no other section has labels of this name.
    for symbol in object.symbols
    where symbol.name.hasPrefix("__export_symbol_") && (symbol.section == index || symbol.section == 0xffff) {
      guard let offset = Int(exactly: symbol.value), let license = ElfObject.text(contents, at: offset),
        let namespace = ElfObject.text(contents, at: offset + license.utf8.count + 1)
      else { return nil }
      let name = String(symbol.name.dropFirst("__export_symbol_".count))
      exports.append(Export(name: name, gplOnly: license == "GPL", namespace: namespace))
    }
    return exports.sorted { $0.name < $1.name }
  }

  /// Reads `tag=value` texts; in built-in code the module's name precedes the tag.
  private mutating func readModuleInfo(_ contents: ArraySlice<UInt8>) {
    for entry in contents.split(separator: 0) {
      guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let value = String(decoding: entry[(equals + 1)...], as: UTF8.self)
      switch entry[..<equals].split(separator: UInt8(ascii: ".")).last.map({ String(decoding: $0, as: UTF8.self) }) {
      case "import_ns": importedNamespaces.insert(value)
      case "license": licenses.insert(value)
      case "description": hasDescription = true
      default: break
      }
    }
  }
}
