import Foundation

extension Bench {
  /// Nine states over six prepared lanes, from nothing and again.
  func verification(_ kernel: Kernel) async throws -> [Figure] {
    // The lanes are prepared by a run that nobody times.
    _ = try await verify(kernel, series)
    try empty("verdicts")
    return [
      Figure(
        name: "verify: nine states over six prepared lanes, empty verdict store",
        value: try await verify(kernel, series), bound: 480),
      Figure(name: "verify: the same again, nothing to compile", value: try await verify(kernel, series), bound: 3),
    ]
  }

  /// One lane against `git rebase -x make`, from nothing and then with one driver changed: what a developer does again and
  /// again.
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
    // A header is why a commit of this series can break what it does not touch.
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

  /// The series with one line of one driver written otherwise.
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
    throw Shell.Failure(description: "no patch in \(series) has the line that is to be changed")
  }

  /// Seconds of wall time; a series that does not stand in these lanes is fine where only some are asked for.
  private func verify(_ kernel: Kernel, _ series: String, _ options: String...) async throws -> Double {
    try await seriesmith(
      ["verify", series, "--tree", kernel.repository] + options, accepting: options.isEmpty ? [0] : [0, 1])
  }
}
