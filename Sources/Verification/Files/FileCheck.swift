import Diagnostics
import Kbuild

/// A check of files that the lanes' C compilers do not read. The program that reads them in the end decides.
///
/// It looks at the tree before a commit and at the tree after it. What it says only of the latter is new.
protocol FileCheck: Sendable {
  var name: CheckName { get }
  /// The least depth at which it runs.
  var depth: Depth { get }
  /// What its answers depend on besides the tree: programs and their versions.
  var identity: String { get }

  /// Whether the check accounts for a file at its depth.
  func covers(_ path: String) -> Bool

  /// Whether the check runs at a state.
  func isConcerned(by state: SeriesState) -> Bool

  /// What the check says of the tree in a folder, as far as the files that a commit changes concern it.
  func look(at changed: [String], in tree: SourceTree) async throws(Failure) -> FileLook
}

extension FileCheck {
  /// A check runs where a file changes that it covers.
  func isConcerned(by state: SeriesState) -> Bool { state.changed.contains(where: covers) }
}

/// What a check says of a tree.
struct FileLook: Sendable, Codable {
  /// Problems, in the check's order.
  var problems: [Diagnostic] = []
  /// The files that it really looked at; of those asked for, the others are not accounted for.
  var seen: Set<String> = []
  /// Why it could not look at a file that it was asked for, and what it would take.
  var missing: [String: Missing] = [:]

  struct Missing: Sendable, Codable {
    var why: String
    var needs: String?
  }

  /// The problems that another look does not have: by file and message, as often as they occur.
  func problems(since earlier: Self) -> [Diagnostic] {
    var known: [[String?]: Int] = [:]
    for problem in earlier.problems { known[problem.key, default: 0] += 1 }
    return problems.filter { problem in
      guard let count = known[problem.key], count > 0 else { return true }
      known[problem.key] = count - 1
      return false
    }
  }
}

extension Diagnostic {
  /// What makes two problems the same, whichever line they are at.
  var key: [String?] { [file, severity.rawValue, message] }
}

/// A check's looks at a commit, kept under all they depend on.
struct FileCheckResult: Sendable, Codable {
  var new: [Diagnostic]
  /// What the check says of the tree after the commit.
  var after: FileLook
  var seconds: Double
}
