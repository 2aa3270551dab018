import CSource
import Descriptions
import Diagnostics
import PatchSeries
import Templating

/// A reader that is given any bytes: it may refuse them, with a place, and must do so in time.
public enum FuzzTarget: String, CaseIterable, Sendable {
  case c, patch, description, template

  /// Ends the process where the reader breaks its promises.
  public func read(_ bytes: [UInt8]) {
    switch self {
    case .c: readC(bytes)
    case .patch: readPatch(bytes)
    case .description: readDescription(bytes)
    case .template: renderTemplate(bytes)
    }
  }
}

/// Runs a reader, and holds a refusal to what refusals promise.
private func reading(_ file: String, _ body: () throws(Failure) -> Void) {
  do {
    try body()
  } catch {
    precondition(error.status == .input, "\(error)")
    precondition(error.findings.allSatisfy { $0.place?.file.hasPrefix(file) == true }, "\(error)")
  }
}

private func readC(_ bytes: [UInt8]) {
  let source = SourceFile(path: "a.c", bytes: bytes)
  var end = 0
  for token in source.tokens {
    precondition(end <= token.start && token.start < token.end && token.end <= bytes.count, "\(token)")
    end = token.end
  }
  _ = source.functions()
  _ = source.inventory(structures: ["ops"], members: ["call"])
  precondition(Outline(bytes).items.allSatisfy { $0.lines.lowerBound > 0 })
  _ = CodeWords.of(bytes)
  _ = SymbolMentions(of: "call", in: "a.c", bytes)
}

private func readPatch(_ bytes: [UInt8]) {
  reading("p") { () throws(Failure) in
    let author = Signature(name: "A", email: "a@b", seconds: 0)
    for patch in try PatchReader.series(of: mails(bytes), by: author, file: "p").patches { hold(patch) }
  }
  reading("p") { () throws(Failure) in _ = try DiffReader.read(bytes, file: "p") }
  reading("p") { () throws(Failure) in _ = try PlainPatch(bytes, file: "p").patch(nil) }
  reading("p") { () throws(Failure) in _ = try QuiltSeries(bytes, file: "p") }
}

/// The mails of an mbox, with what git would make of one that is not encoded.
private func mails(_ mbox: [UInt8]) -> [(mail: [UInt8], info: [UInt8], text: [UInt8], patch: [UInt8])] {
  func starts(_ text: String, _ line: ArraySlice<UInt8>) -> Bool { line.starts(with: text.utf8) }
  var mails: [[ArraySlice<UInt8>]] = []
  for line in mbox.split(separator: 0x0A, omittingEmptySubsequences: false) {
    if mails.isEmpty || starts("From ", line) { mails.append([]) }
    mails[mails.count - 1].append(line + [0x0A])
  }
  return mails.map { lines in
    let header = lines.prefix { $0.count > 1 }
    let text = lines.dropFirst(header.count).prefix { !starts("---", $0) && !starts("diff -", $0) }
    let subject = header.last { starts("Subject: ", $0) } ?? []
    return (
      Array(lines.joined()), Array(subject), Array(text.joined()),
      Array(lines.dropFirst(header.count + text.count).joined())
    )
  }
}

/// A patch that was read names files of a tree, and is read again as it was written.
private func hold(_ patch: Patch) {
  let paths = patch.files.flatMap { [$0.path, $0.oldPath ?? $0.path] }
  precondition(paths.allSatisfy { TreePath.problem($0) == nil }, "\(paths)")
  reading("p") { () throws(Failure) in
    let diffs = try DiffReader.read(patch.diff, file: "p")
    precondition(diffs.map(\.path) == patch.files.map(\.path))
  }
}

/// The first byte says which file of a series the rest is.
private func readDescription(_ bytes: [UInt8]) {
  let scratch = ScratchSeries.shared
  let name = ScratchSeries.names[Int(bytes.first ?? 0) % ScratchSeries.names.count]
  let file = "\(scratch.folder)/\(name)"
  scratch.write(bytes.dropFirst(), to: name)
  reading(scratch.folder) { () throws(Failure) in
    switch name {
    case "lanes.yaml": _ = try LaneLoader.load(file)
    case "accepted.yaml": _ = try AcceptanceLoader.load(file, checks: ["style"])
    case "prove.yaml": _ = try ProofLoader.load(file)
    default: _ = try SeriesLoader.load(scratch.folder)
    }
  }
  scratch.restore(name)
}

private func renderTemplate(_ bytes: [UInt8]) {
  reading("t") { () throws(Failure) in
    let template = try Template(String(decoding: bytes, as: UTF8.self), at: Place("t", line: 1))
    _ = try template.render([
      "name": .text("n"), "items": .list([["item": "1"], ["item": "2"]]), "set": .flag(true), "unset": .flag(false),
    ])
  }
}
