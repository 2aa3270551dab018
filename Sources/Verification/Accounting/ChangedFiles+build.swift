import Diagnostics

extension ChangedFiles {
  /// Records what the lanes account for beside what their compilers read: the files that Kbuild reads to configure a
  /// lane and to find what it builds, and sources that a state removes.
  mutating func noteBuildFiles(of lanes: [LaneCompilers]) async throws(Failure) {
    for state in states {
      for lane in lanes {
        let open = open(at: state)
        guard !open.isEmpty else { break }
        let configuring = open.filter { KernelPaths.configures($0, architecture: lane.architecture) }
        // Only a lane that was prepared at this state, or just before for files that are gone, has read them.
        if let epoch = lane.epochs.first(where: { $0.epoch.states.lowerBound == state.index }), state.index > 0 {
          note(try await epoch.compiler.reads(configuring.filter { state.overlay[$0] != .deleted }), at: state.index)
          if let before = lane.at(state.index - 1)?.compiler {
            note(try await before.reads(configuring.filter { state.overlay[$0] == .deleted }), at: state.index)
          }
        }
        // What a lane builds and still includes a header that is gone is compiled. What no lane builds is searched for the
        // names that go with the header.
        let removed = open.filter { state.overlay[$0] == .deleted && KernelPaths.mayBeCompiled($0) }
        note(removed.filter { $0.hasSuffix(".h") && lane.serves($0) }, at: state.index)
        if let before = lane.at(state.index - 1)?.compiler {
          let units = removed.filter(KernelPaths.isUnit)
          note(try await before.commands(for: units).filter { !$0.value.isEmpty }.keys, at: state.index)
        }
      }
    }
  }
}

extension LaneCompilers {
  /// Whether a file is for the lane's architecture or for all.
  fileprivate func serves(_ path: String) -> Bool {
    KernelPaths.architecture(path).map { $0 == architecture } ?? true
  }
}
