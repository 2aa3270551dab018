import CSource
import Diagnostics

/// The rules an ops migration must keep at every commit, whether or not a compiler would notice.
///
/// The series itself tells which structs and members migrate: the callbacks it adds to or removes from a struct.
/// 1. A table or a call uses a member only while its struct has it.
/// 2. A table that has had the op, under its old or its new name, always has one of the two.
/// 3. Every table that a call may reach sets the called member, unless the calling function tests for a member.
struct StructureRules {
  /// The contents of a file of the base; nil for a file it does not have.
  typealias Contents = (_ path: String) -> [UInt8]?

  private let patches: [[String: [UInt8]?]]
  private let contents: Contents
  private let migrations: [Migration]

  /// - Parameter patches: for each patch, the files it changes, as they are after it; nil for a deleted one.
  init(_ patches: [[String: [UInt8]?]], contents: @escaping Contents) {
    self.patches = patches
    self.contents = contents
    migrations = Self.migrations(patches, contents)
  }

  /// The structs that migrate and their members: a file that names none of these does not matter.
  var words: Set<String> { Set(migrations.map(\.structure)).union(migrations.flatMap(\.members)) }

  /// For each struct that migrates, the callbacks the series adds to it or removes from it.
  var families: [Set<String>] { migrations.map(\.members) }

  /// The problems that the rules find in a state.
  struct Findings: Sendable, Codable {
    /// The problems that the state before did not have.
    var new: [Finding] = []
    /// All problems of the state.
    var standing: [Finding] = []
  }

  /// What each patch breaks.
  ///
  /// - Parameter paths: the C sources and headers of the base that name any of `words`.
  func findings(in paths: some Sequence<String>) -> [Findings] {
    guard !migrations.isEmpty else { return patches.map { _ in Findings() } }
    var state = OpsState(migrations, contents: contents)
    var wanted = Set(paths)
    for patch in patches { wanted.formUnion(patch.keys.filter(Self.isC)) }
    // A member's name may be a common word, and reading a file is slow.
    let (structures, members) = (migrations.map(\.structure), migrations.flatMap(\.members))
    for path in wanted {
      guard let bytes = contents(path), MemberWords.concern(bytes, structures: structures, members: members) else {
        continue
      }
      state.update(path, bytes)
    }

    var had = state.settings().mapValues(\.members)
    var known = Set(Self.problems(state, migrations, had).keys)
    return patches.map { patch in
      for (path, bytes) in patch where Self.isC(path) { state.update(path, bytes) }
      for (table, setting) in state.settings() { had[table, default: []].formUnion(setting.members) }
      let problems = Self.problems(state, migrations, had)
      defer { known = Set(problems.keys) }
      return Findings(
        new: Self.sorted(problems.filter { !known.contains($0.key) }.values), standing: Self.sorted(problems.values))
    }
  }

  private static func sorted(_ findings: some Sequence<Finding>) -> [Finding] {
    findings.sorted {
      ($0.place?.file ?? "", $0.place?.line ?? 0, $0.message) < ($1.place?.file ?? "", $1.place?.line ?? 0, $1.message)
    }
  }

  private static func isC(_ path: String) -> Bool { path.hasSuffix(".c") || path.hasSuffix(".h") }

  private static func migrations(_ patches: [[String: [UInt8]?]], _ contents: Contents) -> [Migration] {
    let headers = Set(patches.flatMap(\.keys)).filter { $0.hasSuffix(".h") }.sorted()
    return Migration.found(
      in: headers.map { path in
        let states = [contents(path)] + patches.map { ($0[path] ?? nil) }
        return states.compactMap { $0.map { SourceFile(path: path, bytes: $0).callbacks() } }
      })
  }

  /// The problems of a state, keyed by file and message, since lines may move.
  ///
  /// - Parameter had: the migrating members each table has set in any state so far.
  private static func problems(
    _ state: OpsState, _ migrations: [Migration], _ had: [OpsState.TableName: Set<String>]
  ) -> [String: Finding] {
    var problems: [String: Finding] = [:]
    func add(_ place: Place, _ message: String, _ notes: [String] = []) {
      problems["\(place.file): \(message)"] = Finding(at: place, message, notes: notes)
    }
    let settings = state.settings()
    for (table, setting) in settings {
      for member in setting.members.sorted() where state.has(member, table.structure) == false {
        add(setting.place, "'\(table.name)' sets \(member), which struct \(table.structure) does not have here")
      }
      if setting.members.isEmpty, let before = had[table], !before.isEmpty {
        add(
          setting.place, "'\(table.name)' sets none of \(names(migrations, table.structure))",
          ["it did set \(before.sorted().joined(separator: ", ")): calling the op would jump to NULL"])
      }
    }
    for (path, call, structures) in state.calls() {
      let here = "\(call.receiver)->\(call.member)() in \(call.function.map { "\($0)()" } ?? "a macro")"
      if !structures.isEmpty, structures.allSatisfy({ state.has(call.member, $0) == false }) {
        let structures = structures.sorted().map { "struct \($0)" }.joined(separator: ", ")
        add(call.place, "\(here) calls a member that \(structures) does not have here")
        continue
      }
      guard !state.isGuarded(call, in: path) else { continue }
      // A table that sets none is reported above.
      let uncovered = settings.filter { table, setting in
        structures.contains(table.structure) && !setting.members.isEmpty && !setting.members.contains(call.member)
      }
      // For a new member the tables that lack it are at fault; for an old member the call is.
      if migrations.contains(where: { structures.contains($0.structure) && $0.added.contains(call.member) }) {
        for (table, setting) in uncovered {
          add(
            setting.place, "'\(table.name)' does not set \(call.member), which is called",
            ["\(call.place): \(here) would jump to NULL"])
        }
      } else if let first = uncovered.keys.map({ "'\($0.name)' in \($0.file)" }).min() {
        let others = uncovered.count > 1 ? " and \(uncovered.count - 1) more" : ""
        add(
          call.place, "\(here) is not covered by all tables it may reach",
          ["\(call.member) is not set by \(first)\(others): the call would jump to NULL"])
      }
    }
    return problems
  }

  private static func names(_ migrations: [Migration], _ structure: String) -> String {
    let members = migrations.first { $0.structure == structure }?.members.sorted() ?? []
    return members.joined(separator: ", ")
  }
}
