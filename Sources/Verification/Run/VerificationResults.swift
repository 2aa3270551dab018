import Diagnostics
import Kbuild

/// Everything the checks have found that goes into a report; a shard hands it on whole.
struct VerificationResults: Sendable, Codable {
  /// The part of the work that was done; nil for all of it.
  var shard: Shard?
  let base: VerifyReport.Base
  /// The subject of each patch, applied or not.
  let subjects: [String]
  /// The trees after the patches, in order, up to the first that does not apply and is not skipped.
  let trees: [String]
  /// Why patches do not apply, by their indexes.
  let refused: [Int: [Finding]]
  /// Warnings about patches that apply, by the patch's index.
  let warnings: [Int: [Finding]]
  /// How many files the series changes at some state.
  let changedFiles: Int
  /// The findings that the author of the series accepts.
  let accepted: [Acceptance]
  var applySeconds = 0.0
  /// By state index.
  var structure: [Int: Structure] = [:]
  /// What the kernel's own scripts, and the checks of files that no compiler reads, report, by state index.
  var reports: [Int: [CheckReport]] = [:]
  /// All that the checks of such files said of a state, by state index.
  var fileLooks: [Int: [CheckName: FileLook]] = [:]
  var lanes: [String] = []
  var cells: [CompileMatrix.Cell] = []
  /// What sparse reported; nil when it did not run.
  var sparse: [CompileMatrix.Cell]?
  var work: CompileWork?
  /// What the link check found, by lane and state index.
  var links: [String: [Int: LinkRun.Result]] = [:]
  /// Problems of the compile check that belong to no unit: by state index, then by lane, nil for none.
  var unplaced: [Int: [String?: [Finding]]] = [:]
  /// States that could not be checked in full, by index.
  var incomplete: Set<Int> = []
  /// Changed files that no check has looked at, in the order of the states.
  var unchecked: [UncheckedFile] = []
  /// Changed files that nothing has to look at, sorted.
  var exempt: [ExemptFile] = []
  /// Whether the depth asks that every changed file is accounted for.
  var isAccounted = false
  /// The files that findings name and that no tree of the series has: patches, an accepted.yaml, what Kbuild generates.
  var strays: Set<String> = []
  var firstBad: FirstBad?

  struct Structure: Sendable, Codable {
    var found = StructureRules.Findings()
    var seconds = 0.0
  }

  init(_ source: SeriesSource, _ states: SeriesStates, base: VerifyReport.Base, accepted: [Acceptance], shard: Shard?) {
    self.shard = shard
    self.base = base
    self.accepted = accepted
    subjects = source.subjects
    trees = states.states.map(\.tree)
    refused = states.refused
    warnings = states.warnings
    changedFiles = states.changedPaths.count
  }

  /// The units of the kernel among the unchecked files, sorted.
  var neverCompiled: [String] {
    Set(unchecked.filter { $0.check == .compile }.map(\.path).filter(KernelPaths.isUnit)).sorted()
  }

  /// The acceptance of an unchecked file; nil when there is none.
  func acceptance(of file: UncheckedFile) -> Acceptance? {
    accepted.first { $0.check == nil && $0.file == file.path }
  }
}

extension VerificationResults {
  /// The results with the conclusions that need all lanes, which a shard cannot draw.
  var concluded: Self {
    var all = self
    all.incomplete.formUnion(unchecked.filter { acceptance(of: $0) == nil }.map(\.state))
    all.noteBrokenBase()
    return all
  }

  /// Reports units that do not compile at the base either, each at the first state that affects it.
  private mutating func noteBrokenBase() {
    let compiled = Dictionary(grouping: cells.filter { !$0.isBrokenAtBase && $0.environment == nil }) { cell in
      [String(cell.state), cell.source]
    }
    var noted: Set<String> = []
    let broken = cells.indices.filter { cells[$0].isBrokenAtBase }
      .sorted {
        (cells[$0].source, cells[$0].lane, cells[$0].state) < (cells[$1].source, cells[$1].lane, cells[$1].state)
      }
    for index in broken {
      let cell = cells[index]
      let others = Set(compiled[[String(cell.state), cell.source]]?.map(\.lane) ?? []).sorted()
      cells[index].isCompiledElsewhere = !others.isEmpty
      if others.isEmpty { incomplete.insert(cell.state) }
      guard noted.insert("\(cell.source) \(cell.lane)").inserted else { continue }
      let told = others.isEmpty ? "so nothing can be said" : "it is checked in \(others.joined(separator: ", "))"
      unplaced[cell.state, default: [:]][cell.lane, default: []].append(
        Finding(
          others.isEmpty ? .warning : .note, at: Place(cell.source), "does not compile at the base either, \(told)"))
    }
  }
}
