import Diagnostics
import FoundationEssentials
import Processes
import Support

/// Splits mboxes and parses mails with the programs that `git am` uses.
///
/// They run outside any repository and see no configuration, so that a mail reads the same for everyone.
struct GitMailReader: Sendable {
  private let folder: String
  private let slots = JobSlots(ProcessInfo.processInfo.activeProcessorCount)

  /// git needs milliseconds. Only a mail made to slow it down takes minutes.
  private static let timeLimit = Duration.seconds(60)
  /// One mbox holds one series and its discussion.
  private static let mostMails = 10_000
  /// Longer than any address or date. The variables of a child process need a bound.
  private static let longestIdentity = 10_000

  /// Calls `work` with a reader, and removes the reader's files afterwards.
  static func open<Value>(_ work: (GitMailReader) async throws(Failure) -> Value) async throws(Failure) -> Value {
    let folder = try TemporaryFolder()
    return try await work(GitMailReader(folder: folder.path))
  }

  private init(folder: String) {
    self.folder = folder
  }

  /// The mails of an mbox, each with the number of its first line in the mbox.
  func split(_ mbox: Lines, file: String) async throws(Failure) -> [(mail: Lines, line: Int)] {
    let starts = mbox.ranges.lazy.filter { mbox.bytes[$0].begins(with: "From ") }
    guard starts.count <= Self.mostMails else {
      throw Failure(
        .input, at: Place(file), "mbox holds more than \(Self.mostMails) mails",
        notes: ["give the series a file of its own: `b4 am` writes one"])
    }
    let box = unusedPath
    try Files.makeFolder(box)
    // git skips white space before the first mail.
    let blank = mbox.bytes.prefix { $0.isGitSpace }
    // lore.kernel.org and b4 mark their mboxes this way.
    let quoting = mbox.bytes.dropFirst(blank.count).begins(with: "From mboxrd@") ? ["--mboxrd"] : []
    let outcome = try await git(["mailsplit", "-b"] + quoting + ["-o\(box)"], input: mbox.bytes)
    guard outcome.succeeded, let count = Int(outcome.text.trimmed) else {
      throw Self.refusal("git mailsplit cannot split the file", outcome, at: Place(file))
    }
    var line = 1 + blank.count { $0 == 0x0A }
    return (0..<count).map { number in
      let mail = Lines(Files.read("\(box)/\(padded(number + 1, to: 4))") ?? [])
      defer { line += mail.count }
      return (mail, line)
    }
  }

  /// The output of `git mailinfo` for a mail.
  ///
  /// - Throws: `Failure(.input)` if git refuses to read the mail.
  func read(_ mail: some Sequence<UInt8>, options: [String] = [], at place: Place) async throws(Failure) -> GitMail {
    let (text, patch) = (unusedPath, unusedPath)
    defer {
      try? Files.remove(text)
      try? Files.remove(patch)
    }
    let outcome = try await git(["mailinfo"] + options + [text, patch], input: Array(mail))
    guard outcome.succeeded else { throw Self.refusal("git cannot read the message", outcome, at: place) }
    return GitMail(info: outcome.output, text: Files.read(text) ?? [], patch: Files.read(patch) ?? [])
  }

  /// The author of the commit that `git am` makes from a mail. Without a date in the mail, git takes the current time, and
  /// this the epoch.
  ///
  /// - Throws: `Failure(.input)` for a mail without an author.
  func author(of mail: GitMail, at place: Place) async throws(Failure) -> Signature {
    guard !mail.name.isEmpty else { throw Failure(.input, at: place, "message has no From header with an address") }
    let date = mail.date.isEmpty ? "@0 +0000" : mail.date
    guard mail.email.utf8.count + mail.date.utf8.count <= Self.longestIdentity else {
      throw Failure(.input, at: place, "author's address or date is longer than \(Self.longestIdentity) bytes")
    }
    let outcome = try await git(
      ["var", "GIT_AUTHOR_IDENT"],
      variables: ["GIT_AUTHOR_NAME": mail.name, "GIT_AUTHOR_EMAIL": mail.email, "GIT_AUTHOR_DATE": date])
    guard outcome.succeeded, let author = Signature(ident: outcome.text.trimmed) else {
      throw Self.refusal("git cannot read the message's author or date", outcome, at: place)
    }
    return author
  }

  private var unusedPath: String { "\(folder)/\(UUID().uuidString)" }

  private func git(
    _ arguments: [String], input: [UInt8]? = nil, variables: [String: String] = [:]
  ) async throws(Failure) -> Outcome {
    var environment = variables
    environment["PATH"] = ProcessInfo.processInfo.environment["PATH"]
    environment["LC_ALL"] = "C"
    // A date may lack a time zone.
    environment["TZ"] = "UTC"
    environment["GIT_DIR"] = "/dev/null"
    environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
    environment["GIT_CONFIG_NOSYSTEM"] = "1"
    let command = Command(
      "git", arguments, environment: environment, clearEnvironment: true, directory: folder, input: input)
    return try await slots.withSlot { () async throws(Failure) in try await run(command, timeLimit: Self.timeLimit) }
  }

  private static func refusal(_ message: String, _ outcome: Outcome, at place: Place) -> Failure {
    let said = outcome.errorText.split(separator: "\n").map(String.init)
    return Failure(.input, at: place, message, notes: said.isEmpty ? ["it \(outcome.termination)"] : said)
  }
}
