import Diagnostics
import Support

extension Message {
  struct Diff {
    var files: [FileDiff]
    /// The bytes of the diff, without the mail's signature after the last hunk.
    var bytes: [UInt8]
    /// The place of the diff's first line.
    var place: Place
  }

  /// The diff; nil if there is none.
  ///
  /// - Throws: `Failure(.input)`, with the place, for a damaged diff.
  func diff() throws(Failure) -> Diff? {
    let mail = try read()
    let patch = mail.patch
    guard let start = mail.parts.diff?.lowerBound else { return nil }
    let (origin, verbatim) = verbatim(patch)
    func place(_ line: Int) -> Place { placeInPatch(line, origin, verbatim) }
    do throws(Failure) {
      let files = try DiffReader.read(patch.bytes, file: file)
      let first = patch.ranges[start].lowerBound
      let bytes = Array(patch.bytes[first..<max(first, files.last?.bytes.upperBound ?? 0)])
      let isVerbatim = start + Lines(bytes).count <= verbatim
      return Diff(files: files, bytes: bytes, place: placeInPatch(start + 1, origin, isVerbatim ? verbatim : 0))
    } catch {
      let findings = error.findings.map { finding in
        var finding = finding
        finding.place = finding.place?.line.map(place) ?? finding.place
        if let flowed = try? flowedWarning() { finding.notes.append(flowed.message) }
        if let encoding { finding.notes.append("the message is encoded (\(encoding)): its encoding may be damaged") }
        return finding
      }
      throw Failure(error.status, findings)
    }
  }

  /// The first line of the mail that git takes for the patch, and how many lines from there on are as in the file: all,
  /// unless the mail is encoded.
  private func verbatim(_ patch: Lines) -> (origin: Int, count: Int) {
    guard patch.count > 0 else { return (lines.count, 0) }
    let origin = (header.end..<lines.count).first { lines[$0].isSame(as: patch[0]) } ?? lines.count
    return (origin, zip(origin..<lines.count, 0..<patch.count).prefix { lines[$0].isSame(as: patch[$1]) }.count)
  }

  /// The place of a line of git's patch, one-based.
  private func placeInPatch(_ line: Int, _ origin: Int, _ verbatim: Int) -> Place {
    line <= verbatim
      ? Place(file, line: firstLine + origin + line - 1)
      : Place("\(file) (git mailinfo's patch from the mail at line \(firstLine))", line: line)
  }

  /// How the message is encoded; nil if it is not.
  private var encoding: String? {
    header["content-transfer-encoding"].flatMap { ["base64", "quoted-printable"].contains($0.lowercased()) ? $0 : nil }
  }

  /// The lines that the diff removes and adds, with the names of its files, by which two copies of a diff are known; nil
  /// without a readable diff.
  var changes: [UInt8]? {
    guard plain == nil, let bytes = try? diff()?.bytes else { return nil }
    return Array(bytes.split(separator: 0x0A).filter { !$0.begins(with: "index ") }.joined(separator: [0x0A]))
  }

  /// What to say about a message that gives this patch.
  func warnings(_ patch: Patch) throws(Failure) -> [Finding] {
    if let plain { return plain.warnings }
    let mail = try read()
    let (origin, verbatim) = verbatim(mail.patch)
    let undated =
      mail.date.isEmpty && header.field("date") == nil
      ? [Finding(.warning, at: place, "message has no date, for which git am takes the time at which it runs")] : []
    let recoded =
      mail.isUTF8
      ? []
      : [
        Finding(
          .warning, at: place, "message is not in UTF-8 and names no other charset, so git am takes it for Latin-1",
          notes: ["if names or text are wrong, ask the author to resend it with git send-email"])
      ]
    return try [flowedWarning(), lineEndWarning(patch), quotedFromNote(mail)].compactMap(\.self) + undated + recoded
      + ForeignDiff.warnings(in: mail.patch) { placeInPatch($0 + 1, origin, verbatim) }
  }

  /// A note on a line of the message that a mail program quoted, since the line would start a new mail in an mbox.
  private func quotedFromNote(_ mail: GitMail) -> Finding? {
    let quoted = ">From ".utf8
    guard Lines(mail.text).ranges.contains(where: { mail.text[$0].starts(with: quoted) }) else { return nil }
    let line = (header.end..<lines.count).first { lines[$0].starts(with: quoted) } ?? 0
    return Finding(
      .note, at: Place(file, line: firstLine + line), "git am keeps the '>' in front of 'From', which mboxes may need")
  }

  /// A warning if `git am` changes or keeps line ends, probably against the author's intention; nil otherwise.
  private func lineEndWarning(_ patch: Patch) -> Finding? {
    if patch.diff.prefix(while: { $0 != 0x0A }).last == 0x0D {
      return Finding(
        .warning, at: Place(patch.diffName, line: patch.diffLine),
        "the encoded diff has CR LF line ends, which git am keeps",
        notes: ["if the files have no CR LF, apply the patch with git am --quoted-cr=strip"])
    }
    func endsInCRLF(_ index: Int) -> Bool {
      let line = source.ranges[firstLine - 1 + index]
      return line.count > 1 && source.bytes[line.upperBound - 2] == 0x0D && source.bytes[line.upperBound - 1] == 0x0A
    }
    let start = header.fields.first?.line ?? 0
    guard !endsInCRLF(start), let line = (header.end..<lines.count).first(where: endsInCRLF) else { return nil }
    return Finding(
      .warning, at: Place(file, line: firstLine + line), "line ends in CR LF, and git am strips the CR",
      notes: ["if the file has such lines, apply the patch with git am --keep-cr"])
  }
}
