public import Diagnostics

/// One run of Coccinelle's `spatch` on one file, which is all that its outcome depends on.
public struct SemanticPatch: Sendable, Hashable {
  /// The rules in SmPL.
  public var rules: String
  /// The file that they come from, for messages.
  public var file: String
  /// The path of the kernel file.
  public var path: String
  /// The file as the edits before left it.
  public var bytes: [UInt8]
  /// The place of the edit, for messages.
  public var place: Place

  /// Creates a run of rules on a file.
  public init(rules: String, from file: String, path: String, bytes: [UInt8], at place: Place) {
    self.rules = rules
    self.file = file
    self.path = path
    self.bytes = bytes
    self.place = place
  }

  /// What a run gave.
  public struct Answer: Sendable {
    /// The file as Coccinelle left it.
    public var bytes: [UInt8]
    /// The names of the rules, in order. Empty if none of them can match, so that the file was not looked at.
    public var rules: [String]
    /// Those of them that matched.
    public var matched: Set<String>
    /// A line that Coccinelle could not parse; nil if it could parse all.
    public var unread: String?

    /// Assembles an answer from its parts.
    public init(bytes: [UInt8], rules: [String], matched: Set<String>, unread: String? = nil) {
      self.bytes = bytes
      self.rules = rules
      self.matched = matched
      self.unread = unread
    }
  }
}

/// The runs of Coccinelle that a series needs on a tree: those that are known, and those that are not.
struct SemanticPatches {
  let known: [SemanticPatch: SemanticPatch.Answer]
  private(set) var wanted: [SemanticPatch] = []
  /// By the place of an edit: the rules it has, and what became of them in each file.
  private var uses: [Place: (file: String, rules: [String], matched: Set<String>, files: Set<String>)] = [:]

  init(known: [SemanticPatch: SemanticPatch.Answer]) { self.known = known }

  /// The answer to a run; nil if it is not known yet.
  mutating func answer(to patch: SemanticPatch) -> SemanticPatch.Answer? {
    guard let answer = known[patch] else {
      wanted.append(patch)
      return nil
    }
    var use = uses[patch.place] ?? (patch.file, [], [], [])
    use.rules += answer.rules.filter { !use.rules.contains($0) }
    use.matched.formUnion(answer.matched)
    use.files.insert(patch.path)
    uses[patch.place] = use
    return answer
  }

  /// The rules that match in none of the files they are for: they are misspelt, or no longer needed.
  var idleRules: [Finding] {
    uses.sorted { ($0.key.file, $0.key.line ?? 0) < ($1.key.file, $1.key.line ?? 0) }.flatMap { place, use in
      use.rules.filter { !use.matched.contains($0) }.map { rule in
        let files = use.files.count == 1 ? use.files.first ?? "" : "any of \(use.files.count) files"
        return Finding(
          at: place, "'\(rule)' of \(use.file) matches nothing in \(files)",
          notes: ["remove it, or try it with `spatch --debug`"])
      }
    }
  }
}
