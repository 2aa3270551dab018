public import Diagnostics

/// One edit. All texts in it are templates, rendered with the file's parameters.
public struct EditDescription: Sendable {
  /// What the edit does.
  public var action: Action
  /// The list parameter whose items each get the edit; nil for a single edit.
  public var each: String?
  /// The place of the edit.
  public var place: Place

  /// The kinds of edits; optional parts that are nil leave the source as it is.
  public indirect enum Action: Sendable {
    /// Renames a function, gives it another type to return, other parameters, or one more.
    case signature(function: String, rename: String?, returns: String?, parameters: String?, parameter: String?)
    /// Lets a function that returns nothing return a value.
    case returnValue(function: String, value: String)
    /// Renames the callee of calls in a function or the file, appends an argument, or both.
    case call(callee: String, scope: String?, becomes: String?, argument: String?, count: Int?)
    /// Replaces a member and its value in a table.
    case replaceInitialiser(member: String, value: String, newMember: String, newValue: String)
    /// Adds a member to a table after another one.
    case addInitialiser(member: String, value: String, afterMember: String, afterValue: String)
    /// Removes a member from a table.
    case removeInitialiser(member: String, value: String)
    /// Adds statements at an anchor, which is given here or by the item of `each`.
    case statement(function: String, anchors: [String: String], lines: String)
    /// Inserts lines before or after a construct.
    case insert(before: Bool, construct: ConstructDescription, text: String)
    /// Replaces the lines of a construct.
    case replace(ConstructDescription, String)
    /// Removes the lines of a construct.
    case remove(ConstructDescription)
    /// Has Coccinelle change the functions and tables of the given names.
    case semanticPatch(SemanticPatchDescription, names: [String])
  }
}

/// Rules for Coccinelle.
public struct SemanticPatchDescription: Sendable {
  /// The template of the rules in SmPL.
  public var rules: String
  /// The file that they come from, as the description names it: "c/body.cocci".
  public var file: String
}

/// A construct of a source file, named by templates.
public enum ConstructDescription: Sendable {
  /// A function's definition, with the comment directly above it.
  case function(String)
  /// A member's declaration: `struct.member`.
  case member(String)
  /// An entry of the kernel-doc above a struct or a function.
  case kernelDoc(owner: String, entry: String)
  /// C text that occurs `count` times in a function, a macro or the file.
  case text(String, Extent = .lines, function: String?, macro: String?, count: Int)
  /// The only comment line that contains a text.
  case comment(String)

  /// What a text is in C, by the key that gives it.
  public enum Extent: String, Sendable, CaseIterable {
    /// Whole statements, declarations or entries, with their lines.
    case lines = "text"
    /// An expression, as a part of a line.
    case expression
    /// Tokens, each to be replaced by one of its own sort.
    case tokens
  }
}
