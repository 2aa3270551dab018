import Diagnostics
import Kbuild
import Support

/// Compiles what each state affects in every lane that builds it, and finds what is new.
struct CompileMatrix: Sendable {
  let base: BaseTree
  let states: [SeriesState]
  let progress: Progress
  var tool = Tool.compiler
  /// The sources that include a header at a state in a lane of an architecture.
  var includers: @Sendable (_ header: String, _ state: Int, _ architecture: String) -> Set<String> = { _, _, _ in [] }

  /// As `includers`, in one lane.
  typealias Includers = @Sendable (_ header: String, _ state: Int) -> Set<String>

  /// What runs over each unit.
  enum Tool: Sendable {
    case compiler, sparse

    /// The verb that progress messages use.
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
    /// The diagnostics that are new at this state.
    var new: [Diagnostic] = []
    /// Whether it fails to compile only because of errors that the base has as well.
    var isBrokenAtBase = false
    /// Whether it fails to compile only because of errors that an earlier commit made.
    var isStillBroken = false
    /// Whether another lane compiles the same source at this state.
    var isCompiledElsewhere = false
    /// Why nothing is known about the unit: the machine failed. Nil when it was compiled.
    var environment: String?

    /// Whether the commit's effect on the unit is unknown. A unit that does not compile at the base tells nothing in
    /// this lane, but may in another.
    var isUnknown: Bool { environment != nil || isStillBroken || (isBrokenAtBase && !isCompiledElsewhere) }
  }

  struct Result: Sendable {
    var cells: [Cell] = []
    /// What the series does to the objects of each lane.
    var objects: [String: LaneObjects] = [:]
    /// By state, the files of the tree that some compiler read, the sources among them.
    var seen: [Int: Set<String>] = [:]
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
        tool: tool, includers: { header, state in includers(header, state, lane.architecture) }
      ).run()
    }
    return results.reduce(into: Result()) { all, part in
      all.cells += part.cells
      all.seen.merge(part.seen) { $0.union($1) }
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
    changes.merge(other.changes) { first, second in
      // One source may take the place of another: the object is gone for the one, and new for the other.
      var all = Dictionary(first.map { ($0.object, $0) }) { first, _ in first }
      for change in second {
        all[change.object] = ObjectChange(
          before: all[change.object]?.before ?? change.before, after: all[change.object]?.after ?? change.after)
      }
      return Array(all.values)
    }
    found += other.found
  }
}

/// How much was compiled, against how much there was to compile.
public struct CompileWork: Hashable, Sendable, Codable {
  /// The distinct unit texts that needed an answer, each named by lane, object and contents.
  public var texts: Set<String> = []
  /// How often a compiler ran.
  public var compilations = 0
  /// How many texts of headers were parsed by themselves, to see that they read the same for every includer.
  public var headers = 0
  /// Sources that include a changed header but were not compiled, since they mention nothing that changed; the sum over
  /// all states.
  public var unaffected = 0
  /// Where a launcher ran the compilations, in words; nil without a launcher, or with nothing to build.
  public var places: String?
  /// What the report says about the sandbox; nil for nothing.
  public var sandbox: String?
  /// The units whose compilation took longest, the longest first.
  public var slowest: [Unit] = []

  /// A unit that was compiled.
  public struct Unit: Hashable, Sendable, Codable {
    /// Wall time in seconds.
    public var seconds: Double
    /// The source's path in the tree.
    public var source: String
    /// The name of the lane.
    public var lane: String
    /// The index of the patch.
    public var patch: Int
  }

  private static let mostSlowest = 10

  mutating func noteSlowest(_ cells: [CompileMatrix.Cell]) {
    keepSlowest(
      of: cells.filter { $0.seconds > 0 }.map {
        Unit(seconds: $0.seconds, source: $0.source, lane: $0.lane, patch: $0.state)
      })
  }

  private mutating func keepSlowest(of more: [Unit]) {
    slowest = Array((slowest + more).sorted { $0.seconds > $1.seconds }.prefix(Self.mostSlowest))
  }

  /// No work yet.
  public init() {}

  mutating func count(_ answer: StoredCompiler.Answer) {
    if !answer.isStored { compilations += 1 }
    if case .finished = answer.outcome { texts.insert(answer.content) }
  }

  mutating func add(_ other: CompileWork) {
    texts.formUnion(other.texts)
    compilations += other.compilations
    unaffected += other.unaffected
    headers += other.headers
    places = places.flatMap { first in other.places.map { "\(first); \($0)" } } ?? places ?? other.places
    sandbox = sandbox ?? other.sandbox
    keepSlowest(of: other.slowest)
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
