public import Diagnostics

/// A series as its folder under `Templates/` describes it.
public struct SeriesDescription: Sendable {
  /// The name given in `series.yaml`.
  public var name: String
  /// The path of the folder with `series.yaml`.
  public var folder: String
  /// The author of every patch.
  public var author: Author
  /// The word in the brackets of the subjects: "PATCH", "RFC PATCH".
  public var prefix: String
  /// The releases of Linux that the descriptions are for: "7.1.3", or "7.2" for the newest of its point releases.
  public var bases: [String]
  /// The cover letter; nil for a series that is mailed without one.
  public var cover: CoverDescription?
  /// The earlier work that the series follows.
  public var follows: [FollowedWork] = []
  /// The variations that a user can choose.
  public var options: [SeriesOption]
  /// The members that the series replaces.
  public var ops: [OpsMigration]
  /// The ops tables that need no description.
  public var exemptions: [Exemption]
  /// The trailers that reviewers gave to earlier versions.
  public var tags: [RecordedTag] = []
  /// The template of the file that lists `verify`'s accepted findings; nil if there are none.
  public var accepted: AcceptedTemplate?
  /// The patches in order.
  public var patches: [PatchDescription]
  /// The kernel files that the series changes: those in `core/`, then `drivers/`, then `callers/`, each sorted by name.
  public var files: [FileDescription]
  /// The kinds of drivers, by name.
  public var kinds: [String: KindDescription]
  /// What `expect/` has of the files whose functions are compared, by the kernel file's path.
  public var records: [String: String] = [:]

  /// The path of the file that records the functions of a kernel file as they were when it was described.
  public func recordPath(of file: String) -> String { "\(folder)/expect/\(file)" }

  /// The series' subject in one line: that of the cover letter, else of the first patch.
  public var title: String { cover?.subject ?? patches.first?.subject ?? name }

  /// Templates of the names of the functions of a file that must match those recorded in `expect/`.
  public func expectations(of file: FileDescription) -> [String] {
    (file.kind.flatMap { kinds[$0] }?.expects ?? []) + file.expects
  }

  /// The structs to migrate and their old members: every file that matters to the inventory contains one of them.
  public var inventoryWords: [String] {
    Set(ops.map(\.structure)).union(ops.map(\.old)).sorted()
  }
}

/// The author of a series.
public struct Author: Sendable, Hashable {
  /// The name in the `From:` line and the commits.
  public var name: String
  /// The bare address, without angle brackets.
  public var email: String
}

/// The cover letter of a series.
public struct CoverDescription: Sendable {
  /// The subject, without the prefix in brackets.
  public var subject: String
  /// The template of the letter's body.
  public var text: String
  /// The changes of the series as a whole.
  public var changes = Changes()
  /// The place of `text` in `series.yaml`.
  public var place: Place
}

/// Earlier work that a series follows, for its cover letter.
public struct FollowedWork: Sendable, Hashable {
  /// The subject of the mail.
  public var title: String
  /// The author's name.
  public var author: String
  /// The day it was sent, as the cover letter gives it.
  public var date: String
  /// The mail's address on the web; nil if it is not known.
  public var link: String?
  /// The place of the entry in `series.yaml`.
  public var place: Place
}

/// What changed in each version of a series or of one of its patches, for readers of the previous version.
public struct Changes: Sendable, Hashable {
  /// The changes by the version that made them, from 2.
  public var versions: [Int: String] = [:]

  /// Creates the changes of the given versions, by default none.
  public init(_ versions: [Int: String] = [:]) {
    self.versions = versions
  }

  /// The text below a version's `---`: its own changes, then those of earlier versions.
  public func text(for reroll: Int) -> String {
    versions.filter { $0.key <= reroll }.sorted { $0.key > $1.key }
      .map { "Changes in v\($0.key):\n\($0.value.split(separator: "\n").joined(separator: "\n"))" }
      .joined(separator: "\n\n")
  }

