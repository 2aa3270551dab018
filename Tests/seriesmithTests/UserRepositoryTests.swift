import Foundation
import GitBinary
import Testing

/// The user's repository is read and left unchanged, whatever its state. Needs no kernel.
@Suite struct UserRepositoryTests {
  /// States of a kernel developer's tree. All have two commits after the tag `base`, and HEAD at the second.
  enum Kind: CaseIterable {
    case clean, dirty, detached, bare, shallow, linkedWorktree, readOnly
  }

  /// A repository and everything around it, in a folder of its own.
  fileprivate final class UserTree {
    private let original: ScratchRepository
    /// The folder that must stay unchanged, clones and work trees included.
    let folder: String
    /// The repository to name.
    let path: String

    init(_ kind: Kind) throws {
      original = try ScratchRepository()
      folder = original.path
      try original.write("struct ops {\n\tint (*map)(void);\n};\n", to: "include/linux/ops.h")
      try original.write("VERSION = 7\nPATCHLEVEL = 1\n", to: "Makefile")
      try original.write("mainmenu \"Linux\"\n", to: "Kconfig")
      for name in ["a", "b"] {
        try original.write(
          "static int map(void) { return 0; }\nstatic const struct ops ops = { .map = map };\n", to: "drivers/\(name).c"
        )
      }
      try original.commit("base")
      try original.git("tag", "base")
      try original.write("#!/bin/sh\nexit 1\n", to: ".git/hooks/post-checkout")
      for name in ["a", "b"] {
        let file = "drivers/\(name).c"
        try original.write(
          "static int map(void) { return 1; }\nstatic const struct ops ops = { .map = map };\n", to: file)
        try original.commit("\(name): map one")
      }
      let clone = folder + "/.git/clone"
      switch kind {
      case .clean: path = folder
      case .dirty:
        path = folder
        try original.write("staged\n", to: "staged")
        try original.write("int changed;\n", to: "drivers/a.c")
        try original.git("add", "staged", "drivers/a.c")
        try original.write("int changed, again;\n", to: "drivers/a.c")
        try original.write("", to: "untracked")
        try original.remove("drivers/b.c")
        // Touching a file outdates its stat data in the index, which makes git rewrite the index.
        try original.write("VERSION = 7\nPATCHLEVEL = 1\n", to: "Makefile")
      case .detached:
        path = folder
        try original.git("checkout", "--quiet", "--detach", "HEAD")
      case .bare:
        path = clone
        try original.git("clone", "--quiet", "--bare", ".", clone)
      case .shallow:
        path = clone
        try original.git("clone", "--quiet", "--depth=3", "file://\(folder)", clone)
        try #require(try original.text("-C", clone, "rev-parse", "--is-shallow-repository") == "true")
      case .linkedWorktree:
        path = clone
        try original.git("worktree", "add", "--quiet", "--detach", clone, "HEAD")
      case .readOnly:
        path = folder
        try Self.setWritable(false, folder)
      }
    }

    deinit { try? Self.setWritable(true, folder) }

    private static func setWritable(_ writable: Bool, _ folder: String) throws {
      for name in [""] + (try FileManager.default.subpathsOfDirectory(atPath: folder)) {
        let file = "\(folder)/\(name)"
        var status = stat()
        guard lstat(file, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { continue }
        chmod(file, writable ? status.st_mode | 0o200 : status.st_mode & ~0o222)
      }
    }

    /// The two commits as patches, outside the repository.
    func writePatches(to output: String) throws {
      try original.git("format-patch", "--quiet", "--output-directory", output, "base..main")
    }
  }

  @Test(arguments: Kind.allCases) func isLeftAsItIs(_ kind: Kind) async throws {
    try await withScratchFolder { scratch in
      let tree = try UserTree(kind)
      try tree.writePatches(to: scratch + "/patches")
      let before = try Inventory(of: tree.folder)
      for source in ["HEAD~2..HEAD", scratch + "/patches"] {
        let run = try await Command.seriesmith(
          ["verify", source, "--tree", tree.path, "--base", "HEAD~2", "--depth", "structure"],
          environment: ["SERIESMITH_CACHE": scratch + "/cache"])
        #expect(run.status == 0, "\(kind), \(source): \(run.output)\(run.error)")
      }
      for arguments in [
        ["scan", "iova_to_phys_length"], ["generate", "iova_to_phys_length", "--output", scratch + "/out"],
      ] {
        let run = try await Command.seriesmith(
          arguments + ["--tree", tree.path], environment: ["SERIESMITH_CACHE": scratch + "/cache"])
        #expect(run.status == 1, "\(kind), \(arguments): \(run.output)\(run.error)")
      }
      #expect(try Inventory(of: tree.folder).differences(from: before) == [])
    }
  }

  /// Proves that the inventory would show it: git itself rewrites the index.
  @Test func theInventoryShowsWhatGitItselfDoes() async throws {
    let tree = try UserTree(.dirty)
    let before = try Inventory(of: tree.folder)
    _ = try await Command.git(["status"], in: tree.folder)
    #expect(try Inventory(of: tree.folder).differences(from: before).contains(".git/index"))
  }

  /// By the relative names that people use.
  @Test(arguments: [".", "../linux", "../linux/", ".git", "./"]) func isFoundFromWithinIt(_ name: String) async throws {
    try await withScratchFolder { scratch in
      let tree = try UserTree(.clean)
      try FileManager.default.createSymbolicLink(atPath: scratch + "/linux", withDestinationPath: tree.folder)
      let place = name.hasPrefix("..") ? scratch + "/beside" : tree.folder
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      let run = try await Command.seriesmith(
        ["verify", "base..", "--tree", name, "--depth", "structure"], in: place,
        environment: ["SERIESMITH_CACHE": scratch + "/cache"])
      #expect(run.status == 0, "\(run.output)\(run.error)")
      #expect(run.output.contains("stands: 2 commits"))
    }
  }

  /// Git users expect a command to work on the tree that they are in.
  @Test func isWorkedOnWhereNoTreeIsNamed() async throws {
    try await withScratchFolder { scratch in
      let tree = try UserTree(.clean)
      let run = try await Command.seriesmith(
        ["verify", "base..", "--depth", "structure"], in: tree.folder + "/drivers",
        environment: ["SERIESMITH_CACHE": scratch + "/cache"])
      #expect(run.status == 0, "\(run.output)\(run.error)")
      #expect(run.error.hasPrefix("working on the kernel in \(tree.folder)\n"), "\(run.error)")
    }
  }
}
