import Diagnostics

/// One version of a series as it was mailed: the patches that state the same version and total, each number once. A patch
/// without a number is a series of its own.
struct MailedSeries {
  private(set) var patches: [Message]
  var cover: Message?
  let version: SubjectLine.Version
  private(set) var total: Int?
  private var byNumber: [Int: Message] = [:]
  private var ids: Set<String> = []

  private init(_ message: Message) {
    patches = []
    (version, total) = (message.subject.version, message.subject.number == nil ? nil : message.subject.total)
    add(message)
  }

  private mutating func add(_ message: Message) {
    patches.append(message)
    if let number = message.subject.number { byNumber[number] = message }
    ids.formUnion(message.references)
    if let id = message.id { ids.insert(id) }
  }

  /// The numbers that no patch has. Computed as they are asked for, since a subject may claim any total.
  var missing: some Collection<Int> {
    (1..<(total ?? 0) + 1).lazy.filter { [byNumber] in byNumber[$0] == nil }
  }

  var missingCount: Int { (total ?? 0) - byNumber.keys.count { $0 <= total ?? 0 } }

  /// What orders the versions of a series. Authors may count those marked RFC by themselves.
  var rank: Rank {
    let dates = patches.compactMap { try? $0.author?.get().seconds }
    return Rank(isFinal: !patches.allSatisfy(\.subject.isRFC), version: version, sent: dates.max() ?? 0)
  }

  struct Rank: Comparable, CustomStringConvertible {
    let isFinal: Bool
    let version: SubjectLine.Version
    /// When the last patch was sent, in seconds since 1970.
    let sent: Int64

    var description: String { "\(version)" + (isFinal ? "" : " (RFC)") }

    static func < (one: Self, other: Self) -> Bool {
      if one.isFinal == other.isFinal { return one.version < other.version }
      return one.sent == other.sent ? other.isFinal : one.sent < other.sent
    }
  }

  /// All messages.
  var messages: [Message] { patches + (cover.map { [$0] } ?? []) }

  /// `'iommu: add a callback' (v2 1/3)`.
  var name: String { patches[0].name }

  /// Whether the message is in the same thread.
  private func isThread(of message: Message) -> Bool {
    message.references.contains(where: ids.contains) || message.id.map(ids.contains) == true
  }

  /// Takes the patches that are missing from another version of the series.
  ///
  /// - Returns: whether there were any.
  mutating func complete(from other: MailedSeries) -> Bool {
    takePlace(in: other)
    guard let total, total == other.total else { return false }
    let found = other.byNumber.keys.filter { $0 <= total && byNumber[$0] == nil }.sorted()
    for number in found { if let message = other.byNumber[number] { add(message) } }
    return !found.isEmpty
  }

  /// Gives a patch without a number that of the patch it replaces, known by its title, or by the mail that it replies to.
  private mutating func takePlace(in other: MailedSeries) {
    guard total == nil, patches.count == 1, other.total != nil else { return }
    let titled = other.patches.first { $0.title.lowercased() == patches[0].title.lowercased() }
    let answered = patches[0].references.lazy.compactMap { id in other.patches.first { $0.id == id } }.first
    guard let place = (titled ?? answered)?.subject else { return }
    var message = patches.removeFirst()
    (message.subject.number, message.subject.total) = (place.number, place.total)
    total = place.total
    add(message)
  }
}

extension MailedSeries {
  private struct Kind: Hashable {
    var version: SubjectLine.Version
    var total: Int?

    init(_ subject: SubjectLine) { (version, total) = (subject.version, subject.total) }
  }

  /// The series among some patches and cover letters, in the order of their first patches, and the cover letters of none.
  ///
  /// - Throws: `Failure(.input)` for two patches with the same number and title.
  static func all(
    of patches: [Message], covers: [Message]
  ) throws(Failure) -> (series: [MailedSeries], covers: [Message]) {
    var all: [MailedSeries] = []
    var known: [Kind: [Int]] = [:]
    for message in patches {
      guard let number = message.subject.number else {
        all.append(MailedSeries(message))
        continue
      }
      let same = known[Kind(message.subject)] ?? []
      for index in same {
        guard let other = all[index].byNumber[number], other.title == message.title else { continue }
        throw Failure(
          .input, at: message.place, "two patches are numbered \(number)/\(message.subject.total ?? 1)",
          notes: ["the other patch is at \(other.place)", "remove the one that is not meant"])
      }
      let free = same.filter { all[$0].byNumber[number] == nil }
      if let index = free.first(where: { all[$0].isThread(of: message) }) ?? free.first {
        all[index].add(message)
      } else {
        known[Kind(message.subject), default: []].append(all.count)
        all.append(MailedSeries(message))
      }
    }
    var left: [Message] = []
    for cover in covers {
      let free = (known[Kind(cover.subject)] ?? []).filter { all[$0].cover == nil }
      if let index = free.first(where: { all[$0].isThread(of: cover) }) ?? free.first {
        all[index].cover = cover
      } else {
        left.append(cover)
      }
    }
    // The author of a lone cover letter, or of the patches, may have forgotten the version.
    let others = left.filter { cover in
      guard let index = all.firstIndex(where: { $0.cover == nil && $0.total == cover.subject.total }) else {
        return true
      }
      all[index].cover = cover
      return false
    }
    return (all, others)
  }
}

extension Message {
  /// `'iommu: add a callback' (v2 1/3)`.
  var name: String {
    var words = subject.version > SubjectLine.Version() ? ["v\(subject.version)"] : []
    if let number = subject.number, let total = subject.total { words.append("\(number)/\(total)") }
    return "'\(title)'" + (words.isEmpty ? "" : " (\(words.joined(separator: " ")))")
  }
}
