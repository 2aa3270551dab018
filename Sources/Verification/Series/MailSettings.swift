import Diagnostics
import Git

/// The settings by which `git am` reads a mail or applies a patch in another way than by default. A series is checked by
/// the default, which is what others have.
enum MailSettings {
  private static let values: [(name: String, isDefault: @Sendable (String) -> Bool)] = [
    ("apply.whitespace", { ["warn", "nowarn"].contains($0) }),
    ("apply.ignoreWhitespace", { $0 != "change" }),
    ("am.keepcr", isOff),
    ("am.messageid", isOff),
    ("mailinfo.scissors", isOff),
    ("mailinfo.quotedCr", { $0 != "strip" }),
  ]

  /// A note on those that are set.
  static func notes(in repository: Repository) -> [Finding] {
    let set = repository.settings(values.map(\.name)).filter { setting in
      values.contains { $0.name == setting.name && !$0.isDefault(setting.value) }
    }
    guard !set.isEmpty else { return [] }
    let names = set.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
    return [
      Finding(
        .note, "git am follows \(names) here, and may commit something else",
        notes: ["the series is checked as git am applies it without settings"])
    ]
  }

  private static func isOff(_ value: String) -> Bool { ["false", "no", "off", "0", ""].contains(value.lowercased()) }
}
