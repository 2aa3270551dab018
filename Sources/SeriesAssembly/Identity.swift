public import Diagnostics
public import Git
import Processes

/// The user's identity in git.
public struct Identity: Hashable, Sendable {
  /// The person's name.
  public var name: String
  /// The address without angle brackets.
  public var email: String

  /// The trailer by which the person signs off.
  public var signOff: String { "Signed-off-by: \(name) <\(email)>" }

  /// The identity that git would commit with in a repository. One that git derives from login and host names does not
  /// count.
  ///
  /// - Throws: status 64 if the user has configured none.
  public static nonisolated(nonsending) func current(in repository: Repository) async throws(Failure) -> Identity {
    let outcome = try await run(
      Command("git", ["-C", repository.path, "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"]))
    // "C O Mitter <committer@example.com> 1780000000 +0200"
    guard outcome.succeeded, let match = outcome.text.firstMatch(of: #/^(.+) <(.+)> \d+ [-+]\d+\n$/#) else {
      throw Failure(
        .usage, "git does not know who you are",
        notes: [
          "git config --global user.name 'Your Name'", "git config --global user.email you@example.com",
        ] + outcome.errorText.split(separator: "\n").suffix(1).map(String.init))
    }
    return Identity(name: String(match.1), email: String(match.2))
  }
}
