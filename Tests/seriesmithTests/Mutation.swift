import GitBinary
import PatchSeries

/// A random mistake in the generated series, as people make them when they split and rebase.
struct Mutation {
  /// What is wrong, in a few words.
  let words: String
  /// The first patch that differs.
  let patch: Int

  private typealias Line = (patch: Int, path: String, text: String)

  /// Makes a mistake in a series; nil, and the series unchanged, if the kind drawn finds nothing there.
  init?(in series: inout FaultySeries, below folders: [String], using random: inout SplitMix) throws {
    var changed = series
    let all = try series.diffs().enumerated().flatMap { index, diff in
      diff.files.filter { file in folders.contains { file.path.hasPrefix($0) } }.map { (patch: index + 1, file: $0) }
    }
    let added: [Line] = all.flatMap { patch, file in
      file.hunks.flatMap(\.lines).filter { $0.kind == .added }.map { line in
        (patch, file.path, String(decoding: line.content, as: UTF8.self))
      }
    }.filter { line in
      let code = line.text.drop { $0 == "\t" || $0 == " " }
      return !code.isEmpty && code != "\n" && !code.hasPrefix("*") && !code.hasPrefix("/*")
    }
    func line(_ isOne: (Line) -> Bool) -> Line? { added.filter(isOne).randomElement(using: &random) }

    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      guard let line = line({ _ in true }), try changed.replace(line.text, by: "", in: line.path, from: line.patch)
      else { return nil }
      (patch, words) = (line.patch, "\(line.path) without \(line.text.quoted)")
    case 1:
      guard let (source, file) = all.randomElement(using: &random), !file.hunks.isEmpty else { return nil }
      let hunk = Int.random(in: 1...file.hunks.count, using: &random)
      let target = Int.random(in: 1...series.patches.count, using: &random)
      guard target != source,
        (try? changed.moveChanges(to: file.path, hunk: hunk, of: source, into: target)) != nil
      else { return nil }
      (patch, words) = (min(source, target), "hunk \(hunk) of \(file.path) moved from patch \(source) to \(target)")
    case 2:
      guard let line = line({ _ in true }),
        let name = line.text.matches(of: #/[a-z][a-z0-9_]{4,}/#).map({ String($0.output) }).randomElement(
          using: &random),
        try changed.replace(
          line.text, by: try line.text.replacingFirst(name, by: name.misspelt), in: line.path, from: line.patch)
      else { return nil }
      (patch, words) = (line.patch, "\(line.path): \(name) misspelt in \(line.text.quoted)")
    case 3:
      guard let (patch, file) = all.randomElement(using: &random),
        let bytes = try series.file(file.path, after: patch),
        let include = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter({ $0.hasPrefix("#include ") }
        )
        .randomElement(using: &random).map({ $0 + "\n" }),
        try changed.replace(include, by: "", in: file.path, from: patch)
      else { return nil }
      (self.patch, words) = (patch, "\(file.path) without \(include.quoted)")
    case 4:
      let others = ["size_t": "u32", "phys_addr_t": "u64", "dma_addr_t": "void *", "unsigned long": "size_t"]
      guard let (type, other) = others.sorted(by: { $0.key < $1.key }).randomElement(using: &random),
        let line = line({ $0.text.contains(type) && ($0.text.hasSuffix(",\n") || $0.text.contains(")")) }),
        try changed.replace(
          line.text, by: try line.text.replacingFirst(type, by: other), in: line.path, from: line.patch)
      else { return nil }
      (patch, words) = (line.patch, "\(line.path): \(other) for \(type) in \(line.text.quoted)")
    default:
      let files = [
        "drivers/iommu/Kconfig", "drivers/iommu/Makefile", "drivers/iommu/generic_pt/Kconfig",
        "drivers/iommu/arm/Kconfig", "drivers/iommu/iommufd/Kconfig", "drivers/iommu/iommufd/Makefile",
        "drivers/vfio/Kconfig", "drivers/vfio/Makefile", "drivers/iommu/arm/arm-smmu/Makefile",
      ]
      let place = Int.random(in: 1...series.patches.count, using: &random)
      guard let file = files.randomElement(using: &random), let bytes = try series.file(file, after: place),
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
          .filter({
            $0.contains("select ") || $0.contains("depends on ") || $0.contains("-$(CONFIG") || $0.contains("-y ")
          })
          .randomElement(using: &random).map({ $0 + "\n" }),
        try changed.replace(line, by: "", in: file, from: place)
      else { return nil }
      (patch, words) = (place, "\(file) without \(line.quoted)")
    }
    series = changed
  }
}

extension FaultySeries {
  /// Replaces a line that a file has once, in every state from a patch on that has it; returns whether the first has.
  fileprivate mutating func replace(
    _ line: some StringProtocol, by other: String, in path: String, from patch: Int
  ) throws -> Bool {
    let old = Array(("\n" + line).utf8)
    guard try file(path, after: patch)?.ranges(of: old).count == 1 else { return false }
    try change(path, from: patch) { bytes in
      guard let bytes, bytes.ranges(of: old).count == 1 else { return bytes }
      return try bytes.changing("\n" + line, to: "\n" + other)
    }
    return true
  }
}

extension StringProtocol {
  fileprivate var quoted: String {
    "'\(drop { $0 == "\t" || $0 == " " }.prefix { $0 != "\n" })'"
  }

  /// With two letters of its middle in the other order, or another one where they are the same.
  fileprivate var misspelt: String {
    var letters = Array(self)
    let middle = letters.count / 2
    letters.swapAt(middle, middle - 1)
    if String(letters) == String(self) { letters[middle] = "x" }
    return String(letters)
  }

  fileprivate func replacingFirst(_ old: String, by new: String) throws -> String {
    guard let range = firstRange(of: old) else { throw Impossible(reason: "\(old) is not in \(self)") }
    return self[..<range.lowerBound] + new + self[range.upperBound...]
  }
}
