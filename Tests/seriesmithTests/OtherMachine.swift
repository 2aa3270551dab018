import Foundation
import Testing

/// A user in another time zone who has changed every git setting.
struct OtherMachine {
  let home: String

  init(home: String) throws {
    self.home = home
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    try Self.settings.write(toFile: home + "/.gitconfig", atomically: true, encoding: .utf8)
    try Self.attributes.write(toFile: home + "/attributes", atomically: true, encoding: .utf8)
  }

  var environment: [String: String] {
    [
      "HOME": home, "USER": "other", "LOGNAME": "other", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8",
      "TZ": "Asia/Kolkata", "GIT_CONFIG_GLOBAL": home + "/.gitconfig", "GIT_DIFF_OPTS": "-u9", "COLUMNS": "40",
      "GIT_AUTHOR_NAME": "O Ther", "GIT_AUTHOR_EMAIL": "other@example.org",
    ]
  }

  /// Clones a repository, and gives the clone these settings and attributes too.
  func clone(_ repository: String, to path: String) async throws {
    let result = try await Command.git(["clone", "--quiet", "--bare", "--shared", repository, path], in: home)
    try #require(result.status == 0, "\(result.error)")
    try (try String(contentsOfFile: path + "/config", encoding: .utf8) + Self.settings)
      .write(toFile: path + "/config", atomically: true, encoding: .utf8)
    try FileManager.default.createDirectory(atPath: path + "/info", withIntermediateDirectories: true)
    try Self.attributes.write(toFile: path + "/info/attributes", atomically: true, encoding: .utf8)
  }

  private static let attributes = "*.c diff=html\n*.h -diff\n"

  private static let settings = """
    [user]
    \tname = O Ther
    \temail = other@example.org
    [core]
    \tabbrev = 7
    \tquotePath = false
    \tautocrlf = true
    \tattributesFile = ~/attributes
    [diff]
    \tnoprefix = true
    \tmnemonicPrefix = true
    \talgorithm = patience
    \tcontext = 9
    \tinterHunkContext = 9
    \tindentHeuristic = false
    \trenames = false
    \tstatGraphWidth = 10
    [format]
    \tsubjectPrefix = RFC
    \tsignOff = true
    \tsignature = me
    \tnumbered = false
    \tcoverLetter = false
    \tattach = x
    \tthread = deep
    \tto = to@example.org
    \tuseAutoBase = true
    [i18n]
    \tcommitEncoding = ISO-8859-9
    \tlogOutputEncoding = ISO-8859-9

    """
}
