import Diagnostics
import Kbuild
import Support

/// Compiles what each state affects in every lane that builds it, and says what is new.
struct CompileMatrix: Sendable {
  let base: BaseTree
  let states: [SeriesState]
  let progress: Progress
  var tool = Tool.compiler

  /// What runs over each unit.
  enum Tool: Sendable {
    case compiler, sparse

    /// For progress.
    var activity: String {
      switch self {
      case .compiler: "Compiling"
      case .sparse: "Running sparse"
      }
    }
  }

  /// A unit at a state in a lane.
  struct Cell: Sendable, Codable {
    var state: Int
    var lane: String
    /// The source, and the object that Kbuild makes of it.
    var source: String
    var object: String
    var isStored: Bool
    var seconds: Double
    /// What is new here.
    var new: [Diagnostic] = []
    /// Whether it does not compile for reasons that the base has as well.
    var isBrokenAtBase = false
    /// Whether another lane compiles the same source at this state.
    var isCompiledElsewhere = false
    /// Why nothing is known; nil when something is.
    var environment: String?

    /// Whether nobody can say what the commit does to the unit. What the base does not compile in this lane cannot be
    /// broken here any more, and another lane can tell.
    var isUnknown: Bool { environment != nil || (isBrokenAtBase && !isCompiledElsewhere) }
  }

  struct Result: Sendable {
    var cells: [Cell] = []
    /// What the series does to the objects of each lane.
    var objects: [String: LaneObjects] = [:]
    /// Files of the tree that some compiler read, the sources among them.
    var seen: Set<String> = []
    var work = CompileWork()
  }

  /// - Parameter plans: by lane, then by state.
  func run(_ lanes: [LaneCompilers], _ plans: [String: [Int: LanePlan]]) async throws(Failure) -> Result {
    let rows = states.map { "\($0.index)/\(states.count) \($0.subject)" }
    progress.report(.matrix(.began(rows: rows, columns: lanes.map(\.name))))
    defer { progress.report(.matrix(.ended)) }
    let results = try await concurrently(lanes) { (lane) async throws(Failure) in
      try await LaneRun(
        base: base, states: states, compilers: lane, plans: plans[lane.name] ?? [:], progress: progress,
        tool: tool
      ).run()
    }
    return results.reduce(into: Result()) { all, part in
      all.cells += part.cells
      all.seen.formUnion(part.seen)
      all.objects.merge(part.objects) { _, new in new }
      all.work.add(part.work)
    }
  }
}

/// What a series does to the symbols of a lane's objects.
struct LaneObjects: Sendable {
  /// By state, the objects whose symbols differ from those of the state before.
  var changes: [Int: [ObjectChange]] = [:]
  /// Objects as they were before the series changed them.
  var found: [LinkedObject] = []

  mutating func add(_ other: LaneObjects) {
    changes.merge(other.changes, uniquingKeysWith: +)
    found += other.found
  }
}

/// How much was compiled, against how much there was to compile.
public struct CompileWork: Hashable, Sendable, Codable {
  /// Different texts of units that an answer was needed for, by lane, object and what it was made of.
  public var texts: Set<String> = []
  /// How often a compiler ran.
  public var compilations = 0
  /// Sources that include a changed header and were left alone, over all states: nothing that changed is mentioned in
  /// them.
  public var unaffected = 0
  /// Where a launcher had them built, in words; nil where there was none, or nothing to build.
  public var places: String?
  /// What was run of the series itself, and in what, in words; nil for nothing.
  public var sandbox: String?

  public init() {}

  mutating func count(_ answer: StoredCompiler.Answer) {
    if !answer.isStored { compilations += 1 }
    if case .finished = answer.outcome { texts.insert(answer.content) }
  }

  mutating func add(_ other: CompileWork) {
    texts.formUnion(other.texts)
    compilations += other.compilations
    unaffected += other.unaffected
    places = places.flatMap { first in other.places.map { "\(first); \($0)" } } ?? places ?? other.places
    sandbox = sandbox ?? other.sandbox
  }
}

/// The compilers of a lane, one for each epoch of the series.
struct LaneCompilers: Sendable {
  var name: String
  var architecture: String
  /// In the order of the states they serve.
  var epochs: [StoredCompiler]

  /// The compiler that serves a state.
  func at(_ state: Int) -> StoredCompiler? { epochs.first { $0.epoch.states.contains(state) } }
}
