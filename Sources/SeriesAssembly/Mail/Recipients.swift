public import Kbuild
public import PatchSeries

/// The recipients of a mail.
public struct Recipients: Hashable, Sendable {
  /// Whom the mail asks to act.
  public private(set) var to: [MailAddress] = []
  /// Who gets a copy.
  public private(set) var cc: [MailAddress] = []

  /// Addresses a patch to its maintainers, with copies to reviewers and lists.
  public init(_ maintainers: [Maintainer]) {
    for one in maintainers {
      guard let address = MailAddress(one.address) else { continue }
      if one.role == .maintainer { to.append(address) } else { cc.append(address) }
    }
    // A mail needs someone in To.
    if to.isEmpty { (to, cc) = (cc, []) }
  }

  /// Addresses a cover letter to everyone who gets all patches, and to every list that gets any.
  public init(coverOf patches: [[Maintainer]]) {
    var seen: Set<String> = []
    self.init(
      patches.joined().filter { one in
        let isForAll = patches.allSatisfy { $0.contains { $0.address == one.address } }
        return (isForAll || one.role == .list) && seen.insert(one.address).inserted
      })
  }

  /// A row for each recipient and a column for each mail.
  public static func table(_ mails: [Recipients]) -> String {
    var rows: [MailAddress] = []
    for address in mails.flatMap({ $0.to + $0.cc }) where !rows.contains(address) { rows.append(address) }
    return rows.map { row in
      let marks = mails.map { $0.to.contains(row) ? "T" : $0.cc.contains(row) ? "C" : "·" }
      return marks.joined() + "  " + (row.name == row.email ? row.email : "\(row.name) <\(row.email)>") + "\n"
    }.joined()
  }
}
