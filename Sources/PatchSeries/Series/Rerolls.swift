import Diagnostics

/// The versions of a series in one mbox, `[PATCH v2 …]` and `[PATCH v3 …]`.
struct Rerolls {
  /// The messages of the newest version.
  private(set) var patches: [Message]
  private(set) var covers: [Message]
  /// One warning for each version that is left out.
  private(set) var warnings: [Finding] = []

  /// - Throws: `Failure(.input)` if an older version belongs to another series.
  init(patches: [Message], covers: [Message]) throws(Failure) {
    (self.patches, self.covers) = (patches, covers)
    if covers.isEmpty, patches.allSatisfy({ $0.subject.number == nil }) {
      keepNewestOfEach()
    } else {
      try keepNewest()
    }
  }

  private mutating func keepNewest() throws(Failure) {
    let versions = Dictionary(grouping: patches + covers, by: \.subject.reroll).sorted { $0.key > $1.key }
    guard let newest = versions.first else { return }
    var family = Family()
    family.add(newest.value)
    var introductions = newest.value.filter { $0.subject.number == 0 }
    for (number, messages) in versions.dropFirst() {
      guard let first = messages.first(where: { $0.subject.number != 0 }) else {
        // The author of a lone cover letter may have forgotten its version.
        if introductions.isEmpty { introductions = messages.filter { isCover($0, of: newest.value) } }
        continue
      }
      guard family.isRelated(to: messages) else { throw SeriesFinder.twoSeries(first, newest.value[0]) }
      family.add(messages)
      warnings.append(
        Finding(
          .warning, at: first.place,
          "version \(number) of the series is left out: version \(newest.key) is newer"))
    }
    patches = newest.value.filter { $0.subject.number != 0 }
    covers = introductions
  }

  private func isCover(_ message: Message, of newest: [Message]) -> Bool {
    newest.allSatisfy { $0.subject.total == message.subject.total }
  }

  /// Patches without numbers each have versions of their own, and are identified by their subjects.
  private mutating func keepNewestOfEach() {
    var newest: [String: Int] = [:]
    for patch in patches { newest[patch.title, default: 0] = max(newest[patch.title] ?? 0, patch.subject.reroll) }
    for patch in patches {
      guard let version = newest[patch.title], patch.subject.reroll < version else { continue }
      warnings.append(
        Finding(
          .warning, at: patch.place,
          "version \(patch.subject.reroll) of '\(patch.title)' is left out: version \(version) is newer"))
    }
    patches.removeAll { $0.subject.reroll < newest[$0.title] ?? 0 }
  }
}

/// The features that the messages of one series share across its versions.
private struct Family {
  private var titles: Set<String> = []
  private var ids: Set<String> = []
  private var references: Set<String> = []

  mutating func add(_ messages: [Message]) {
    titles.formUnion(messages.map { $0.title.lowercased() })
    ids.formUnion(messages.compactMap(\.id))
    references.formUnion(messages.flatMap(\.references))
  }

  /// Whether a message has the subject of one in the family, replies to one, or has a reply from one.
  func isRelated(to messages: [Message]) -> Bool {
    messages.contains { message in
      titles.contains(message.title.lowercased()) || message.references.contains(where: ids.contains)
        || message.id.map(references.contains) == true
    }
  }
}
