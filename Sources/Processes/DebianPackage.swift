/// A package of Debian that Seriesmith needs, as `packages.list` has it.
public struct DebianPackage: Sendable, Hashable {
  public var name: String
  /// What it is known by.
  public var items: [Item]
  /// What needs it: "verify". What can do without is in `optionalFor`.
  public var neededBy: [String]
  public var optionalFor: [String]
  public var purpose: String

  /// A thing that a package brings.
  public enum Item: Sendable, Hashable {
    case program(String)
    case file(String)
    /// A header that a compiler finds: "openssl/ssl.h".
    case header(String)
    /// A library that can be linked statically: "cap".
    case library(String)

    init(_ text: Substring) {
      if text.hasPrefix("/") {
        self = .file(String(text))
      } else if text.hasPrefix("<") {
        self = .header(String(text.dropFirst().dropLast()))
      } else if text.hasPrefix("-l") {
        self = .library(String(text.dropFirst(2)))
      } else {
        self = .program(String(text))
      }
    }
  }

  /// All of them, in the list's order. The list is part of the program.
  public static let all = String(decoding: PackageResources.packages_list, as: UTF8.self)
    .split(separator: "\n").filter { !$0.hasPrefix("#") }.map(DebianPackage.init)

  private init(_ line: Substring) {
    let columns = line.split(separator: ":").map { $0.split(separator: " ") }
    name = String(columns[0][0])
    items = columns[1].map(Item.init)
    neededBy = columns[2].filter { !$0.hasSuffix("?") }.map(String.init)
    optionalFor = columns[2].filter { $0.hasSuffix("?") }.map { String($0.dropLast()) }
    purpose = columns[3].joined(separator: " ")
  }

  /// The name of the package that has a program; nil for a program that is not in the list.
  public static func name(having program: String) -> String? {
    all.first { $0.items.contains(.program(program)) }?.name
  }

  /// What to do where programs are missing, for the notes of a failure; nothing where no package is known to have them.
  public static func advice(for programs: String...) -> [String] {
    advice(installing: programs.compactMap(name(having:)))
  }

  /// What to do where packages are missing.
  public static func advice(installing names: some Sequence<String>) -> [String] {
    let names = Set(names).sorted()
    return names.isEmpty ? [] : ["apt-get install " + names.joined(separator: " ")]
  }
}

extension DebianPackage.Item: CustomStringConvertible {
  /// As the list has it.
  public var description: String {
    switch self {
    case .program(let name): name
    case .file(let path): path
    case .header(let name): "<\(name)>"
    case .library(let name): "-l\(name)"
    }
  }
}
