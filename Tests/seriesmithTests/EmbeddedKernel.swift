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
    let repository = folder + "/linux"
    func git(_ arguments: [String], in directory: String) async throws {
      let result = try await Command.git(arguments, in: directory)
      try #require(result.status == 0, "git \(arguments.first ?? ""): \(result.error)")
    }
    try await git(
      ["clone", "--quiet", "--shared", "--no-checkout", try await Self.repository(), repository], in: folder)
    try await git(["sparse-checkout", "set", "--no-cone", "/COPYING"], in: repository)
    try await git(["checkout", "--quiet", "--detach"], in: repository)
    try await git(["tag", "base"], in: repository)
    try await git(["-c", "gc.auto=0", "am", "--quiet"] + patches, in: repository)
    return repository
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
