import CSource
import Diagnostics

/// The ops tables, calls and structs of one state of the tree, as far as a migration concerns them.
struct OpsState {
  private let migrations: [Migration]
  private let structures: Set<String>
  private let members: Set<String>
  private var files: [String: SourceFile] = [:]
  private var inventories: [String: OpsInventory] = [:]
  private var callbacks: [String: [String: Set<String>]] = [:]
  private var pointers: [String: [String: Set<String>]] = [:]
  private let types: Types

  /// - Parameter contents: a file of the base, for the types that headers declare.
  init(_ migrations: [Migration], contents: @escaping (String) -> [UInt8]?) {
    self.migrations = migrations
    types = Types(contents: contents)
    structures = Set(migrations.map(\.structure))
    members = migrations.reduce(into: []) { $0.formUnion($1.members) }
  }

  /// Reads a file as it is in this state; nil stands for a deleted one.
  mutating func update(_ path: String, _ bytes: [UInt8]?) {
    let file = bytes.map { SourceFile(path: path, bytes: $0) }
    types.update(path, file)
    guard let file else {
      (files[path], inventories[path], callbacks[path], pointers[path]) = (nil, nil, nil, nil)
      return
    }
    files[path] = file
    inventories[path] = file.inventory(structures: structures, members: members, types: types)
    callbacks[path] = path.hasSuffix(".h") ? file.callbacks() : nil
    pointers[path] = file.pointers(to: structures)
  }

  /// Identifies a table by what stays the same when its contents change.
  struct TableName: Hashable {
    var file: String
    var structure: String
    var name: String
  }

  /// The migrating members that each table sets, itself or through a macro.
  func settings() -> [TableName: (members: Set<String>, place: Place)] {
    let macros = membersByMacro()
    var result: [TableName: (members: Set<String>, place: Place)] = [:]
    for (path, inventory) in inventories {
      // What a function sets of a table that is built elsewhere has no name of its own.
      for table in inventory.tables where structures.contains(table.structure) && !table.isMember {
        var set = Set(table.entries.filter(Self.isSet).map(\.member)).intersection(members)
        for use in table.macros { set.formUnion(macros[use.name] ?? []) }
        result[TableName(file: path, structure: table.structure, name: table.name)] = (set, table.place)
      }
    }
    return result
  }

  /// Whether an entry gives its member a function.
  private static func isSet(_ entry: OpsTable.Entry) -> Bool { !["NULL", "0"].contains(entry.value) }

  private func membersByMacro() -> [String: Set<String>] {
    let macros = inventories.values.flatMap(\.macros)
    var result: [String: Set<String>] = [:]
    for macro in macros { result[macro.name, default: []].formUnion(macro.entries.filter(Self.isSet).map(\.member)) }
    var changed = true
    while changed {
      changed = false
      for macro in macros {
        for use in macro.uses {
          guard let passed = result[use], !passed.isSubset(of: result[macro.name] ?? []) else { continue }
          result[macro.name, default: []].formUnion(passed)
          changed = true
        }
      }
    }
    return result
  }

  /// Whether a struct has a callback in this state; nil when no file read so far defines the struct.
  func has(_ member: String, _ structure: String) -> Bool? {
    let definitions = callbacks.values.compactMap { $0[structure] }
    return definitions.isEmpty ? nil : definitions.contains { $0.contains(member) }
  }

  /// Every direct call through a migrating member, with the structs its receiver may point to, in the order of the files.
  func calls() -> [(file: String, call: MemberCall, structures: Set<String>)] {
    inventories.sorted { $0.key < $1.key }.flatMap { path, inventory in
      inventory.calls.map { (path, $0, candidates(for: $0).intersection($0.structure.map { [$0] } ?? [])) }
        + inventory.undecided.compactMap(\.call).map { (path, $0, structures(behind: $0, in: path)) }
    }
  }

  /// The structs of which the called member migrates.
  private func candidates(for call: MemberCall) -> Set<String> {
    Set(migrations.filter { $0.members.contains(call.member) }.map(\.structure))
  }

  /// The structs that the last name of a receiver, whose type is not known, is declared to point to: in the same file,
  /// else in the headers.
  private func structures(behind call: MemberCall, in path: String) -> Set<String> {
    let candidates = candidates(for: call)
    let separators: Set<Character> = [".", ">", "-", "(", ")", "*", "&", " "]
    guard let name = call.receiver.split(whereSeparator: separators.contains).last.map(String.init) else { return [] }
    if let local = pointers[path]?[name] { return local.intersection(candidates) }
    let declared = pointers.filter { $0.key.hasSuffix(".h") }.compactMap { $0.value[name] }
    return declared.reduce(into: Set<String>()) { $0.formUnion($1) }.intersection(candidates)
  }

  /// Whether the calling function tests any of the migrating members first, so that a table may lack the one called.
  func isGuarded(_ call: MemberCall, in path: String) -> Bool {
    guard let function = call.function, let file = files[path] else { return false }
    return members.contains { file.tests($0, of: call.receiver, in: function) }
  }
}

/// An ops struct whose callbacks a series adds or removes.
struct Migration: Hashable {
  var structure: String
  /// The callbacks the series adds to or removes from it.
  var members: Set<String>
  /// Those that the base does not have.
  var added: Set<String> = []
}

extension Migration {
  /// The structs whose callbacks differ between the states of the series, as its headers declare them.
  ///
  /// - Parameter headers: for each header the series changes, its callbacks by struct at the base and after each patch.
  static func found(in headers: [[[String: Set<String>]]]) -> [Migration] {
    var changed: [String: Set<String>] = [:]
    var known: [String: Set<String>] = [:]
    for states in headers {
      guard let base = states.first else { continue }
      known.merge(base) { $0.union($1) }
      for state in states.dropFirst() {
        for structure in Set(base.keys).union(state.keys) {
          // A struct that is entirely new or entirely gone migrates nothing.
          guard let before = base[structure], let after = state[structure], before != after else { continue }
          changed[structure, default: []].formUnion(before.symmetricDifference(after))
        }
      }
    }
    return changed.map { structure, members in
      Migration(structure: structure, members: members, added: members.subtracting(known[structure] ?? []))
    }.sorted { $0.structure < $1.structure }
  }
}
