import Diagnostics
import Support

extension Message {
  struct Diff {
    var files: [FileDiff]
    /// Without what follows the last hunk: the mail's signature.
    var bytes: [UInt8]
    /// Where its first line stands.
    var place: Place
  }

  /// The diff; nil without one.
  ///
  /// - Throws: status `.input`, with the place, for a damaged one.
  func diff() throws(Failure) -> Diff? {
    let mail = try read()
    let patch = mail.patch
    guard let start = mail.parts.diff?.lowerBound else { return nil }
    // A line stands in the file as git reads it, unless the mail is encoded.
    let origin = (header.end..<lines.count).first { lines[$0].isSame(as: patch[0]) } ?? lines.count
    let verbatim = zip(origin..<lines.count, 0..<patch.count).prefix { lines[$0].isSame(as: patch[$1]) }.count
    let decoded = "\(file) (git mailinfo's patch of the mail at line \(firstLine))"
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

  /// Says where `git am` is known to change or to keep line ends that are probably meant otherwise.
  func lineEndWarning(_ patch: Patch) -> Finding? {
    if patch.diff.prefix(while: { $0 != 0x0A }).last == 0x0D {
      return Finding(
        .warning, at: Place(patch.diffName, line: patch.diffLine),
        "the encoded diff has CR LF line ends, which git am keeps",
        notes: ["if the files have none, apply it with git am --quoted-cr=strip"])
    }
    func endsInCRLF(_ index: Int) -> Bool {
      let line = source.ranges[firstLine - 1 + index]
      return line.count > 1 && source.bytes[line.upperBound - 2] == 0x0D && source.bytes[line.upperBound - 1] == 0x0A
    }
    let start = header.fields.first?.line ?? 0
    guard !endsInCRLF(start), let line = (header.end..<lines.count).first(where: endsInCRLF) else { return nil }
    return Finding(
      .warning, at: Place(file, line: firstLine + line), "line ends in CR LF, of which git am strips the CR",
      notes: ["if the file has such lines, the patch needs git am --keep-cr"])
  }
}
