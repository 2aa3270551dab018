import Testing

/// A fault of the corpus: what is done to the clean series, and what verification must say of the result.
struct Fault: Sendable, CustomTestStringConvertible {
  var name: String
  /// The kind of mistake it stands for.
  var kind: String
  var changes: [Change]
  /// The lanes to compile in: the fewest that can show it; none where the fault needs no compiler.
  var lanes: [String]
  var depth: String
  var outcome: Outcome
  /// What a finding of `prove` says of it; nil where none sees it.
  var proof: String?
  /// What verification says of it today, where that is wrong.
  var weakness: String?
  /// What it takes before the fault can be tried at all.
  var waitsFor: String?

  enum Outcome: Sendable {
    case falls(Fall)
    case stands
    /// It compiles and keeps every static rule; only running the result shows it. `tried` says whether the test asserts so.
    case unseen(tried: Bool)
  }

  /// The first bad commit and what is said of it.
  struct Fall: Sendable {
    var commit: Int
    var check: String
    var lane: String?
    /// The file that a finding of the check must be in, and that the reason must name: where the mistake is.
    var file: String
    var fixedBy: Int?
    /// All commits that fall, where that is part of what is tested.
    var commits: [Int]?
  }

  var testDescription: String { "\(kind): \(name)" }
}

/// One step of making a fault.
enum Change: Sendable {
  /// A file is what it is after patch `to` (0 is the base), in the states `from` … `through`.
  case restore(file: String, to: Int, from: Int, through: Int?)
  case replace(file: String, old: String, new: String, from: Int, through: Int?)
  case add(file: String, text: String, from: Int)
  case delete(file: String, from: Int)
  case movePatch(Int, to: Int)
  case swapPatches(Int, Int)
  case dropPatch(Int)
  /// What a patch does to a file, or one hunk of it, goes into another patch, or nowhere.
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
