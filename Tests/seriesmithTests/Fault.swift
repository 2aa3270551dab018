import Testing

/// A fault of the corpus: how to make it from the clean series, and what verification must report.
struct Fault: Sendable, CustomTestStringConvertible {
  var name: String
  /// The kind of mistake that it represents.
  var kind: String
  var changes: [Change]
  /// The fewest lanes that can show the fault; none if it needs no compiler.
  var lanes: [String]
  var depth: String
  var outcome: Outcome
  /// Part of the finding of `prove`; nil if `prove` does not find the fault.
  var proof: String?
  /// What verification wrongly reports today; nil if it is right.
  var weakness: String?
  /// What is missing to run the entry; nil if nothing is.
  var waitsFor: String?

  enum Outcome: Sendable {
    case falls(Fall)
    case stands
    /// It compiles and keeps every static rule; only running it shows the fault. `tried`: whether the test asserts so.
    case unseen(tried: Bool)
  }

  /// The first bad commit, and what the report must say about it.
  struct Fall: Sendable {
    var commit: Int
    var check: String
    var lane: String?
    /// The file with the mistake: a finding of the check must be in it, and the reason must name it.
    var file: String
    var fixedBy: Int?
    /// All commits that fall; nil if the test does not check them.
    var commits: [Int]?
  }

  var testDescription: String { "\(kind): \(name)" }
}

/// A step in making a fault.
enum Change: Sendable {
  /// In the states `from` … `through`, the file is as after patch `to` (0 is the base).
  case restore(file: String, to: Int, from: Int, through: Int?)
  case replace(file: String, old: String, new: String, from: Int, through: Int?)
  case add(file: String, text: String, from: Int)
  case delete(file: String, from: Int)
  case movePatch(Int, to: Int)
  case swapPatches(Int, Int)
  case dropPatch(Int)
  /// A patch's changes to a file, or one hunk of them, move to another patch, or are dropped.
  case moveChanges(file: String, hunk: Int?, patch: Int, to: Int?)
  case mail(MailChange)

  func make(in series: inout FaultySeries) throws {
    switch self {
    case .restore(let file, let to, let from, let through):
      let version = try series.file(file, after: to)
      try series.change(file, from: from, through: through) { _ in version }
    case .replace(let file, let old, let new, let from, let through):
      try series.change(file, from: from, through: through) { try $0?.changing(old, to: new) }
    case .add(let file, let text, let from):
      try series.change(file, from: from) { _ in Array(text.utf8) }
    case .delete(let file, let from):
      try series.change(file, from: from) { _ in nil }
    case .movePatch(let patch, let to): try series.movePatch(patch, to: to)
    case .swapPatches(let one, let other): try series.swapPatches(one, other)
    case .dropPatch(let patch): try series.dropPatch(patch)
    case .moveChanges(let file, let hunk, let patch, let to):
      try series.moveChanges(to: file, hunk: hunk, of: patch, into: to)
    case .mail(let change): series.mailChanges.append(change)
    }
  }
}
