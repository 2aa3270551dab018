public import CSource
public import Descriptions
public import Diagnostics

/// Every ops table and every direct user of the old op in a tree, and whether the series covers it.
public struct Coverage: Sendable, Codable {
  /// How the series covers a table or a user.
  public enum Status: String, Sendable, Codable {
    /// The series removes the old op from it.
    case described
    /// It needs no description, for a stated reason.
    case exempt
    /// It keeps the old op, or is a table without it that no exemption names.
    case uncovered
    /// Its type, which would tell whether it is one of the op's, is not known.
    case undecided
  }

  /// An ops table of the tree.
  public struct Table: Sendable, Codable {
    /// The table before the series.
    public var table: OpsTable
    /// The callback, or the macro that sets it; nil if the table does not set the old op.
    public var callback: String?
    /// How the old op is set: `macro` if a macro used in the table sets it, else as the table's members are.
    public var via: OpsTable.Via
    /// Whether the series covers the table.
    public var status: Status
    /// The reason of the exemption; nil for tables that are not exempt.
    public var reason: String?
    /// The place that sets the old op, or of the macro that does; nil if the table does not set it.
    public var setPlace: Place?
  }

  /// A direct call of the old op.
  public struct User: Sendable, Codable {
    /// The call before the series.
    public var call: MemberCall
    /// Whether the series covers the call; never `exempt`.
    public var status: Status
  }

  /// A place that may be a table or a call of the old op.
  public struct Undecided: Sendable, Codable {
    /// The place before the series.
    public var use: UndecidedUse
    /// Whether the series removes it, exempts it, or leaves it undecided.
    public var status: Status
    /// The reason of the exemption.
    public var reason: String?
  }

  /// The tables of all affected structs, sorted by file.
  public var tables: [Table] = []
  /// The calls of the old op, sorted by file.
  public var users: [User] = []
  /// The places whose types are not known, sorted by file.
  public var undecided: [Undecided] = []

  /// Compares the inventories before and after the series: tables and users that keep the old op are not covered.
  ///
  /// - Parameters:
  ///   - files: the files of the tree, by path.
  ///   - edited: the files that the series edits, as it leaves them.
  ///   - contents: any file of the tree, for the types that headers declare.
  init(
    of series: SeriesDescription, in files: [String: SourceFile], edited: [String: SourceFile],
    contents: @escaping (String) -> [UInt8]?
  ) {
    let structures = Set(series.ops.map(\.structure))
    let members = Set(series.ops.map(\.old))
    let types = Types { files[$0]?.bytes ?? contents($0) }
    let typesLeft = Types { edited[$0]?.bytes ?? files[$0]?.bytes ?? contents($0) }
    let inventories = files.sorted { $0.key < $1.key }.map { path, file in
      let before = file.inventory(structures: structures, members: members, types: types)
      let after = edited[path]?.inventory(structures: structures, members: members, types: typesLeft)
      return (before: before, after: after ?? before)
    }
    // A table that sets the op through a macro does not name the op.
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
      var unknown = after.undecided
      for use in before.undecided {
        let same = unknown.firstIndex { $0.function == use.function && $0.text == use.text }
        if let same { unknown.remove(at: same) }
        let exemption = series.exemptions.first { $0.settles(use) }
        undecided.append(
          Undecided(
            use: use, status: same == nil ? .described : exemption == nil ? .undecided : .exempt,
            reason: exemption?.reason))
      }
    }
  }

  private static func entry(
    _ table: OpsTable, _ setters: Setters, uncovered: Bool, _ exemptions: [Exemption]
  ) -> Table {
    let callback = setters.callback(of: table)
    let via = callback?.isMacro == true ? .macro : table.via
    if let callback {
      return Table(
        table: table, callback: callback.text, via: via, status: uncovered ? .uncovered : .described,
        setPlace: callback.place)
    }
    let exemption = exemptions.first { exemption in
      guard case .tables(table.structure, let setsNone) = exemption.subject else { return false }
      return !table.entries.contains { setsNone.contains($0.member) }
    }
    return Table(
      table: table, callback: nil, via: via, status: exemption == nil ? .uncovered : .exempt,
      reason: exemption?.reason)
  }

  /// A finding for each uncovered table and user, with its place and the next step.
  public func findings(_ series: SeriesDescription) -> [Finding] {
    let tables = tables.filter { $0.status == .uncovered }.map { entry in
      Finding(
        at: entry.table.entries.first { entry in series.ops.contains { $0.old == entry.member } }?.place
          ?? entry.table.place,
        "no description covers the struct \(entry.table.structure) '\(entry.table.name)'"
          + (entry.callback.map { ", which sets \($0)" } ?? ""),
        notes: [
          "`seriesmith describe \(entry.table.place.file) --series \(series.name)` drafts a description",
          "if it needs none, give the reason under 'exempt' in \(series.folder)/series.yaml",
        ])
    }
    let users = users.filter { $0.status == .uncovered }.map { user in
      Finding(
        at: user.call.place,
        "no description covers this call of \(user.call.receiver)->\(user.call.member)()"
          + (user.call.function.map { " in \($0)()" } ?? ""),
        notes: ["describe it in \(series.folder)/callers/"])
    }
    let undecided = undecided.filter { $0.status == .undecided }.map { entry in
      Finding(
        at: entry.use.place,
        "cannot tell to which struct the member in '\(entry.use.text)' belongs"
          + (entry.use.function.map { " in \($0)()" } ?? ""),
        notes: [
          "if it is one of the op's, describe it; else say under 'exempt' in \(series.folder)/series.yaml whose it is:",
          "- {file: \(entry.use.place.file), \(entry.use.function.map { "function: \($0), " } ?? "")reason: …}",
        ])
    }
    return tables + users + undecided
  }
}

extension Exemption {
  /// Whether this says of an undecided place that it is none of the op's.
  fileprivate func settles(_ use: UndecidedUse) -> Bool {
    guard case .places(let file, let function, let call) = subject else { return false }
    return (file ?? use.place.file) == use.place.file && (function == nil || function == use.function)
      && (call ?? use.text) == use.text
  }
}

/// The macros that set the op for the tables that use them, directly or through other macros.
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

  func callback(of table: OpsTable) -> (text: String, isMacro: Bool, place: Place)? {
    if let entry = table.entries.first(where: { members.contains($0.member) }) {
      return (entry.value, false, entry.place)
    }
    return table.macros.first { macros.contains($0.name) }.map { ($0.text, true, $0.place) }
  }
}
