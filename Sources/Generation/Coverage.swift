public import CSource
public import Descriptions
public import Diagnostics

/// Every ops table and every direct user of the old op in a tree, and whether the series takes care of it.
public struct Coverage: Sendable, Codable {
  public enum Status: String, Sendable, Codable {
    case described, exempt, uncovered
  }

  public struct Table: Sendable, Codable {
    public var table: OpsTable
    /// The callback, or the macro that sets it; nil where the table does not set the op.
    public var callback: String?
    public var via: OpsTable.Via
    public var status: Status
    /// Why it needs no description.
    public var reason: String?
  }

  public struct User: Sendable, Codable {
    public var call: MemberCall
    public var status: Status
  }

  public var tables: [Table] = []
  public var users: [User] = []

  /// Compares what the files of a tree have with what the series leaves of it: what still has the old op is not covered.
  ///
  /// - Parameters:
  ///   - files: those of the tree, by path.
  ///   - edited: those that the series edits, as it leaves them.
  init(of series: SeriesDescription, in files: [String: SourceFile], edited: [String: SourceFile]) {
    let structures = Set(series.ops.map(\.structure))
    let members = Set(series.ops.map(\.old))
    func inventory(_ file: SourceFile) -> OpsInventory { file.inventory(structures: structures, members: members) }
    let inventories = files.sorted { $0.key < $1.key }.map { path, file in
      let before = inventory(file)
      return (before: before, after: edited[path].map(inventory) ?? before)
    }
    // A table may set the op by a macro and name neither the op nor, in a use of a table macro, the struct.
    let setters = Setters(inventories.map(\.before), members)
    let settersLeft = Setters(inventories.map(\.after), members)

    for (before, after) in inventories {
      for table in before.tables {
        let remaining = after.tables.first { $0.structure == table.structure && $0.name == table.name }
        let uncovered = remaining.map { settersLeft.callback(of: $0) != nil } ?? false
        tables.append(Self.entry(table, setters, uncovered: uncovered, series.exemptions))
      }
      var rest = after.calls
      for call in before.calls {
        let same = rest.firstIndex {
          $0.function == call.function && $0.receiver == call.receiver && $0.member == call.member
        }
        if let same { rest.remove(at: same) }
        users.append(User(call: call, status: same == nil ? .described : .uncovered))
      }
    }
  }

  private static func entry(
    _ table: OpsTable, _ setters: Setters, uncovered: Bool, _ exemptions: [Exemption]
  ) -> Table {
    let callback = setters.callback(of: table)
    let via = callback?.isMacro == true ? .macro : table.via
    if let callback {
      return Table(table: table, callback: callback.text, via: via, status: uncovered ? .uncovered : .described)
    }
    let exemption = exemptions.first { exemption in
      exemption.structure == table.structure
        && !table.entries.contains { exemption.setsNone.contains($0.member) }
    }
    return Table(
      table: table, callback: nil, via: via, status: exemption == nil ? .uncovered : .exempt,
      reason: exemption?.reason)
  }

  /// What is not covered, each with its place and the next step.
  public func findings(_ series: SeriesDescription) -> [Finding] {
    let tables = tables.filter { $0.status == .uncovered }.map { entry in
      Finding(
        at: entry.table.entries.first { entry in series.ops.contains { $0.old == entry.member } }?.place
          ?? entry.table.place,
        "no description covers the struct \(entry.table.structure) '\(entry.table.name)'"
          + (entry.callback.map { ", which sets \($0)" } ?? ""),
        notes: [
          "`seriesmith describe \(entry.table.place.file) --series \(series.name)` drafts a description",
          "where it needs none, list why under 'exempt' in \(series.folder)/series.yaml",
        ])
    }
    let users = users.filter { $0.status == .uncovered }.map { user in
      Finding(
        at: user.call.place,
        "no description covers this call of \(user.call.receiver)->\(user.call.member)()"
          + (user.call.function.map { " in \($0)()" } ?? ""),
        notes: ["describe it in \(series.folder)/callers/"])
    }
    return tables + users
  }
}

/// Which macros set the op for the tables that use them.
private struct Setters {
  private var macros: Set<String> = []
  private let members: Set<String>

  init(_ inventories: some Sequence<OpsInventory>, _ members: Set<String>) {
    self.members = members
    let all = inventories.flatMap(\.macros)
    var found = all.filter { !$0.entries.isEmpty }.map(\.name)
    while !found.isEmpty {
      macros.formUnion(found)
      found = all.filter { !macros.contains($0.name) && !macros.isDisjoint(with: $0.uses) }.map(\.name)
    }
  }

  func callback(of table: OpsTable) -> (text: String, isMacro: Bool)? {
    if let entry = table.entries.first(where: { members.contains($0.member) }) { return (entry.value, false) }
    return table.macros.first { macros.contains($0.name) }.map { ($0.text, true) }
  }
}
