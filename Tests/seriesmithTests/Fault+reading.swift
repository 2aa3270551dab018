extension Fault {
  init(_ entry: CorpusEntry) throws {
    let entry = try entry.knowing([
      "name", "class", "make", "lanes", "depth", "falls", "stands", "seen_by", "proof", "today", "waits_for",
    ])
    name = try entry.text("name")
    kind = try entry.text("class")
    changes = try entry.entries("make").map { try Change($0) }
    lanes = entry.has("lanes") ? try entry.texts("lanes") : []
    depth = try entry.optionalText("depth") ?? "compile"
    weakness = try entry.optionalText("today")
    proof = try entry.optionalText("proof")
    waitsFor = try entry.optionalText("waits_for")
    if entry.has("falls") {
      outcome = .falls(try Fall(try entry.entry("falls")))
    } else if entry.has("stands") {
      outcome = .stands
    } else if try entry.text("seen_by") == "prove" {
      outcome = .unseen(tried: !lanes.isEmpty)
    } else {
      throw entry.wrong("expected 'falls', 'stands: true' or 'seen_by: prove'")
    }
  }
}

extension Fault.Fall {
  fileprivate init(_ entry: CorpusEntry) throws {
    let entry = try entry.knowing(["commit", "check", "lane", "file", "fixed_by", "commits"])
    commit = try entry.number("commit")
    check = try entry.text("check")
    lane = try entry.optionalText("lane")
    file = try entry.text("file")
    fixedBy = try entry.optionalNumber("fixed_by")
    commits = entry.has("commits") ? try entry.numbers("commits") : nil
  }
}

extension Change {
  /// Reads a mapping whose first key names the step, such as `replace: FILE`, with the step's other keys.
  fileprivate init(_ entry: CorpusEntry) throws {
    func known(_ action: String, _ keys: String...) throws -> CorpusEntry? {
      entry.has(action) ? try entry.knowing([action] + keys) : nil
    }
    if let entry = try known("restore", "to", "from", "through") {
      self = .restore(
        file: try entry.text("restore"), to: try entry.number("to"), from: try entry.number("from"),
        through: try entry.optionalNumber("through"))
    } else if let entry = try known("replace", "old", "new", "from", "through") {
      self = .replace(
        file: try entry.text("replace"), old: try entry.text("old"), new: try entry.text("new"),
        from: try entry.number("from"), through: try entry.optionalNumber("through"))
    } else if let entry = try known("add", "text", "from") {
      self = .add(file: try entry.text("add"), text: try entry.text("text"), from: try entry.number("from"))
    } else if let entry = try known("delete", "from") {
      self = .delete(file: try entry.text("delete"), from: try entry.number("from"))
    } else if let entry = try known("move_patch", "to") {
      self = .movePatch(try entry.number("move_patch"), to: try entry.number("to"))
    } else if let entry = try known("swap_patches", "with") {
      self = .swapPatches(try entry.number("swap_patches"), try entry.number("with"))
    } else if let entry = try known("drop_patch") {
      self = .dropPatch(try entry.number("drop_patch"))
    } else if let entry = try known("move_changes", "hunk", "patch", "to") {
      self = .moveChanges(
        file: try entry.text("move_changes"), hunk: try entry.optionalNumber("hunk"), patch: try entry.number("patch"),
        to: try entry.number("to"))
    } else if let entry = try known("drop_changes", "hunk", "patch") {
      self = .moveChanges(
        file: try entry.text("drop_changes"), hunk: try entry.optionalNumber("hunk"), patch: try entry.number("patch"),
        to: nil)
    } else {
      self = .mail(try MailChange(entry))
    }
  }
}

extension MailChange {
  fileprivate init(_ entry: CorpusEntry) throws {
    if entry.has("edit_mail") {
      let entry = try entry.knowing(["edit_mail", "old", "new"])
      self = .edit(patch: try entry.number("edit_mail"), old: try entry.text("old"), new: try entry.text("new"))
    } else if entry.has("drop_mail") {
      self = .drop(patch: try entry.knowing(["drop_mail"]).number("drop_mail"))
    } else if entry.has("move_mail") {
      let entry = try entry.knowing(["move_mail", "to"])
      self = .move(patch: try entry.number("move_mail"), to: try entry.number("to"))
    } else if entry.has("mode") {
      let entry = try entry.knowing(["mode", "patch", "to"])
      self = .mode(file: try entry.text("mode"), patch: try entry.number("patch"), to: try entry.text("to"))
    } else {
      throw entry.wrong("no known way to make a fault")
    }
  }
}
