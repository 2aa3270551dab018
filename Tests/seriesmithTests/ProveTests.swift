import Foundation
import Testing

extension OnTheEmbeddedKernel {
  /// What only a running kernel shows. To save time, the series is squashed: only the base and the last state build.
  @Suite(.serialized) struct Running {
    @Test func theSeriesWalksEachEntryOnce() async throws {
      let run = try await FaultySeries().proved(boots: ["selftests", "unmap"])
      #expect(run.status == 0, "\(run.output)")
      #expect(run.report.verdict == "holds")
      #expect(run.report.suites.allSatisfy { $0.failed == 0 && $0.passed > 0 })
      let walks = run.report.walks
      for path in ["vfio", "iommufd"] {
        #expect(walks.of(path, 2 << 20, leaf: 2 << 20) == [512, 1], "\(run.output)")
        #expect(walks.of(path, 1 << 30, leaf: 1 << 30) == [262_144, 1], "\(run.output)")
        // Contiguous, but not mapped by a large entry: as many walks as before.
        #expect(walks.of(path, 1 << 20, leaf: 4096) == [256, 256], "\(run.output)")
        // No page continues the one before it.
        #expect(walks.of(path + "_scattered", 2 << 20, leaf: 4096).last == 512, "\(run.output)")
        #expect(walks.of(path + "_scattered", 1 << 30, leaf: 2 << 20).last == 512, "\(run.output)")
      }
    }
  }

  /// Faulty series that only a running kernel exposes. Each builds a kernel of its own, so `make test` leaves them to
  /// `make faults`.
  @Suite(.serialized) struct RunningFaults {
    @Test func theRequestForCommentsWalksTwice() async throws {
      let run = try await ProveRun.prove(CommittedSeries.folder(of: "iova_to_pgsize"), boots: ["unmap"])
      #expect(run.status == 1, "\(run.output)")
      #expect(run.report.walks.of("vfio", 2 << 20, leaf: 2 << 20) == [512, 2], "\(run.output)")
      #expect(run.report.walks.of("vfio", 1 << 20, leaf: 4096) == [256, 512], "\(run.output)")
      #expect(
        run.report.findings.map(\.message).contains {
          $0.contains("unmapping 1 MiB in leaves of 4 KiB takes 512 walks, 256 at the base")
        }, "\(run.output)")
    }

    @Test(arguments: FaultGroup.all) func faultsThatCompileAreSeen(_ group: FaultGroup) async throws {
      var series = try await FaultySeries()
      for change in group.faults.flatMap(\.changes) { try change.make(in: &series) }
      let run = try await series.proved(through: group.state, boots: ["selftests"])
      #expect(run.status == 1, "\(run.output)")
      for fault in group.faults {
        let proof = try #require(fault.proof)
        #expect(run.report.findings.contains { $0.message.contains(proof) }, "\(fault): \(run.output)")
      }
    }
  }
}

extension FaultySeries {
  /// Proves the series squashed into one patch, through `last` or in full.
  fileprivate func proved(through last: Int? = nil, boots: [String]) async throws -> ProveRun {
    var series = self
    series.squash(through: last)
    return try await withScratchFolder { folder in
      try series.write(to: folder)
      return try await ProveRun.prove(folder, boots: boots)
    }
  }
}

extension [ProveRun.Walk] {
  /// The number of walks to unmap, before and after.
  fileprivate func of(_ path: String, _ bytes: Int, leaf: Int) -> [Int] {
    filter { $0.path == path && $0.bytes == bytes && $0.leaf == leaf }.flatMap { [$0.before, $0.after] }
  }
}

/// Faults tried in one kernel, as none hides another.
struct FaultGroup: Sendable, CustomTestStringConvertible {
  var faults: [Fault]
  /// The state to run; nil for the last.
  var state: Int?

  var testDescription: String { faults.map(\.name).joined(separator: "; ") }

  static let all: [FaultGroup] = FaultCorpus.faults.filter { $0.proof != nil }.reduce(into: []) { groups, fault in
    let place = groups.firstIndex { $0.hasRoom(for: fault) }
    if let place { groups[place].faults.append(fault) } else { groups.append(FaultGroup(fault)) }
  }

  private init(_ fault: Fault) {
    faults = [fault]
    state = Self.state(fault)
  }

  /// Whether the fault is in the same state and in another file. A fault that kills the machine gets its own group.
  private func hasRoom(for fault: Fault) -> Bool {
    let ends = (faults + [fault]).contains { $0.proof?.contains("the machine") == true }
    return !ends && state == Self.state(fault)
      && Set(faults.flatMap(\.files)).isDisjoint(with: fault.files)
  }

  /// The last state with the fault; nil for the last of the series.
  private static func state(_ fault: Fault) -> Int? {
    fault.changes.compactMap { change in
      if case .replace(_, _, _, _, let through) = change { through } else { nil }
    }.first
  }
}

extension Fault {
  fileprivate var files: [String] {
    changes.compactMap { change in if case .replace(let file, _, _, _, _) = change { file } else { nil } }
  }
}
