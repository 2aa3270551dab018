import Foundation
import PatchSeries

/// Moves the changes of patches within the series, as a rebase would.
extension FaultySeries {
  /// Moves a patch to another position.
  mutating func movePatch(_ patch: Int, to place: Int) throws {
    var steps = try steps()
    steps.insert(steps.remove(at: patch - 1), at: place - 1)
    try replay(steps)
  }

  mutating func swapPatches(_ one: Int, _ other: Int) throws {
    var steps = try steps()
    steps.swapAt(one - 1, other - 1)
    try replay(steps)
  }

  mutating func dropPatch(_ patch: Int) throws {
    var steps = try steps()
    steps.remove(at: patch - 1)
    try replay(steps)
  }

  /// Takes a patch's changes to a file, or one hunk of them, out of the patch, and adds them to `target` if given.
  mutating func moveChanges(to file: String, hunk: Int?, of patch: Int, into target: Int?) throws {
    var steps = try steps()
    guard let hunks = steps[patch - 1].files[file] else { throw Impossible(reason: "patch \(patch) leaves \(file)") }
    let taken = try hunk.map { number in
      guard hunks.indices.contains(number - 1) else { throw Impossible(reason: "\(file) has \(hunks.count) hunks") }
      return [hunks[number - 1]]
    }
    steps[patch - 1].files[file] = hunk == nil ? nil : hunks.filter { taken?.contains($0) == false }
    if let target { steps[target - 1].files[file, default: []] += taken ?? hunks }
    try replay(steps)
  }

  private struct Step {
    var patch: Patch
    var files: [String: [Hunk]]
  }

  private func steps() throws -> [Step] {
    try diffs().map { patch, files in
      guard files.allSatisfy({ $0.status == .modified }) else {
        throw Impossible(reason: "only modified files can be carried to another patch")
      }
      return Step(patch: patch, files: Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.hunks) }))
    }
  }

  private mutating func replay(_ steps: [Step]) throws {
    var state: State = [:]
    var result: [(patch: Patch, state: State)] = []
    for step in steps {
      for (path, hunks) in step.files {
        guard let before = try state[path] ?? file(path, after: 0) else { throw Impossible(reason: "no \(path)") }
        state[path] = .some(try RelocatedHunks(hunks).applied(to: before, path: path))
      }
      result.append((step.patch, state))
    }
    replace(by: result)
  }
}

/// Applies hunks where their old lines are, whatever their headers say.
struct RelocatedHunks {
  private let hunks: [Hunk]

  init(_ hunks: [Hunk]) {
    self.hunks = hunks.sorted { $0.oldStart < $1.oldStart }
  }

  func applied(to bytes: [UInt8], path: String) throws -> [UInt8] {
    var lines = Self.lines(bytes)
    var shift = 0
    for hunk in hunks {
      let old = hunk.preimage.map(\.content)
      guard let place = Self.place(of: old, in: lines, near: hunk.oldIndex + shift) else {
        throw Impossible(reason: "a hunk of \(path) finds no place: \(hunk.range) \(hunk.heading)")
      }
      lines.replaceSubrange(place..<(place + old.count), with: hunk.postimage.map(\.content))
      shift = place - hunk.oldIndex + hunk.newCount - hunk.oldCount
    }
    return Array(lines.joined())
  }

  /// The lines of a file, each with its newline.
  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) + [0x0A] }
    lines[lines.count - 1].removeLast()
    return lines.filter { !$0.isEmpty }
  }

  /// The place of the lines nearest to the expected one.
  private static func place(of old: [[UInt8]], in lines: [[UInt8]], near expected: Int) -> Int? {
    let last = lines.count - old.count
    guard last >= 0 else { return nil }
    let places = (0...last).sorted { abs($0 - expected) < abs($1 - expected) }
    return places.first { lines[$0...].starts(with: old) }
  }
}

/// A fault that cannot be made from this series: the corpus is wrong, not the code under test.
struct Impossible: Error, CustomStringConvertible {
  var reason: String
  var description: String { reason }
}
