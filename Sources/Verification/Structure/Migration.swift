import CSource

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
