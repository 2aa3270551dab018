import Foundation
import Support
import Testing

/// A container of a Debian release. buildah makes it by itself: with neither an engine's service, a registry, nor
/// privileges beyond root's, so this also works inside of a container.
struct Container {
  struct Failed: Error, CustomStringConvertible {
    var description: String
  }

  /// A folder of this machine that the container sees at the same path.
  struct Shared {
    var path: String
    var isReadOnly = false

    fileprivate var option: String { "--volume=\(path):\(path)\(isReadOnly ? ":ro" : "")" }
  }

  private let name: String
  private let shared: [Shared]

  /// Runs `body` with a container of an image, and removes the container.
  static func with<T>(
    _ image: String, sharing shared: [Shared], _ body: (Container) async throws -> T
  ) async throws -> T {
    let container = Container(name: try await buildah(["from", "--pull=never", image]), shared: shared)
    let result: T
    do { result = try await body(container) } catch {
      _ = try? await buildah(["rm", container.name])
      throw error
    }
    try await buildah(["rm", container.name])
    return result
  }

  /// Runs a program in the container, as root.
  func run(_ command: [String], environment: [String: String] = [:], in folder: String = "/") async throws
    -> Command.Result
  {
    let variables = environment.map { "--env=\($0.key)=\($0.value)" }
    return try await Self.result(
      ["run", "--workingdir", folder] + variables + shared.map(\.option) + [name, "--"] + command)
  }

  /// Runs a line of shell, and returns what it prints.
  @discardableResult
  func shell(_ line: String, environment: [String: String] = [:], in folder: String = "/") async throws -> String {
    let result = try await run(["sh", "-ec", line], environment: environment, in: folder)
    guard result.status == 0 else { throw Failed(description: "\(line): \(result.output)\(result.error)") }
    return result.output
  }

  /// Builds an image.
  static func build(_ image: String, from folder: String, arguments: [String: String]) async throws {
    try await buildah(
      ["build", "--pull=never", "--layers=false", "--tag", image]
        + arguments.map { "--build-arg=\($0.key)=\($0.value)" }
        + [folder])
  }

  /// Makes `debian:RELEASE-slim` if it is not there: as small as the image that Debian publishes under that name.
  static func makeBase(_ release: String) async throws {
    let image = "debian:\(release)-slim"
    guard try await result(["inspect", "--type=image", image]).status != 0 else { return }
    let container = try await buildah(["from", "scratch"])
    let folder = try await buildah(["mount", container])
    let made = try await Command.tool("debootstrap", ["--variant=minbase", release, folder], in: "/")
    guard made.status == 0 else { throw Failed(description: "debootstrap: \(made.output)\(made.error)") }
    try await buildah(["commit", "--rm", container, image])
  }

  /// - Returns: the last line that it prints.
  @discardableResult
  private static func buildah(_ arguments: [String]) async throws -> String {
    let result = try await result(arguments)
    guard result.status == 0 else {
      throw Failed(description: "buildah \(arguments.joined(separator: " ")): \(result.output)\(result.error)")
    }
    return String(result.output.split(separator: "\n").last ?? "")
  }

  private static func result(_ arguments: [String]) async throws -> Command.Result {
    // buildah takes overlays where the kernel has them, and copies elsewhere.
    let storage = ["--root", folder + "/storage", "--runroot", folder + "/run"]
    return try await Command.tool(
      "buildah", storage + arguments, in: "/",
      // It needs no namespaces of processes.
      environment: ["BUILDAH_ISOLATION": "chroot"])
  }

  /// Where all that containers need is kept, apart from the user's own.
  static let folder: String = {
    let cache = ProcessInfo.processInfo.environment["SERIESMITH_CACHE"] ?? NSHomeDirectory() + "/.cache/seriesmith"
    return cache + "/packages"
  }()
}
