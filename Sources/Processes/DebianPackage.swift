/// A Debian package that Seriesmith needs, one line of `packages.list`.
public struct DebianPackage: Sendable, Hashable {
  /// The package's name: "clang-19".
  public var name: String
  /// The files whose presence shows that the package is installed.
  public var items: [Item]
  /// The commands and tasks that cannot work without the package: "verify".
  public var neededBy: [String]
  /// The commands and tasks that use the package but work without it.
  public var optionalFor: [String]
  /// What Seriesmith uses the package for: "checking the archive's signatures".
  public var purpose: String

  /// A file that a package installs.
  public enum Item: Sendable, Hashable {
    /// A program on `PATH`.
    case program(String)
    /// A file, by its absolute path.
    case file(String)
    /// A header that a compiler finds: "openssl/ssl.h".
    case header(String)
    /// A library that the linker finds for a static link: "cap".
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

  /// All packages, in the order of the list, which is embedded in the program.
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

  /// The name of the package that provides a program; nil for a program that is not in the list.
  public static func name(having program: String) -> String? {
    all.first { $0.items.contains(.program(program)) }?.name
  }

  /// Notes for a failure that tell how to install missing programs; empty if no listed package provides any of them.
  public static func advice(for programs: String...) -> [String] {
    advice(installing: programs.compactMap(name(having:)))
  }

  /// Notes for a failure that tell how to install missing packages; empty if `names` is empty.
  public static func advice(installing names: some Sequence<String>) -> [String] {
    let names = Set(names).sorted()
    return names.isEmpty ? [] : ["apt-get install " + names.joined(separator: " ")]
  }
}

extension DebianPackage.Item: CustomStringConvertible {
  /// The item as written in the list.
  public var description: String {
    switch self {
    case .program(let name): name
    case .file(let path): path
    case .header(let name): "<\(name)>"
    case .library(let name): "-l\(name)"
    }
  }
}