  /// These changes, each version's followed by the changes that `others` list for it.
  public func adding(_ others: Changes) -> Changes {
    Changes(versions.merging(others.versions) { "\($0)\n\($1)" })
  }
}

/// A series' own `accepted.yaml`.
public struct AcceptedTemplate: Sendable {
  /// The file's text, a template.
  public var text: String
  /// The file's first line.
  public var place: Place
}

/// A variation of a series that a user can choose. Every template of the series can test it with `<%# name %>`.
public struct SeriesOption: Sendable {
  /// The name for `--option` and the templates.
  public var name: String
  /// What the option does, in a line for lists of options.
  public var about: String
  /// Whether the user chose it.
  public var isChosen = false
  /// The place of the entry in `series.yaml`.
  public var place: Place
}

/// A member of an ops struct that the series replaces with another.
public struct OpsMigration: Sendable, Hashable {
  /// The struct's tag.
  public var structure: String
  /// The member to remove.
  public var old: String
  /// The member to add.
  public var new: String

  /// The old member as steps name it in `requires`, `retires` and `removes`: "struct.member".
  public var oldFact: String { "\(structure).\(old)" }
}

/// Ops tables that need no description, or places that are none of the op's, and why.
public struct Exemption: Sendable {
  /// What is exempt.
  public enum Subject: Sendable {
    /// Tables of the struct with this tag that set none of some members directly.
    case tables(structure: String, setsNone: [String])
    /// Places whose type the sources do not tell: in a file, in a function, or that read like a text such as
    /// `chip->set`; nil stands for any.
    case places(file: String?, function: String?, call: String?)
  }

  /// What is exempt.
  public var subject: Subject
  /// Why it is exempt.
  public var reason: String
  /// The place of the entry in `series.yaml`.
  public var place: Place
}

/// A patch of a series; its steps are with the files that it changes.
public struct PatchDescription: Sendable {
  /// The name that steps use for the patch.
  public var id: String
  /// The id of the patch that includes this one where the series is not split further; nil for a patch of the series
  /// itself.
  public var partOf: String?
  /// The commit's subject, without the prefix in brackets; a template until it is generated.
  public var subject: String
  /// The commit message's body, wrapped at 75 columns; a template until it is generated.
  public var message: String
  /// What changed in each version of the patch.
  public var changes: Changes
  /// The place of the entry in `series.yaml`, or under `alone` for a driver's separate patch.
  public var place: Place

  /// The maximum width of the subject and the message, by Documentation/process/submitting-patches.rst.
  public static let columns = 75

  /// Creates a patch, by default without changes and not a part of another.
  public init(
    id: String, partOf: String? = nil, subject: String, message: String, changes: Changes = Changes(), place: Place
  ) {
    self.id = id
    self.partOf = partOf
    self.subject = subject
    self.message = message
    self.changes = changes
    self.place = place
  }
}

/// A kernel file and what the series does to it.
public struct FileDescription: Sendable {
  /// The name that commit messages test: the description's file name without the extension, or the variant's name.
  public var name: String
  /// The path of the kernel file in the tree.
  public var file: String
  /// Why a tree may lack the file or the construct in `when`; nil if every tree must have them.
  public var optional: String?
  /// The forms that the file can have, each a whole description, of which the first that fits applies. Empty for a file
  /// with one form.
  public var variants: [FileDescription] = []
  /// The construct that the file must contain for this variant or optional description to apply.
  public var when: ConstructDescription?
  /// The name of the file's kind; nil for a file described by its own steps only.
  public var kind: String?
  /// The patch for steps that name none.
  public var patch: String?
  /// The values for the kind's parameters, by name; chosen options are added to them.
  public var parameters: [String: Parameter] = [:]
  /// Further functions that must match those recorded in `expect/`.
  public var expects: [String] = []
  /// The file's own steps, after those of its kind.
  public var steps: [StepDescription] = []
  /// The texts of its steps when they are separate patches.
  public var alone: [AlonePatch] = []
  /// What changed in each version of these separate patches.
  public var changes = Changes()
  /// The place of the description or the variant.
  public var place: Place

