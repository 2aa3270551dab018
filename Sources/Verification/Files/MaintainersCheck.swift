import Diagnostics
import Glibc
import Kbuild
import Processes
import Support

/// Has the base's `get_maintainer.pl` read MAINTAINERS, and looks for patterns there that no longer match a file.
struct MaintainersCheck: FileCheck {
  /// The path of the base's script.
  let script: String
  let scratch: String

  let name = CheckName.structure
  let depth = Depth.compile
  var identity: String { script }

  func covers(_ path: String) -> Bool { path == "MAINTAINERS" }

  func isConcerned(by state: SeriesState) -> Bool {
    state.changed.contains { covers($0) || state.overlay[$0] == .deleted }
  }

  func look(at changed: [String], in tree: SourceTree) async throws(Failure) -> FileLook {
    let outcome = try await run(
      Command(
        "perl", [script, "--self-test=sections"], environment: ["LC_ALL": "C", "HOME": "/nonexistent"],
        clearEnvironment: true, directory: try folder(with: tree)))
    var problems = (outcome.text + outcome.errorText).split(separator: "\n").compactMap { line -> Diagnostic? in
      guard let match = line.wholeMatch(of: #/\.\/MAINTAINERS:(\d+): warning: (.+)/#) else { return nil }
      let message = match.2.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      return Diagnostic(file: "MAINTAINERS", line: Int(match.1), severity: .error, message: message)
    }
    if !outcome.succeeded {
      problems.append(Diagnostic(file: "MAINTAINERS", severity: .error, message: "get_maintainer.pl cannot read it"))
    }
    let text = String(decoding: Files.readRegular("\(tree.path)/MAINTAINERS") ?? [], as: UTF8.self)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard let match = line.wholeMatch(of: #/[FX]:\s+(\S+)\s*/#), !Self.matches(String(match.1), in: tree) else {
        continue
      }
      problems.append(
        Diagnostic(
          file: "MAINTAINERS", line: index + 1, severity: .error,
          message: "no file matches \(line.prefix(1)): \(match.1)"))
    }
    return FileLook(problems: problems, seen: ["MAINTAINERS"])
  }

  /// A folder that has only MAINTAINERS of the tree, and what the script looks for at the top of a kernel. In the tree
  /// itself, it would take its options, commands among them, from a file that a patch can add.
  private func folder(with tree: SourceTree) throws(Failure) -> String {
    let folder = "\(scratch)/maintainers"
    for name in ["Documentation", "arch", "include", "drivers", "fs", "init", "ipc", "kernel", "lib", "scripts"] {
      try Files.makeFolder("\(folder)/\(name)")
    }
    for name in ["COPYING", "CREDITS", "Kbuild", "Makefile", "README"] { try Files.write([], to: "\(folder)/\(name)") }
    try Files.write(Files.readRegular("\(tree.path)/MAINTAINERS") ?? [], to: "\(folder)/MAINTAINERS")
    return folder
  }

  /// Whether the tree has a file for a pattern of MAINTAINERS: a path, or a pattern as the shell has them.
  private static func matches(_ pattern: String, in tree: SourceTree) -> Bool {
    let path = "\(tree.path)/\(pattern)"
    guard pattern.contains(where: "*?[".contains) else { return Files.exists(path) }
    var found = glob_t()
    defer { globfree(&found) }
    return glob(path, GLOB_NOSORT, nil, &found) == 0
  }
}
