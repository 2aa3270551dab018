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
    // Unless the mail is encoded, git reads each line as it is in the file.
    let origin = (header.end..<lines.count).first { lines[$0].isSame(as: patch[0]) } ?? lines.count
    let verbatim = zip(origin..<lines.count, 0..<patch.count).prefix { lines[$0].isSame(as: patch[$1]) }.count
    let decoded = "\(file) (git mailinfo's patch from the mail at line \(firstLine))"
    func place(_ line: Int) -> Place {
      line <= verbatim
        ? Place(file, line: firstLine + origin + line - 1)
        : Place(decoded, line: line)
    }
    do throws(Failure) {
      let files = try DiffReader.read(patch.bytes, file: file)
      let first = patch.ranges[start].lowerBound
      let bytes = Array(patch.bytes[first..<max(first, files.last?.bytes.upperBound ?? 0)])
      let isVerbatim = start + Lines(bytes).count <= verbatim
      return Diff(files: files, bytes: bytes, place: isVerbatim ? place(start + 1) : Place(decoded, line: start + 1))
    } catch {
      let findings = error.findings.map { finding in
        var finding = finding
        finding.place = finding.place?.line.map(place) ?? finding.place
        return finding
      }
      throw Failure(error.status, findings)
    }
  }

  /// A warning if `git am` changes or keeps line ends, probably against the author's intention; nil otherwise.
  func lineEndWarning(_ patch: Patch) -> Finding? {
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
