/// Describes the first line that differs, with the line before it; nil if the texts are equal.
public func difference(_ found: [UInt8], from expected: [UInt8]) -> String? {
  if found == expected { return nil }
  let one = found.split(separator: 0x0A, omittingEmptySubsequences: false)
  let two = expected.split(separator: 0x0A, omittingEmptySubsequences: false)
  let index = zip(one, two).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(one.count, two.count)
  func text(_ lines: [ArraySlice<UInt8>], _ index: Int) -> String {
    lines.indices.contains(index) ? String(decoding: lines[index], as: UTF8.self).debugDescription : "the end"
  }
  return "line \(index + 1): found \(text(one, index)), expected \(text(two, index)), after \(text(two, index - 1))"
}
