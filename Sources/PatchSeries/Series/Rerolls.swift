import Diagnostics

/// The newest version of each series, where some are versions of the same: `[PATCH v2 …]` and `[PATCH v3 …]`.
struct Rerolls {
  /// The newest versions, in the order in which they came.
  private(set) var newest: [MailedSeries] = []
  /// One warning for each version that is left out, in whole or in part.
  private(set) var warnings: [Finding] = []
  /// The index in `newest` of the series that a feature belongs to.
  private var families: [Feature: Int] = [:]

  /// What messages of one series share across its versions.
  private enum Feature: Hashable {
    case title(String)
    case id(String)
    case reference(String)
  }

  init(_ all: [MailedSeries]) {
    // Of equal versions the first comes first.
    let order = all.indices.sorted { (all[$1].rank, $0) < (all[$0].rank, $1) }
    var places: [Int] = []
    for index in order {
      let series = all[index]
      if let family = related(to: series) {
        replace(series, by: family)
        add(series.messages, to: family)
      } else {
        newest.append(series)
        places.append(index)
        add(series.messages, to: newest.count - 1)
      }
    }
    newest = zip(places, newest).sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// The newer version of a series, known by a subject, or by a reply from one to the other.
  private func related(to series: MailedSeries) -> Int? {
    for message in series.messages {
      let features =
        [Feature.title(message.title.lowercased())] + message.references.map { .id($0) }
        + (message.id.map { [.reference($0)] } ?? [])
      for case let family? in features.map({ families[$0] }) where newest[family].rank > series.rank {
        return family
      }
    }
    return nil
  }

  private mutating func add(_ messages: [Message], to family: Int) {
    for message in messages {
      let features =
        [Feature.title(message.title.lowercased())] + message.references.map { .reference($0) }
        + (message.id.map { [.id($0)] } ?? [])
      for feature in features where families[feature] == nil { families[feature] = family }
    }
  }

  /// Leaves an older version out, but for patches that were not mailed again: with a few mended ones, authors send just
  /// those.
  private mutating func replace(_ old: MailedSeries, by family: Int) {
    let sent = newest[family].patches.count
    let isPartial = newest[family].complete(from: old)
    let new = newest[family]
    let message =
      isPartial
      ? "version \(new.rank) has only \(sent) of \(new.total ?? sent) patches: "
        + "the others are taken from version \(old.rank)"
      : new.total == nil
        ? "version \(old.rank) of '\(new.patches[0].title)' is left out: version \(new.rank) is newer"
        : "version \(old.rank) of the series is left out: version \(new.rank) is newer"
    warnings.append(Finding(.warning, at: (isPartial ? new : old).patches[0].place, message))
  }
}
