import Diagnostics

/// Finds the one series among the messages of an mbox or folder: its newest version, without replies and duplicates.
struct SeriesFinder {
  private var patches: [Message] = []
  private var covers: [Message] = []
  private(set) var warnings: [Finding] = []

  /// - Parameter name: the file that the messages are from, if it is a single file.
  static func series(of messages: [Message], named name: String?) throws(Failure) -> Series {
    var finder = SeriesFinder()
    finder.sort(try Duplicates.removed(from: messages))
    guard !finder.patches.isEmpty || !finder.covers.isEmpty else {
      // A single message can report what it lacks.
      if messages.count == 1 { _ = try messages[0].patch(number: 1, of: 1) }
      throw Failure(
        .input, at: name.map { Place($0) }, "no patch found",
        notes: ["expected the output of git format-patch, or a mailing list thread that contains patches"])
    }
    try finder.keepNewest()
    try finder.checkUnity()
    return try finder.series()
  }

  /// Separates patches and cover letters from the rest of a thread.
  private mutating func sort(_ messages: [Message]) {
    let replies = messages.filter { $0.subject.isReply }
    let others = messages.filter { !$0.subject.isReply }
    covers = others.filter { $0.subject.number == 0 }
    // A message that claims to be a patch but holds no diff is not skipped.
    patches = others.filter { $0.subject.number != 0 && ($0.hasDiff || $0.subject.isPatch) }
    let diffs = replies.filter { $0.hasDiff && $0.subject.number != 0 }
    if patches.isEmpty {
      patches = diffs
    } else {
      warnings += diffs.map {
        Finding(
          .warning, at: $0.place, "reply 'Re: \($0.subject.text)' holds a diff that is not part of the series")
      }
    }
  }

  private mutating func keepNewest() throws(Failure) {
    let rerolls = try Rerolls(patches: patches, covers: covers)
    (patches, covers) = (rerolls.patches, rerolls.covers)
    warnings += rerolls.warnings
  }

  /// Refuses messages of several series with the same version.
  private func checkUnity() throws(Failure) {
    let numbered = patches.filter { $0.subject.number != nil }
    if let other = covers.first(where: { $0.title != covers.first?.title }) {
      throw Self.twoSeries(covers[0], other)
    }
    guard let first = covers.first ?? numbered.first else { return }
    if let other = numbered.first(where: { $0.subject.total != first.subject.total }) {
      throw Self.twoSeries(first, other)
    }
    if let one = numbered.first, let other = patches.first(where: { $0.subject.number == nil }) {
      throw Self.twoSeries(one, other)
    }
  }

  static func twoSeries(_ one: Message, _ other: Message) -> Failure {
    Failure(
      .input, at: other.place, "two different series: \(name(one)) and \(name(other))",
      notes: ["the first is at \(one.place)", "put each series in a file or folder of its own"])
  }

  /// `'iommu: add a callback' (v2 1/3)`.
  private static func name(_ message: Message) -> String {
    let subject = message.subject
    var words = subject.reroll > 1 ? ["v\(subject.reroll)"] : []
    if let number = subject.number, let total = subject.total { words.append("\(number)/\(total)") }
    return "'\(message.title)'" + (words.isEmpty ? "" : " (\(words.joined(separator: " ")))")
  }

  private func series() throws(Failure) -> Series {
    var ordered = patches
    if let cover = covers.first, patches.isEmpty {
      throw missing(1, of: cover.subject.total ?? 1, at: cover, "only the cover letter was found")
    }
    if patches.allSatisfy({ $0.subject.number != nil }) {
      // Stable, so that two messages with the same number are reported in their original order.
      ordered = patches.enumerated().sorted {
        ($0.element.subject.number ?? 0, $0.offset) < ($1.element.subject.number ?? 0, $1.offset)
      }.map(\.element)
      try checkNumbers(ordered)
    }
    var result = Series(patches: [], warnings: warnings)
    for (index, message) in ordered.enumerated() {
      let patch = try message.patch(number: index + 1, of: ordered.count)
      result.patches.append(patch)
      if let warning = message.lineEndWarning(patch) { result.warnings.append(warning) }
    }
    result.cover = try covers.first?.cover()
    return result
  }

  private func checkNumbers(_ messages: [Message]) throws(Failure) {
    for (index, message) in messages.enumerated() {
      guard let number = message.subject.number, let total = message.subject.total else { continue }
      if index > 0, messages[index - 1].subject.number == number {
        throw Failure(
          .input, at: message.place, "two patches are numbered \(number)/\(total)",
          notes: ["the other patch is at \(messages[index - 1].place)"])
      }
      if number != index + 1 {
        throw missing(index + 1, of: total, at: message, "this patch is number \(number)")
      }
    }
    if let last = messages.last, let total = last.subject.total, total > messages.count {
      throw missing(messages.count + 1, of: total, at: last, "this patch is the last of \(messages.count)")
    }
  }

  private func missing(_ number: Int, of total: Int, at message: Message, _ note: String) -> Failure {
    // If only one patch was rerolled, the others are in the previous version.
    Failure(
      .input, at: message.place, "patch \(number) of \(total) is missing", notes: [note] + warnings.map(\.message))
  }
}
