import Diagnostics

extension Message {
  /// Says where `git am` is known to change or to keep line ends that are probably meant otherwise.
  var lineEndWarning: Finding? {
    guard let start = diffLines?.lowerBound else { return nil }
    if text.section(of: start)?.isEncoded == true {
      guard text.lines.content(start).last == 0x0D else { return nil }
      return Finding(
        .warning, at: text.place(start), "the encoded diff has CR LF line ends, which git am keeps",
        notes: ["if the files have none, apply it with git am --quoted-cr=strip"])
    }
    guard let first = text.firstCRLF, !headerEndsInCRLF else { return nil }
    return Finding(
      .warning, at: Place(file, line: first + 1), "line ends in CR LF, of which git am strips the CR",
      notes: ["if the file has such lines, the patch needs git am --keep-cr"])
  }
}
