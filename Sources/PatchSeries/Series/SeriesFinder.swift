import Diagnostics

/// Finds the series among the messages of an mbox or folder, each in its newest version, without replies and duplicates.
struct SeriesFinder {
  private var patches: [Message] = []
  private var covers: [Message] = []
  private var found: [MailedSeries] = []
  private var warnings: [Finding] = []

  /// - Parameter name: the file that the messages are from, if it is a single file.
  static func series(of messages: [Message], named name: String?) throws(Failure) -> Series {
    var finder = SeriesFinder()
    var (messages, notes) = try Duplicates.removed(from: messages)
    finder.warnings = notes
    for index in messages.indices { messages[index].position = index }
    finder.sort(messages)
    guard !finder.patches.isEmpty || !finder.covers.isEmpty else {
      // A single message can report what it lacks.
      if messages.count == 1 { _ = try messages[0].patch(number: 1, of: 1) }
      throw Failure(
        .input, at: name.map { Place($0) }, "no patch found",
        notes: ["expected the output of git format-patch, or a mailing list thread that contains patches"])
    }
    try finder.group()
    return try finder.series()
  }

  /// Separates patches and cover letters from the rest of a thread.
  private mutating func sort(_ messages: [Message]) {
    let replies = messages.filter { $0.subject.isReply }
    let others = messages.filter { !$0.subject.isReply }
    // git format-patch --start-number 0 numbers a patch like a cover letter.
    covers = others.filter { $0.subject.number == 0 && !$0.hasDiff }
    // A message that claims to be a patch but holds no diff is not skipped.
    patches = others.filter { $0.hasDiff || $0.subject.number != 0 && $0.subject.isPatch }
    leaveOutAnswers(among: messages)
    let diffs = replies.filter(\.hasDiff)
    if patches.isEmpty {
      patches = diffs
    } else {
      warnings += diffs.map {
        Finding(
          .warning, at: $0.place, "reply 'Re: \($0.subject.text)' holds a diff that is not part of the series")
      }
    }
  }

  /// Leaves out what is no patch of the series, whatever its subject looks like: a bot's mail that repeats a patch it has
  /// applied, somebody else's patch on top, and a reply that lost its "Re:".
  private mutating func leaveOutAnswers(among messages: [Message]) {
    let sent = patches.filter { $0.subject.isPatch && $0.hasDiff }
    let ids = Set(messages.compactMap(\.id))
    let byID = Dictionary(sent.compactMap { one in one.id.map { ($0, one) } }) { first, _ in first }
    let places = Set(sent.map { NumberedPlace($0.subject) })
    let titles = Set(sent.map(\.title))
    // Most series have no such mail, and comparing diffs means parsing them.
    let hasUntagged = !sent.isEmpty && patches.contains { !$0.subject.isPatch }
    let diffs = hasUntagged ? Set(sent.compactMap(\.changes)) : []
    patches.removeAll { message in
      let isAnswer =
        Self.isAnother(message, to: byID)
        || (message.hasDiff
          ? !message.subject.isPatch && !sent.isEmpty
            && (message.references.contains(where: ids.contains) || message.changes.map(diffs.contains) == true)
          // A patch may have lost its diff on the way: that is no answer unless its place is taken.
          : message.subject.number == nil
            ? message.references.contains(where: ids.contains) || titles.contains(message.title)
            : places.contains(NumberedPlace(message.subject)))
      guard isAnswer else { return false }
      let what = message.hasDiff ? "answers the series with a diff" : "holds no diff and answers another"
      warnings.append(Finding(.warning, at: message.place, "message \(message.name) \(what): it is left out"))
      return true
    }
  }

  /// Whether somebody else answers a patch with one of their own, as bots do.
  private static func isAnother(_ message: Message, to sent: [String: Message]) -> Bool {
    guard message.hasDiff, message.subject.number == nil, let author = try? message.author?.get() else { return false }
    return message.references.contains { id in
      guard let other = try? sent[id]?.author?.get() else { return false }
      return other.email.lowercased() != author.email.lowercased()
    }
  }

