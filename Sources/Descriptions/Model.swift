public import Diagnostics

/// A series as its folder under `Templates/` describes it.
public struct SeriesDescription: Sendable {
  public var name: String
  /// The folder of `series.yaml`; templates are read from it.
  public var folder: String
  public var author: Author
  /// The word in the brackets of the subjects: "PATCH", "RFC PATCH".
  public var prefix: String
  /// The releases of Linux that the descriptions are for: "7.1.3", or "7.2" for the newest of its point releases.
  public var bases: [String]
  /// The cover letter; nil for a series that is mailed without one.
  public var cover: CoverDescription?
  public var options: [SeriesOption]
  public var ops: [OpsMigration]
  public var exemptions: [Exemption]
  /// What reviewers answered to earlier versions.
  public var tags: [RecordedTag] = []
  /// The template of the file that says which of `verify`'s findings are let stand; nil where none are.
  public var accepted: AcceptedTemplate?
  public var patches: [PatchDescription]
  public var files: [FileDescription]
  public var kinds: [String: KindDescription]

  /// What the series is about, in a line.
  public var title: String { cover?.subject ?? patches.first?.subject ?? name }

  /// Words one of which every file has that matters to the inventory: the structs that migrate and their old members.
  public var inventoryWords: [String] {
    Set(ops.map(\.structure)).union(ops.map(\.old)).sorted()
  }
}

public struct Author: Sendable, Hashable {
  public var name: String
  public var email: String
}

public struct CoverDescription: Sendable {
  public var subject: String
  public var text: String
  public var changes = Changes()
  public var place: Place
}

/// What changed in the versions of a series, or of one of its patches, for those who read the version before.
public struct Changes: Sendable, Hashable {
  /// By the version that brought it, the second being the first that can.
  public var versions: [Int: String] = [:]

  public init(_ versions: [Int: String] = [:]) {
    self.versions = versions
  }

  /// What a version says below its `---`: its own changes, then those before it.
  public func text(for reroll: Int) -> String {
    versions.filter { $0.key <= reroll }.sorted { $0.key > $1.key }
      .map { "Changes in v\($0.key):\n\($0.value.split(separator: "\n").joined(separator: "\n"))" }
      .joined(separator: "\n\n")
  }

  /// These, and in each version what others say of it as well.
  public func adding(_ others: Changes) -> Changes {
    Changes(versions.merging(others.versions) { "\($0)\n\($1)" })
  }
}

/// A series' own `accepted.yaml`.
public struct AcceptedTemplate: Sendable {
  public var text: String
  public var place: Place
}

/// A variation of a series that its user may choose. Every template of the series can ask for it: `<%# name %>`.
public struct SeriesOption: Sendable {
  public var name: String
  public var about: String
  public var isChosen = false
  public var place: Place
}

/// One member of an ops struct that the series replaces by another.
public struct OpsMigration: Sendable, Hashable {
  public var structure: String
  public var old: String
  public var new: String

  public var oldFact: String { "\(structure).\(old)" }
}

/// Ops tables that need no description, and why.
public struct Exemption: Sendable {
  public var structure: String
  /// The table sets none of these members (macros that set them count).
  public var setsNone: [String]
  public var reason: String
  public var place: Place
}

public struct PatchDescription: Sendable {
  /// What steps name it by.
  public var id: String
  public var subject: String
  /// The commit message's body, wrapped at 75 columns.
  public var message: String
  public var changes: Changes
  public var place: Place

  /// How wide subject and message may be, by Documentation/process/submitting-patches.rst.
  public static let columns = 75

  public init(id: String, subject: String, message: String, changes: Changes = Changes(), place: Place) {
    self.id = id
    self.subject = subject
    self.message = message
    self.changes = changes
    self.place = place
  }
}

