import CSource
import Diagnostics
import Kbuild

/// What kernel-doc says of new members of structs most of whose members nobody described before either: worth a count,
/// and no reason for a patch to fall.
struct UndescribedMembers {
  /// One note for each such struct.
  private(set) var notes: [Finding] = []
  /// What else kernel-doc said.
  private(set) var others: [Diagnostic] = []

  /// - Parameters:
  ///   - new: what kernel-doc newly says.
  ///   - earlier: all that it said before the patch.
  ///   - contents: the bytes of a file after the patch.
  init(_ new: [Diagnostic], earlier: [Diagnostic], contents: (String) -> [UInt8]?) {
    var lacking: [Structure: Int] = [:]
    for diagnostic in earlier { if let key = Structure(diagnostic) { lacking[key, default: 0] += 1 } }
    var added: [Structure: [Diagnostic]] = [:]
    for diagnostic in new {
      if let key = Structure(diagnostic), lacking[key] != nil {
        added[key, default: []].append(diagnostic)
      } else {
        others.append(diagnostic)
      }
    }
    for (structure, diagnostics) in added.sorted(by: { $0.key.name < $1.key.name }) {
      let before = lacking[structure] ?? 0
      let source = contents(structure.file).map { SourceFile(path: structure.file, bytes: $0) }
      let members = source.flatMap { source in
        (try? source.structure(structure.name)).map { source.members(of: $0).count }
      }
      guard let members, 2 * before > members - diagnostics.count else {
        others += diagnostics
        continue
      }
      notes.append(
        Finding(
          .note, at: Place(structure.file, line: diagnostics[0].line),
          "\(diagnostics.count.counted("new member")) of struct \(structure.name) without a description, "
            + "like \(before) before"))
    }
  }

  private struct Structure: Hashable {
    var file: String
    var name: String

    /// The struct whose member a diagnostic misses a description of; nil for one about something else.
    init?(_ diagnostic: Diagnostic) {
      guard let file = diagnostic.file,
        let name = diagnostic.message.firstMatch(of: #/member '[^']+' not described in '(?:struct )?([^' ]+)'/#)?.1
      else { return nil }
      (self.file, self.name) = (file, String(name))
    }
  }
}
