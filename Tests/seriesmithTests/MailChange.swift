import PatchSeries

/// A change to written patches: the diffs stay, only the numbers are updated.
enum MailChange: Sendable {
  case edit(patch: Int, old: String, new: String)
  case drop(patch: Int)
  case move(patch: Int, to: Int)
  case mode(file: String, patch: Int, to: String)

  func make(in mails: inout [Patch]) throws {
    switch self {
    case .edit(let patch, let old, let new):
      mails[patch - 1].diff = try mails[patch - 1].diff.changing(old, to: new)
    case .drop(let patch):
      mails.remove(at: patch - 1)
    case .move(let patch, let place):
      mails.insert(mails.remove(at: patch - 1), at: place - 1)
    case .mode(let file, let patch, let mode):
      // The index line has the mode only if the patch does not change it.
      guard let diff = try mails[patch - 1].fileDiffs().first(where: { $0.path == file }),
        let old = diff.oldMode?.octal, let from = diff.oldID, let to = diff.newID
      else { throw Impossible(reason: "patch \(patch) does not modify \(file)") }
      mails[patch - 1].diff = try mails[patch - 1].diff.changing(
        "index \(from)..\(to) \(old)\n", to: "old mode \(old)\nnew mode \(mode)\nindex \(from)..\(to)\n")
    }
  }
}