  /// Every form in which the description may apply: its variants, or itself if it has none.
  public var forms: [FileDescription] { variants.isEmpty ? [self] : variants }
}

/// The texts of one file's steps of a patch when each driver is a separate patch. They are templates, rendered with the
/// file's parameters.
public struct AlonePatch: Sendable {
  /// The patch that otherwise contains the steps; nil for the file's own.
  public var patch: String?
  /// The commit's subject.
  public var subject: String
  /// The commit message's body.
  public var message: String
  /// What changed in each version of the separate patches.
  public var changes: Changes
  /// The place of the entry under `alone`.
  public var place: Place
}

/// A value for the templates of a file's description.
public enum Parameter: Sendable, Hashable {
  /// A text, rendered with `<% name %>`.
  case text(String)
  /// A list whose items map names to texts, such as a walker's leaves.
  case list([[String: String]])
  /// Whether an option is chosen; false also stands for an optional text that is not given.
  case flag(Bool)
}

/// What drivers of one kind have in common.
public struct KindDescription: Sendable {
  /// The types of a kind's parameters, as `kinds/*.yaml` spells them.
  public enum ParameterType: String, Sendable {
    /// A text that every description of the kind gives.
    case text
    /// A text that a description may leave out.
    case optionalText = "text?"
    /// A list that every description of the kind gives.
    case list
    /// A list that a description may leave out.
    case optionalList = "list?"
  }

  /// How to draft a description of the kind from a driver's source.
  public struct Drafting: Sendable {
    /// The part of a driver's source that gives the value of a parameter.
    public enum Source: Sendable, Hashable {
      /// The function that the table names.
      case callback
      /// The expression through which that function calls the old op.
      case receiver
      /// The prefix of patch subjects that the file's path suggests: "iommu/exynos".
      case title
      /// The places where the function computes its result: one item of the list for each, with the given blanks.
      case results(blanks: [ItemBlank])
    }

    /// A value of a list's item that the source does not tell.
    public struct ItemBlank: Sendable, Hashable {
      /// The value's key in the item: "length".
      public var key: String
      /// What to fill in, with the item's number.
      public var what: NumberPhrase
    }

    /// The struct whose tables drivers of the kind set.
    public var structure: String
    /// The source of each parameter, by the parameter's name.
    public var parameters: [String: Source]
  }

  /// The name that descriptions give as `kind`.
  public var name: String
  /// What characterises drivers of the kind.
  public var about: String
  /// The types of the parameters, by name.
  public var parameters: [String: ParameterType]
  /// Nil if a driver's source does not tell whether it is of the kind.
  public var drafting: Drafting?
  /// Templates of the names of functions that must match those recorded in `expect/`.
  public var expects: [String]
  /// The steps for every file of the kind.
  public var steps: [StepDescription]
  /// The texts of these steps when they are separate patches.
  public var alone: [AlonePatch]
  /// The place of the kind's file.
  public var place: Place
}

/// The edits that one patch makes to a file, and the facts that they need and change.
///
/// A fact is a name such as "struct.member". All texts are templates, rendered with the file's parameters.
public struct StepDescription: Sendable {
  /// The patch's id; nil for the file's own patch.
  public var patch: String?
  /// The facts that hold from this patch on.
  public var provides: [String]
  /// The facts that must hold after an earlier patch or within the same one.
  public var requires: [String]
  /// The facts that this step stops using.
  public var retires: [String]
  /// The facts that no longer hold from this patch on; all their users must have retired them.
  public var removes: [String]
  /// The edits in order.
  public var edits: [EditDescription]
  /// The place of the step.
  public var place: Place
}
