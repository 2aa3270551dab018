import Support

/// What `hg export` writes above a patch as comments, or StGit below its title. `git am` takes both for a mail's header.
struct ToolHeader: Sendable {
  /// Mail fields with the names that a mail gives them.
  private(set) var fields: [(name: String, value: [UInt8])] = []
  /// The index of the first line below the header.
  private(set) var end: Int

  /// - Returns: nil if neither tool wrote the text.
  init?(_ lines: Lines, from start: Int) {
    func line(_ index: Int) -> ArraySlice<UInt8> { index < lines.count ? lines.content(index) : [] }
    end = start
    if line(start).elementsEqual("# HG changeset patch".utf8) {
      while line(end).first == UInt8(ascii: "#") {
        if let user = line(end).text.wholeMatch(of: #/# User (.+)/#) { fields.append(("From", Array(user.1.utf8))) }
        // Mercurial counts the seconds west of UTC.
        if let date = line(end).text.wholeMatch(of: #/# Date (\d+) (-?\d+)/#), let west = Int(date.2) {
          let minutes = abs(west) / 60
          let zone = "\(west > 0 ? "-" : "+")\(padded(minutes / 60, to: 2))\(padded(minutes % 60, to: 2))"
          fields.append(("Date", Array("@\(date.1) \(zone)".utf8)))
        }
        end += 1
      }
      return
    }
    func field(_ index: Int) -> (name: String, value: [UInt8])? {
      guard let match = line(index).text.wholeMatch(of: #/(From|Author|Date): *(.*)/#) else { return nil }
      return (match.1 == "Date" ? "Date" : "From", Array(match.2.utf8))
    }
    guard start + 2 < lines.count, line(start + 1).isEmpty, field(start + 2) != nil else { return nil }
    fields = [("Subject", Array(line(start)))]
    end = start + 2
    while end < lines.count, let next = field(end) {
      fields.append(next)
      end += 1
    }
  }
}
