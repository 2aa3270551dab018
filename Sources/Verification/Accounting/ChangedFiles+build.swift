import Diagnostics

extension ChangedFiles {
  /// Records what the lanes account for beside what their compilers read: the files that Kbuild reads to configure a
  /// lane and to find what it builds, and sources that a state removes.
  mutating func noteBuildFiles(of lanes: [LaneCompilers]) async throws(Failure) {
    for state in states {
      for lane in lanes {
        let open = open(at: state)
        guard !open.isEmpty else { break }
        // A file that is added is read after the commit, one that is removed before it.
        for index in [state.index - 1, state.index] {
          guard let compiler = lane.at(index)?.compiler else { continue }
          let configuring = open.filter { KernelPaths.configures($0, architecture: lane.architecture) }
          note(try await compiler.reads(configuring), at: state.index)
        }
        // Whatever still includes a header that is gone is compiled, or named by the search for removed names.
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
