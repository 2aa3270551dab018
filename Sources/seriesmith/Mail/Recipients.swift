import Kbuild
import PatchSeries

/// Whom a mail goes to.
struct Recipients: Hashable {
  var to: [MailAddress] = []
  var cc: [MailAddress] = []

  /// A patch's maintainers get it, with copies for its reviewers and the lists.
  init(_ maintainers: [Maintainer]) {
    for one in maintainers {
      guard let address = MailAddress(one.address) else { continue }
      if one.role == .maintainer { to.append(address) } else { cc.append(address) }
    }
    // A mail needs somebody it is to.
    if to.isEmpty { (to, cc) = (cc, []) }
  }

  /// Those of a cover letter: who gets all of the patches, and each of their lists.
  init(coverOf patches: [[Maintainer]]) {
    var seen: Set<String> = []
    self.init(
      patches.joined().filter { one in
        let isForAll = patches.allSatisfy { $0.contains { $0.address == one.address } }
        return (isForAll || one.role == .list) && seen.insert(one.address).inserted
      })
  }

  /// A row for each recipient and a column for each mail.
  static func table(_ mails: [Recipients]) -> String {
    var rows: [MailAddress] = []
    for address in mails.flatMap({ $0.to + $0.cc }) where !rows.contains(address) { rows.append(address) }
    return rows.map { row in
      let marks = mails.map { $0.to.contains(row) ? "T" : $0.cc.contains(row) ? "C" : "·" }
      return marks.joined() + "  " + (row.name == row.email ? row.email : "\(row.name) <\(row.email)>") + "\n"
    }.joined()
  }
}
