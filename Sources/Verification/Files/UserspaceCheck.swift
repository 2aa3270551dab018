import Diagnostics
import Kbuild
import Processes
import Support

/// Builds what a commit changes below `tools/` by the makefile there, and has each changed script read by its own
/// interpreter.
struct UserspaceCheck: FileCheck {
  let kbuild: Kbuild
  let scratch: String

  let name = CheckName.userspace
  let depth = Depth.compile
  /// The versions of the programs that it runs.
  let identity: String

  /// Elsewhere, a script generates what a lane compiles, and its syntax alone says little.
  func covers(_ path: String) -> Bool { path.hasPrefix("tools/") || path.hasPrefix("scripts/") }

  func look(at changed: [String], in tree: SourceTree) async throws(Failure) -> FileLook {
    var look = FileLook()
    var built: [ToolBuild: [String]] = [:]
    for path in changed where covers(path) {
      if let interpreter = Interpreter(of: path, in: tree) {
        let problems = try await kbuild.syntaxProblems(of: path, by: interpreter, in: tree)
        look.problems += problems
        // What stops the interpreter may hide what comes after it.
        if problems.isEmpty {
          look.seen.insert(path)
        } else {
          look.missing[path] = .init(why: "its interpreter stops before its end")
        }
      } else if let build = ToolBuild(of: path, in: tree) {
        built[build, default: []].append(path)
      } else if path.hasPrefix("tools/") {
        look.missing[path] = .init(why: "no makefile in tools builds its folder")
      }
    }
    for (build, paths) in built.sorted(by: { $0.key.folder < $1.key.folder }) {
      let (present, gone) = paths.partitioned { Files.exists("\(tree.path)/\($0)") }
      let watch = ReadWatch(present, in: tree.path)
      let result = try await kbuild.build(build, in: tree, at: "\(scratch)/tools")
      look.problems += result.problems
      let opened = watch.openedPaths()
      // The build itself is what can miss a file that is gone.
      let seen = opened.union(result.succeeded ? gone : [])
      look.seen.formUnion(seen)
      for path in paths where !seen.contains(path) {
        look.missing[path] = .init(
          why: "'make' in \(build.folder) does not get to it",
          needs: result.obstacle.map { "what make asks for: \($0)" })
      }
    }
    return look
  }
}
