import Diagnostics
import Support

/// What a tool writes above a patch in place of a mail's header: `hg export` as comments, StGit below the title, and
/// `git show` above a message that it indents.
struct ToolHeader: Sendable {
  /// Mail fields with the names that a mail gives them.
  private(set) var fields: [(name: String, value: [UInt8])] = []
  /// The index of the first line below the header.
  private(set) var end: Int
  /// How many columns the message is indented.
  private(set) var indent = 0

  private let lines: Lines

  /// - Returns: nil if no such tool wrote the text.
  /// - Throws: `Failure(.input)` for a date that is none.
  init?(_ lines: Lines, from start: Int, file: String) throws(Failure) {
    self.lines = lines
    end = start
    if line(start).elementsEqual("# HG changeset patch".utf8) {
      try readMercurial(file)
    } else if Self.startsCommit(lines, start) {
      readGit()
    } else if !line(start).isEmpty, line(start + 1).isEmpty, field(start + 2) != nil {
      fields = [("Subject", Array(line(start)))]
      end = start + 2
      while let next = field(end) {
        fields.append(next)
        end += 1
      }
    } else {
      return nil
    }
  }

  /// Whether `git show` or `git log` starts a commit at a line.
  static func startsCommit(_ lines: Lines, _ index: Int) -> Bool {
    index + 1 < lines.count && lines.content(index).text.wholeMatch(of: #/commit [0-9a-f]{7,64}( .*)?/#) != nil
      && ["Author: ", "Merge: "].contains { lines[index + 1].begins(with: $0) }
  }

  private func line(_ index: Int) -> ArraySlice<UInt8> { index < lines.count ? lines.content(index) : [] }

  private func field(_ index: Int) -> (name: String, value: [UInt8])? {
    guard let match = line(index).text.wholeMatch(of: #/(From|Author|Date|AuthorDate): *(.*)/#) else { return nil }
    return (match.1.hasSuffix("Date") ? "Date" : "From", Array(match.2.utf8))
  }

  /// As `hg_patch_to_mail` in git's am.c.
  private mutating func readMercurial(_ file: String) throws(Failure) {
    while line(end).begins(with: "# ") {
      let text = line(end).text
      if let user = text.wholeMatch(of: #/# User (.+)/#) { fields.append(("From", Array(user.1.utf8))) }
      if text.hasPrefix("# Date ") {
        guard let date = text.wholeMatch(of: #/# Date (\d{1,12}) (-?\d{1,6})/#), let west = Int(date.2) else {
          throw Failure(
            .input, at: Place(file, line: end + 1), "date is not as hg export writes it: seconds, and the time zone's")
        }
        // Mercurial counts the seconds west of UTC.
        let minutes = abs(west) / 60
        let zone = "\(west > 0 ? "-" : "+")\(padded(minutes / 60, to: 2))\(padded(minutes % 60, to: 2))"
        fields.append(("Date", Array("@\(date.1) \(zone)".utf8)))
      }
      end += 1
    }
  }

  private mutating func readGit() {
    indent = 4
    end += 1
    while !line(end).isEmpty {
      if let field = field(end) { fields.append(field) }
      end += 1
    }
  }
}