/// One file of the kernel and what the series does to it.
public struct FileDescription: Sendable {
  /// What commit messages know it by: its own file's name without the extension, or the variant's name.
  public var name: String
  public var file: String
  /// Why a tree may lack the file, or what `when` names; nil where it has to be there.
  public var optional: String?
  /// The ways the file may be, each a whole description: the first that fits counts. Empty where there is but one.
  public var variants: [FileDescription] = []
  /// What the file holds where this fits: a variant, or a description that is optional.
  public var when: ConstructDescription?
  public var kind: String?
  /// The patch its steps belong to unless they name another.
  public var patch: String?
  /// The Kconfig symbol that builds the file, for the inventory.
  public var config: String?
  public var parameters: [String: Parameter] = [:]
  /// Further functions that must be as recorded.
  public var expects: [String] = []
  public var steps: [StepDescription] = []
  /// What its steps are called where they are patches of their own.
  public var alone: [AlonePatch] = []
  /// What changed in those patches of its own.
  public var changes = Changes()
  public var place: Place

  /// Every form in which it may apply.
  public var forms: [FileDescription] { variants.isEmpty ? [self] : variants }
}

/// What one file's steps of a patch are called where each driver has a patch of its own. The texts are templates, rendered
/// with the file's parameters.
public struct AlonePatch: Sendable {
  /// The patch that the steps belong to otherwise; nil for the file's own.
  public var patch: String?
  public var subject: String
  public var message: String
  public var changes: Changes
  public var place: Place
}

public enum Parameter: Sendable, Hashable {
  case text(String)
  case list([[String: String]])
  /// Whether an option is chosen; false for an optional text that is not given, too.
  case flag(Bool)
}

/// What drivers of one kind have in common.
public struct KindDescription: Sendable {
  public enum ParameterType: String, Sendable {
    case text
    case optionalText = "text?"
    case list
  }

  /// How a description of the kind is drafted from a driver's source.
  public struct Drafting: Sendable {
    public enum Source: Sendable, Hashable {
      /// The function that the table names.
      case callback
      /// What that function calls the old op through.
      case receiver
      /// The file's path: what the subjects of patches to it start with.
      case title
      /// The places where the function comes to what it returns: for each an item of the list, with a blank for each of
      /// these.
      case results(blanks: [ItemBlank])
    }

    /// What the source does not tell of an item of a list.
    public struct ItemBlank: Sendable, Hashable {
      /// The item's key for it: "length".
      public var key: String
      /// What to fill in, with the item's number.
      public var what: NumberPhrase
    }

    /// The struct of the tables it is for.
    public var structure: String
    /// What each parameter is drafted from.
    public var parameters: [String: Source]
  }

  public var name: String
  public var about: String
  public var parameters: [String: ParameterType]
  /// Nil where the source does not tell that a driver is of the kind.
  public var drafting: Drafting?
  public var expects: [String]
  public var steps: [StepDescription]
  public var alone: [AlonePatch]
  public var place: Place
}

/// The edits one patch makes for one reason, and what that needs and gives.
public struct StepDescription: Sendable {
  /// The patch's id, rendered; nil for the file's own.
  public var patch: String?
  /// Members and functions there are from this step on.
  public var provides: [String]
  /// What must be there before, or in the same patch.
  public var requires: [String]
  /// What this step stops using.
  public var retires: [String]
  /// What is gone from this step on; all its users must have retired it.
  public var removes: [String]
  public var edits: [EditDescription]
  public var place: Place
}

/// One edit. Every text in it is a template rendered with the file's parameters.
public struct EditDescription: Sendable {
  public var action: Action
  /// The list parameter for each of whose items the edit is made.
  public var each: String?
  public var place: Place

  public indirect enum Action: Sendable {
    case signature(function: String, rename: String?, parameter: String?)
    case call(callee: String, scope: String?, becomes: String?, argument: String?, count: Int?)
    case replaceInitialiser(member: String, value: String, newMember: String, newValue: String)
    case addInitialiser(member: String, value: String, afterMember: String, afterValue: String)
    case removeInitialiser(member: String, value: String)
    case statement(function: String, anchors: [String: String], lines: String)
    case insert(before: Bool, construct: ConstructDescription, text: TextSource)
    case replace(ConstructDescription, TextSource)
    case remove(ConstructDescription)
  }
}

public enum ConstructDescription: Sendable {
  case function(String)
  /// `struct.member`
  case member(String)
  case kernelDoc(owner: String, entry: String)
  case text(String, function: String?, macro: String?, count: Int)
  case comment(String)
}

public enum TextSource: Sendable {
  case inline(String)
  /// A file in the series' folder.
  case template(String)
}
