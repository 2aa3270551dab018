public import Diagnostics

/// A definition of an ops table: one place that sets members of a struct of function pointers.
public struct OpsTable: Sendable, Hashable, Codable {
  /// How the table's members are set.
  public enum Via: String, Sendable, Codable {
    /// A designated initialiser in the source.
    case initialiser
    /// The body of a macro, or a macro used inside the initialiser.
    case macro
    /// An assignment in a function.
    case assignment
  }

  /// One member that the table sets.
  public struct Entry: Sendable, Hashable, Codable {
    /// The member's name, without the dot.
    public var member: String
    /// The value as written: a callback's name, `NULL`, `&fmt##_get`.
    public var value: String
    /// The place of the dot, or of the member in an assignment.
    public var place: Place
  }

  /// A macro used where a member could stand: `IOMMU_PT_DOMAIN_OPS(amdv1)`.
  public struct MacroUse: Sendable, Hashable, Codable {
    /// The macro's name: `IOMMU_PT_DOMAIN_OPS`.
    public var name: String
    /// The whole use, arguments included.
    public var text: String
    /// The place of the macro's name.
    public var place: Place
  }

  /// The struct's tag; empty for an assignment to a member, if types were not asked for.
  public var structure: String
  /// The variable, `variable.field` for a compound literal, or the macro or lvalue that holds the table.
  public var name: String
  /// How this definition sets the members.
  public var via: Via
  /// The place of the word `struct`, or of the assigned member.
  public var place: Place
  /// The members set directly, in source order.
  public var entries: [Entry]
  /// The macros used among them, which may set further members.
  public var macros: [MacroUse]

  /// Whether this is but one member, set by itself, of a table that is built elsewhere too.
  public var isMember: Bool { entries.count == 1 && entries[0].place == place }
}

/// A call through a member: `ops->iova_to_phys(ops, iova)`.
public struct MemberCall: Sendable, Hashable, Codable {
  /// The member's name.
  public var member: String
  /// The function that makes the call; nil in a macro.
  public var function: String?
  /// The expression before the member: `mock->domain.ops`.
  public var receiver: String
  /// The tag of the struct that has the member; nil if types were not asked for.
  public var structure: String?
  /// The place of the member's name.
  public var place: Place
}

/// A macro that may set members for the tables that use it, directly or through the macros it uses.
public struct TableMacro: Sendable, Hashable {
  /// The macro's name, without parameters.
  public var name: String
  /// The members that its body sets directly.
  public var entries: [OpsTable.Entry]
  /// Every name that its body calls like a function: candidates for table macros.
  public var uses: Set<String>
}

/// A place that names a member, of a struct that cannot be told from the sources.
public struct UndecidedUse: Sendable, Hashable, Codable {
  /// The member's name.
  public var member: String
  /// The function that it is in; nil outside functions.
  public var function: String?
  /// What is there: `chip->set`, or `.set = callback`.
  public var text: String
  /// The call, if it is one.
  public var call: MemberCall?
  /// The place of the member's name.
  public var place: Place
}

/// One file's tables, calls and macros that concern a family of ops structs.
public struct OpsInventory: Sendable {
  /// Tables with an initialiser in source order, then assignments to single members.
  public var tables: [OpsTable] = []
  /// The calls through a member of the family, in source order.
  public var calls: [MemberCall] = []
  /// The macros that set such a member or may pass one on.
  public var macros: [TableMacro] = []
  /// The places where only the type, which is not known, could tell whether they are tables or calls of the family.
  public var undecided: [UndecidedUse] = []

  /// An inventory with nothing in it.
  public init() {}
}
