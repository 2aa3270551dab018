import GitBinary
import PatchSeries
import Testing

@Suite struct TreePathTests {
  private static let names = [
    ".", "..", "...", "", "a", ".git", ".GiT", ".git.", ".git ", ".git . .", ".git:a", ".gitx", ".git x", "git",
    "git~1",
    "GIT~1", "git~1.", "git~2", "git~10", "git~1:x", "a:b", "a~1", ".gitignore", "..git", " .git", ".git\u{200c}",
    ".g\u{200d}it", "\u{feff}.git", ".gi\u{206f}t", ".g\u{e9}it", "\u{202a}.GIT\u{202e}", ".g\u{2060}it", "a\\b",
    ".git\\a", "a\\.git", "a\\.git\\b", "a\\git~1", "a\\..", "\u{fb01}", "-", "g", ".g", "\u{200c}",
  ]

  private static let linkNames = [
    ".gitmodules", ".GitModules", ".gitmodules ", "gitmod~1", "gitmod~5", ".gitattributes",
  ]

  /// Git says so by whether it takes the path into an index, with the guards of all file systems up.
  @Test func namesAreAllowedThatGitAllows() throws {
    let scratch = try ScratchRepository()
    try scratch.git("config", "core.protectHFS", "true")
    try scratch.git("config", "core.protectNTFS", "true")
    let blob = String(decoding: try scratch.git("hash-object", "-w", "--stdin"), as: UTF8.self).prefix(40)
    for (name, isLink) in Self.names.map({ ($0, false) }) + Self.linkNames.flatMap({ [($0, true), ($0, false)] }) {
      for path in [name, "a/\(name)", "\(name)/a", "a/\(name)/b"] where !path.isEmpty {
        let info = "\(isLink ? "120000" : "100644"),\(blob),\(path)"
        let isTaken = (try? scratch.git("update-index", "--add", "--cacheinfo", info)) != nil
        let isAllowed = TreePath.problem(path, isLink: isLink) == nil
        // git allows links in folders that only NTFS would call .gitmodules.
        #expect(isAllowed == isTaken || isLink && !isAllowed, "\(path.debugDescription), link: \(isLink)")
        try scratch.git("read-tree", "--empty")
      }
    }
  }

  @Test(arguments: ["a\nb", "a/\u{1b}[2J", "\t", "a\u{7f}", "a\0b", "\u{fffd}"])
  func pathsAreText(path: String) {
    #expect(TreePath.problem(path) != nil)
  }

  @Test(arguments: [
    ("b", "a", true), ("../b", "a", false), ("../b", "d/a", true), ("./.././b", "d/a", true), ("../../b", "d/a", false),
    ("/etc/passwd", "d/a", false), ("b/../c", "d/a", false), ("..", "d/a", true), ("..", "a", false), ("", "a", true),
  ])
  func linksStayInside(target: String, path: String, stays: Bool) {
    #expect(TreePath.staysInside(target, from: path) == stays)
  }
}
