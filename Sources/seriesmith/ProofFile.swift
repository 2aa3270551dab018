import Descriptions
import Diagnostics
import Kbuild
import Proving

/// The file that says what `prove` builds and boots.
enum ProofFile {
  /// The plan of `Templates/prove/prove.yaml`.
  ///
  /// - Parameter boots: the names of those to boot; empty for all.
  static func plan(boots names: [String]) throws(Failure) -> ProofPlan {
    let proof = try ProofLoader.load(try SeriesFolders.root() + "/prove/prove.yaml")
    let known = proof.boots.map(\.name)
    if let unknown = names.first(where: { !known.contains($0) }) {
      throw Failure(
        .usage, "there is no boot '\(unknown)'", notes: ["the boots are: " + known.joined(separator: ", ")])
    }
    let kernel = proof.kernel
    return ProofPlan(
      lane: Lane(
        name: kernel.name, arch: kernel.arch, target: kernel.target, fragment: kernel.fragment,
        toolchain: kernel.toolchain, why: kernel.why),
      goal: proof.goal, image: proof.image, initFile: proof.initFile,
      programs: proof.programs.map { Program(name: $0.name, source: $0.source, libraries: $0.libraries) },
      additions: proof.additions.map { addition in
        Addition(
          file: addition.file, source: addition.source, host: addition.host,
          needs: addition.needs.map { .init(file: $0.file, text: $0.text) })
      },
      machine: MachinePlan(
        emulator: proof.machine.emulator, package: proof.machine.package, arguments: proof.machine.arguments,
        kernelArguments: proof.machine.kernelArguments),
      boots: proof.boots.filter { names.isEmpty || names.contains($0.name) }.map { boot in
        Boot(
          name: boot.name, kernelArguments: boot.kernelArguments, onlyEnds: boot.states == .ends,
          timeLimit: .seconds(60 * boot.minutes))
      })
  }

  /// The boots for a help text, where they can be found.
  static var help: String {
    guard let root = try? SeriesFolders.root(), let proof = try? ProofLoader.load(root + "/prove/prove.yaml") else {
      return "  (Templates/prove/prove.yaml, where they are described, is not here)\n"
    }
    return proof.boots.map { boot in
      let states = boot.states == .all ? "" : " (at the base and after the last patch)"
      return Columns.entry(boot.name, boot.why + states, indent: 17)
    }.joined()
  }
}
