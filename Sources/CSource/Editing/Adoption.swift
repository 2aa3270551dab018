import Diagnostics

/// Takes from another program's version of a file what it was asked to change, and leaves all else byte for byte.
extension SourceFile {
  /// The file with its functions, tables and prototypes of the given names as another version of it has them.
  ///
  /// In a table, the entries that differ are set as a person would: aligned with the one in whose place they stand.
  ///
  /// - Parameter names: functions, and variables with an initialiser.
  /// - Throws: if the versions differ anywhere else, if one of `names` is neither in this file, or if it does not differ.
  public func adopting(_ other: [UInt8], in names: [String]) throws(Mismatch) -> SourceFile {
    let other = SourceFile(path: path, bytes: other)
    let names = names.enumerated().filter { !names[..<$0.offset].contains($0.element) }.map(\.element)
    var byName: [(name: String, regions: [Region])] = []
    for name in names {
      try Names.require(name, "function or table", in: self)
      let own = self.regions(named: name)
      guard own.contains(where: { $0.kind != .prototype }) else {
        throw Mismatch(
          Place(path), "has no function or table '\(name)'",
          remedy: "name functions and variables that the file defines")
      }
      byName.append((name, own))
    }
    let regions = byName.flatMap(\.regions)
    let hunks = sliding(hunks(to: other), in: other, into: regions)
    for (name, own) in byName where !hunks.contains(where: { hunk in own.contains { $0.holds(hunk) } }) {
      throw Mismatch(
        place(offsets(own[0].tokens).lowerBound), "the rules change nothing in '\(name)'",
        remedy: "see with `spatch --debug` what they match; comments and white space alone do not count")
    }
    if let stray = hunks.first(where: { hunk in !regions.contains { $0.holds(hunk) } }) {
      throw strayed(stray, in: other)
    }
    var file = self
    // From the end, so that the tokens before an edit stay where they are.
    for region in regions.sorted(by: { $0.tokens.lowerBound > $1.tokens.lowerBound }) {
      let own = hunks.filter { region.holds($0) }
      guard !own.isEmpty else { continue }
      let counterpart = counterpart(of: region.tokens, own)
      if region.kind == .table, let edited = try file.adoptingEntries(counterpart, of: other, in: region.tokens) {
        file = edited
      } else {
        file = try file.adoptingText(own, of: other, in: region)
      }
    }
    return file
  }

  /// What differs between two versions: tokens here, and the tokens in their place there.
  private struct Hunk {
    var old: Range<Int>
    var new: Range<Int>
  }

  private struct Region {
    enum Kind { case function, prototype, table }
    var kind: Kind
    var tokens: Range<Int>

    /// Whether a difference is in the region. What is inserted at its end belongs to what follows.
    func holds(_ hunk: Hunk) -> Bool {
      tokens.lowerBound <= hunk.old.lowerBound && hunk.old.upperBound <= tokens.upperBound
        && hunk.old.lowerBound < tokens.upperBound
    }
  }

