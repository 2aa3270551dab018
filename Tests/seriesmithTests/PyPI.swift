import Foundation

/// Programs of PyPI that tests need and Debian has only in older versions, or not at all. They are kept beside the build.
enum PyPI {
  struct Unavailable: Error {
    var message: String
  }

  /// The path of a program of the package of its name.
  static func program(_ name: String, version: String) async throws -> String {
    let folder = "\(Command.package)/.build/\(name)-\(version)"
    let program = "\(folder)/bin/\(name)"
    if FileManager.default.fileExists(atPath: program) { return program }
    for command in [
      ["python3", "-m", "venv", folder], [folder + "/bin/pip", "install", "--quiet", "\(name)==\(version)"],
    ] {
      let run = try await Command.tool(command[0], Array(command.dropFirst()), in: Command.package)
      guard run.status == 0 else {
        throw Unavailable(
          message: "cannot install \(name) \(version) (python3-venv, PyPI): \(run.output)\(run.error)")
      }
    }
    return program
  }
}
