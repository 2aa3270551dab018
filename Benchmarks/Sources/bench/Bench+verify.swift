import Foundation

extension Bench {
  /// Verifies nine states in six prepared lanes, from nothing and again.
  func verification(_ kernel: Kernel) async throws -> [Figure] {
    // An untimed run prepares the lanes.
    _ = try await verify(kernel, series)
    try empty("verdicts")
    return [
      Figure(
        name: "verify: nine states over six prepared lanes, empty verdict store",
        value: try await verify(kernel, series), bound: 480),
      Figure(name: "verify: the same again, nothing to compile", value: try await verify(kernel, series), bound: 3),
    ]
  }

  /// Verifies in one lane, against `git rebase -x make`: from nothing, and then with one driver changed, as a developer
  /// does again and again.
  func rebase(_ kernel: Kernel) async throws -> [Figure] {
    let lane = "arm"
    // Prepares the lane.
    _ = try await verify(kernel, series, "--lane", lane)
    let amended = try amendedSeries()
    try empty("verdicts")
    let rebase = try await Rebase(kernel, folder: cache, lane: lane)
    let ours = try await verify(kernel, series, "--lane", lane)
    let folders = try await rebase.run(series, goals: Rebase.folders)
    print("lane \(lane), from nothing: verify \(ours.seconds), git rebase -x make \(folders.seconds)")
    let again = try await verify(kernel, amended, "--lane", lane)
    let foldersAgain = try await rebase.run(amended, goals: Rebase.folders)
    print("one driver changed: verify \(again.seconds), git rebase -x make \(foldersAgain.seconds)")
    // Headers are how a commit of this series can break files that it does not change.
    let includers = try await rebase.includers(series)
    let all = try await rebase.run(series, goals: includers)
    print("the \(includers.count) objects that include a changed header: git rebase -x make \(all.seconds)")
    return [
      Figure(
        name: "verify: git rebase -x make of all that includes a header, from nothing", value: all / ours,
        bound: 10, isLeast: true, unit: "times"),
      Figure(
        name: "verify: git rebase -x make of four folders, one driver changed", value: foldersAgain / again,
        bound: 10, isLeast: true, unit: "times"),
      Figure(
        name: "verify: git rebase -x make of four folders alone, from nothing", value: folders / ours, bound: 3,
        goal: 10, isLeast: true, unit: "times"),
    ]
  }

  /// The series with one line of one driver changed.
  private func amendedSeries() throws -> String {
    let folder = cache + "/amended"
    if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.copyItem(atPath: series, toPath: folder)
    let (line, changed) = ("\n+\t\t*mapped_length = SECT_SIZE;\n", "\n+\t\t*mapped_length = (SECT_SIZE);\n")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      guard text.contains(line) else { continue }
      try text.replacing(line, with: changed, maxReplacements: 1)
        .write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      return folder
    }
    throw Shell.Failure(description: "no patch in \(series) has the line to change")
  }

  /// The wall time in seconds. If options pick only some lanes, the series need not stand.
  private func verify(_ kernel: Kernel, _ series: String, _ options: String...) async throws -> Double {
    try await seriesmith(
      ["verify", series, "--tree", kernel.repository] + options, accepting: options.isEmpty ? [0] : [0, 1])
  }
}