  private func hunks(to other: SourceFile) -> [Hunk] {
    var numbers: [ArraySlice<UInt8>: Int] = [:]
    func spelling(_ file: SourceFile) -> [Int] {
      file.tokens.map { token in
        let text = file.bytes[token.start..<token.end]
        if let number = numbers[text] { return number }
        numbers[text] = numbers.count
        return numbers.count - 1
      }
    }
    let (old, new) = (spelling(self), spelling(other))
    let (removed, inserted) = new.difference(from: old).offsets
    var hunks: [Hunk] = []
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
      let (start, begin) = (i, j)
      while removed.contains(i) { i += 1 }
      while inserted.contains(j) { j += 1 }
      if i > start || j > begin { hunks.append(Hunk(old: start..<i, new: begin..<j)) }
      (i, j) = (i + 1, j + 1)
    }
    return hunks
  }

  /// Moves what is inserted or removed between two regions into one of them where that comes to the same: a block at
  /// the end of a function may as well end with the function's brace.
  private func sliding(_ hunks: [Hunk], in other: SourceFile, into regions: [Region]) -> [Hunk] {
    var result: [Hunk] = []
    for hunk in hunks {
      var moved = hunk
      while !regions.contains(where: { $0.holds(moved) }), moved.old.lowerBound > (result.last?.old.upperBound ?? 0),
        moved.old.isEmpty || moved.new.isEmpty,
        let last = moved.old.isEmpty ? other.spelling(moved.new.upperBound - 1) : spelling(moved.old.upperBound - 1),
        last == spelling(moved.old.lowerBound - 1)
      {
        moved.old = moved.old.lowerBound - 1..<moved.old.upperBound - 1
        moved.new = moved.new.lowerBound - 1..<moved.new.upperBound - 1
      }
      result.append(regions.contains { $0.holds(moved) } ? moved : hunk)
    }
    return result
  }

  private func spelling(_ index: Int) -> ArraySlice<UInt8>? {
    tokens.indices.contains(index) ? bytes[tokens[index].start..<tokens[index].end] : nil
  }

  private func regions(named name: String) -> [Region] {
    let definitions = functions(named: name).map { Region(kind: .function, tokens: $0.tokens) }
    let prototypes = prototypes(of: name).map { header in
      let end = (header.tokens.upperBound..<tokens.count).first { isToken($0, ";") } ?? header.tokens.upperBound
      return Region(kind: .prototype, tokens: header.tokens.lowerBound..<end + 1)
    }
    let depths = braceDepths()
    let tables = matches(TokenPattern(name), in: 0..<tokens.count).compactMap { match -> Region? in
      guard depths[match.lowerBound] == 0 else { return nil }
      var next = match.upperBound
      while isToken(next, "["), let close = closing(next) { next = close + 1 }
      guard isToken(next, "="), isToken(next + 1, "{"), let close = closing(next + 1) else { return nil }
      return Region(kind: .table, tokens: next + 1..<close + 1)
    }
    return definitions + prototypes + tables
  }

  /// The tokens of the other version that stand for a range which holds some of the differences.
  private func counterpart(of range: Range<Int>, _ hunks: [Hunk]) -> Range<Int> {
    guard let first = hunks.first, let last = hunks.last else { return range }
    return range.lowerBound + first.new.lowerBound - first.old.lowerBound..<range.upperBound + last.new.upperBound
      - last.old.upperBound
  }

  private func strayed(_ hunk: Hunk, in other: SourceFile) -> Mismatch {
    let function = functions().first { $0.tokens.contains(hunk.old.lowerBound) }
    func words(_ file: SourceFile, _ range: Range<Int>) -> String? {
      range.isEmpty ? nil : String(file.text(file.offsets(range)).collapsingSpace.prefix(120))
    }
    let start = min(hunk.old.lowerBound, tokens.count - 1)
    return Mismatch(
      start < 0 ? Place(path) : place(tokens[start].start),
      "the rules change more than they may" + (function.map { ": function '\($0.name)'" } ?? ""),
      expected: words(self, hunk.old) ?? "nothing here", found: words(other, hunk.new) ?? "nothing",
      remedy: "let the rules match less, or name the function or table in 'in'")
  }

  /// Takes the text of a whole function or prototype.
  private func adoptingText(
    _ hunks: [Hunk], of other: SourceFile, in region: Region
  ) throws(Mismatch) -> SourceFile {
    let counterpart = counterpart(of: region.tokens, hunks)
    let text = Array(other.bytes[other.offsets(counterpart)])
    let edited = try edited([Edit(offsets(region.tokens), text)])
    guard let written = edited.written.first, edited.file.isOne(written, region.kind) else {
      throw strayed(Hunk(old: region.tokens, new: counterpart), in: other)
    }
    let header =
      region.kind == .prototype ? region.tokens : functions().first { $0.tokens == region.tokens }?.header.tokens
    guard let header, hunks.contains(where: { $0.old.lowerBound < header.upperBound }) else { return edited.file }
    // A header of another width has its continuation lines elsewhere. One with comments in it stays as it came.
    return (try? edited.file.layingOutHeader(in: written)) ?? edited.file
  }

  /// Whether tokens are one function, prototype or table.
  private func isOne(_ range: Range<Int>, _ kind: Region.Kind) -> Bool {
    switch kind {
    case .function: functions().first { $0.tokens.overlaps(range) }?.tokens == range
    case .prototype: range.filter { isToken($0, ";") } == [range.upperBound - 1]
    case .table: closing(range.lowerBound) == range.upperBound - 1
    }
  }

  /// Takes a table's entries one by one, and those of tables in it; nil where they have no members' names to go by.
  private func adoptingEntries(
    _ counterpart: Range<Int>, of other: SourceFile, in braces: Range<Int>
  ) throws(Mismatch) -> SourceFile? {
    let own = entries(in: braces)
    let new = other.entries(in: counterpart)
    func spelling(_ file: SourceFile, _ entry: Range<Int>) -> String { file.text(file.offsets(entry)).collapsingSpace }
    let (removed, inserted) = new.map { spelling(other, $0) }.difference(from: own.map { spelling(self, $0) }).offsets
    var file = self
    var (i, j) = (own.count, new.count)
    while i > 0 || j > 0 {
      let isRemoved = i > 0 && removed.contains(i - 1)
      let isInserted = j > 0 && inserted.contains(j - 1)
      if isRemoved, isInserted, let mine = inner(own[i - 1]), let theirs = other.inner(new[j - 1]),
        spelling(self, own[i - 1].lowerBound..<mine.lowerBound)
          == spelling(other, new[j - 1].lowerBound..<theirs.lowerBound)
      {
        guard let edited = try file.adoptingEntries(theirs, of: other, in: mine) else { return nil }
        file = edited
      } else if isInserted {
        guard i > 0, let neighbour = file.initialiser(at: own[i - 1]), let entry = other.initialiser(at: new[j - 1])
        else {
          return nil
        }
        file =
          isRemoved
          ? try file.replacing(neighbour, member: entry.member, value: entry.value)
          : try file.adding(member: entry.member, value: entry.value, after: neighbour)
      } else if isRemoved {
        guard let entry = file.initialiser(at: own[i - 1]) else { return nil }
        file = try file.removing(entry)
      }
      if isRemoved || !isInserted { i -= 1 }
      if isInserted || !isRemoved { j -= 1 }
    }
    return file
  }

  /// The braces of an entry that is a table itself: `{ … }`, `.member = { … }` or `[index] = { … }`.
  private func inner(_ entry: Range<Int>) -> Range<Int>? {
    guard let open = entry.first(where: { isToken($0, "{") }), closing(open) == entry.upperBound - 1,
      open == entry.lowerBound || isToken(open - 1, "=")
    else { return nil }
    return open..<entry.upperBound
  }

  /// The entries between a table's braces.
  private func entries(in braces: Range<Int>) -> [Range<Int>] {
    arguments(braces.lowerBound + 1..<braces.upperBound - 1).filter { !$0.isEmpty }
  }

  private func initialiser(at entry: Range<Int>) -> Initialiser? {
    guard isToken(entry.lowerBound, "."), isToken(entry.lowerBound + 2, "="), entry.count > 3 else { return nil }
    return Initialiser(
      member: text(tokens[entry.lowerBound + 1]), value: text(offsets(entry.lowerBound + 3..<entry.upperBound)),
      tokens: entry)
  }
}
