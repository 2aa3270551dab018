import Foundation

/// The embedded kernel: its repository, and a work tree for the tools that need one.
struct Kernel {
  let repository: String
  let workTree: String
  private let folder: String

  /// Clones the kernel, unless that was done before.
  init(_ repository: String, in folder: String) async throws {
    self.repository = repository
    self.folder = folder
    workTree = "\(folder)/worktree"
    if !FileManager.default.fileExists(atPath: "\(workTree)/.git/refs/tags/base") {
      if FileManager.default.fileExists(atPath: workTree) { try FileManager.default.removeItem(atPath: workTree) }
      try await Shell.time("git", ["clone", "--quiet", "--shared", repository, workTree])
      try await Shell.time("git", git + ["tag", "base"])
    }
  }

  /// The options for git to commit in the work tree.
  var git: [String] { ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-C", workTree] }

  /// Resets the work tree to the kernel's own commit.
  func reset() async throws {
    let isApplying = FileManager.default.fileExists(atPath: "\(workTree)/.git/rebase-apply")
    if isApplying { try await Shell.time("git", git + ["am", "--quiet", "--abort"]) }
    try await Shell.time("git", git + ["checkout", "--quiet", "--force", "-B", "bench", "base"])
  }

  /// The patches of a series in the order in which they apply.
  static func patches(_ series: String) throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: series).filter { $0.hasSuffix(".patch") }.sorted()
    return names.filter { !$0.hasPrefix("0000") }.map { "\(series)/\($0)" }
  }

  /// The files that a series changes.
  static func files(_ series: String) throws -> Set<String> {
    Set(
      try patches(series).flatMap { patch in
        try String(contentsOfFile: patch, encoding: .utf8).split(separator: "\n")
          .filter { $0.hasPrefix("--- a/") }.map { String($0.dropFirst(6)) }
      })
  }

  /// Makes a repository with one commit of `count` kernel files, `files` among them, and returns its path.
  func excerpt(of count: Int, with files: Set<String>) async throws -> String {
    let path = "\(folder)/excerpt.git"
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    try await Shell.time("git", ["clone", "--quiet", "--shared", "--bare", repository, path])
    let all = try await Shell.output("git", ["-C", path, "ls-tree", "-r", "HEAD"]).split(separator: "\n")
    let named = all.filter { files.contains(String($0.split(separator: "\t")[1])) }
    let others = all.filter { !files.contains(String($0.split(separator: "\t")[1])) }
    let list = (named + others.prefix(count - named.count)).joined(separator: "\n") + "\n"
    try list.write(toFile: "\(path)/files", atomically: true, encoding: .utf8)
    let script = """
      git update-index --index-info <files && tree=$(git write-tree) &&
      git update-ref --no-deref HEAD $(git -c user.name=bench -c user.email=bench@localhost commit-tree -m excerpt $tree)
      """
    try await Shell.time("sh", ["-c", "cd \(path) && \(script)"])
    return path
  }
}
