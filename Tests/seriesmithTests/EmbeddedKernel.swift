import Foundation
import Git
import Testing

/// The embedded kernel, fetched once as a user would.
enum EmbeddedKernel {
  private static let fetched = Task { () -> String in
    let result = try await Command.seriesmith(["kernel"])
    guard result.status == 0 else { throw Unavailable(message: result.error) }
    return result.output.trimmingCharacters(in: .newlines)
  }

  struct Unavailable: Error {
    var message: String
  }

  /// The path of its repository.
  static func repository() async throws -> String { try await fetched.value }

  /// A repository that shares the kernel's objects, with a tag at the base and patches applied by `git am`.
  ///
  /// Only one file is checked out, as the whole kernel would take a minute. Git checks out others when it needs them.
  static func applied(_ patches: [String], in folder: String) async throws -> String {
    let repository = try await clone(in: folder)
    try await git(["sparse-checkout", "set", "--no-cone", "/COPYING"], in: repository)
    try await git(["checkout", "--quiet", "--detach"], in: repository)
    try await git(["-c", "gc.auto=0", "am", "--quiet"] + patches, in: repository)
    return repository
  }

  /// A repository that shares the kernel's objects, with a tag at the base and a commit for each step; an edit of nil
  /// deletes the file. Nothing is checked out.
  static func repository(
    with steps: [[String: FileEdit?]], in folder: String
  ) async throws -> String {
    let repository = try await clone(in: folder)
    try await git(["read-tree", "base"], in: repository)
    for (index, step) in steps.enumerated() {
      for (path, edit) in step.sorted(by: { $0.key < $1.key }) {
        guard let edit else {
          try await git(["update-index", "--force-remove", path], in: repository)
          continue
        }
        let old = try await Command.git(["cat-file", "blob", ":" + path], in: repository)
        let file = folder + "/blob"
        try edit(old.status == 0 ? old.output : "").write(toFile: file, atomically: true, encoding: .utf8)
        let id = try await git(["hash-object", "-w", file], in: repository)
        let mode = try await git(["ls-files", "--format=%(objectmode)", path], in: repository)
        try await git(
          ["update-index", "--add", "--cacheinfo", "\(mode.isEmpty ? "100644" : mode),\(id),\(path)"], in: repository)
      }
      try await git(["commit", "--quiet", "-m", "step: \(index + 1)"], in: repository)
    }
    return repository
  }

  /// A change of a file's text.
  typealias FileEdit = @Sendable (String) throws -> String

  private static func clone(in folder: String) async throws -> String {
    let repository = folder + "/linux"
    try await git(
      ["clone", "--quiet", "--shared", "--no-checkout", try await Self.repository(), repository], in: folder)
    try await git(["update-ref", "--no-deref", "HEAD", "HEAD"], in: repository)
    try await git(["tag", "base"], in: repository)
    return repository
  }

  @discardableResult
  private static func git(_ arguments: [String], in directory: String) async throws -> String {
    let result = try await Command.git(arguments, in: directory)
    try #require(result.status == 0, "git \(arguments.first ?? ""): \(result.error)")
    return result.output.trimmingCharacters(in: .newlines)
  }
}

/// All tests that need the embedded kernel, run one at a time: they share lanes and processors.
@Suite(.serialized) struct OnTheEmbeddedKernel {}

/// The series in `patches/`, as committed.
enum CommittedSeries {
  static let folder = folder(of: "iova_to_phys_length")

  static func folder(of series: String) -> String { Command.package + "/patches/" + series }
}

/// The series generated on the embedded kernel: equals the committed one, unless only another release could be fetched.
enum GeneratedSeries {
  private static let generated = Task { () -> (folder: String, tree: String) in
    let folder = Command.package + "/.build/generated-series"
    return (folder, try await generate("iova_to_phys_length", into: folder))
  }

  /// Generates a series again.
  ///
  /// - Returns: the tree id that `generate` printed.
  static func generate(
    _ series: String, options: [String] = [], split: String = "described", into folder: String
  ) async throws -> String {
    let kernel = try await EmbeddedKernel.repository()
    let result = try await Command.seriesmith(
      ["generate", series, "--tree", kernel, "--split", split, "--output", folder]
        + options.flatMap { ["--option", $0] })
    guard result.status == 0, let tree = result.output.split(separator: "\n").last?.split(separator: " ").last else {
      throw EmbeddedKernel.Unavailable(message: result.error)
    }
    return String(tree)
  }

  static func folder() async throws -> String { try await generated.value.folder }

  /// The tree id that `generate` printed.
  static func tree() async throws -> String { try await generated.value.tree }

  /// The paths of the patches, without the cover letter.
  static func patches() async throws -> [String] {
    let folder = try await folder()
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".patch") && !$0.hasPrefix("0000") }.sorted().map { "\(folder)/\($0)" }
  }
}