  private struct NumberedPlace: Hashable {
    var version: SubjectLine.Version
    var number: Int?
    var total: Int?

    init(_ subject: SubjectLine) { (version, number, total) = (subject.version, subject.number, subject.total) }
  }

  private mutating func group() throws(Failure) {
    let (all, others) = try MailedSeries.all(of: patches, covers: covers)
    if let cover = others.first, all.isEmpty {
      throw Failure(
        .input, at: cover.place, "patch 1 of \(cover.subject.total ?? 1) is missing",
        notes: ["only the cover letter was found"])
    }
    let rerolls = Rerolls(all)
    found = rerolls.newest
    warnings += rerolls.warnings
    let known = Set(all.flatMap(\.messages).map { $0.title.lowercased() })
    warnings += others.filter { !known.contains($0.title.lowercased()) }.map {
      Finding(.warning, at: $0.place, "cover letter \($0.name) has no patches here")
    }
    for series in found {
      if let cover = series.cover, cover.subject.version > series.version {
        warnings.append(
          Finding(
            .warning, at: cover.place,
            "cover letter says version \(cover.subject.version), but its patches say version \(series.version)"))
      }
      if let finding = Self.missing(series) { warnings.append(finding) }
    }
    let numbered = found.filter { $0.total != nil }
    if found.count > 1, let second = numbered.first(where: { $0.name != found[0].name }) ?? numbered.first {
      warnings.append(
        Finding(
          .note, at: second.patches[0].place,
          "\(found.count) series, applied in the order in which they are here",
          notes: found.prefix(10).map(\.name) + (found.count > 10 ? ["…"] : [])))
    }
  }

  private static func missing(_ series: MailedSeries) -> Finding? {
    guard let total = series.total, let first = series.missing.first else { return nil }
    let count = series.missingCount
    let what =
      count == 1
      ? "patch \(first) of \(total) is missing"
      : series.patches.count == 1
        ? "only patch \(series.patches[0].subject.number ?? 1) of \(total) is here"
        : "\(count) of \(total) patches are missing"
    return Finding(
      .warning, at: series.patches[0].place, "\(what): what is here is checked without the rest",
      notes: (count == 1
        ? []
        : ["missing: " + series.missing.prefix(20).map(String.init).joined(separator: ", ") + (count > 20 ? ", …" : "")])
        + ["if the rest is needed, give it as well, or a --base that has it"])
  }

  /// The patches where they came from, those of one series in the order of their numbers.
  private mutating func ordered() -> [Message] {
    var places: [(position: Int, message: Message)] = []
    for series in found {
      let positions = series.patches.map(\.position).sorted()
      let inOrder = series.patches.sorted {
        ($0.subject.number ?? 0, $0.position) < ($1.subject.number ?? 0, $1.position)
      }
      places += zip(positions, inOrder).map { ($0, $1) }
      // Somebody who renames files means to change the order.
      let files = inOrder.compactMap {
        $0.file.split(separator: "/").last.flatMap { Int($0.prefix(while: \.isNumber)) }
      }
      if files.count == inOrder.count,
        let place = zip(files, files.dropFirst()).enumerated().first(where: { $1.0 > $1.1 })
      {
        warnings.append(
          Finding(
            .warning, at: inOrder[place.offset + 1].place,
            "the patches are taken in the order of the numbers in their subjects, not of their files",
            notes: ["give the subjects other numbers, or none, to have the order of the files"]))
      }
    }
    return places.sorted { $0.position < $1.position }.map(\.message)
  }

  private mutating func series() throws(Failure) -> Series {
    let ordered = ordered()
    var result = Series(patches: [], warnings: warnings)
    for (index, message) in ordered.enumerated() {
      let patch = try message.patch(number: index + 1, of: ordered.count)
      result.patches.append(patch)
      result.warnings += try message.warnings(patch)
    }
    let isOne = found.count == 1 || found.allSatisfy { $0.total == nil }
    result.isWhole = isOne && found.allSatisfy { $0.missingCount == 0 }
    if found.count == 1 { result.cover = try found[0].cover?.cover() }
    return result
  }
}
