public import Diagnostics
import Foundation
import Yams

/// Loads `Templates/prove/prove.yaml`, or a file like it.
public enum ProofLoader {
  /// Loads a proof; paths of Seriesmith's own files in the result start with the file's folder.
  ///
  /// - Throws: status 65, with the place of the first error.
  public static func load(_ file: String) throws(Failure) -> ProofDescription {
    let (reader, root) = try YAMLReader.map(try SeriesLoader.read(file), file: file)
    let fields = try reader.fields(
      root, "the proof", keys: ["kernel", "image", "init", "programs", "overlay", "machine", "boots", "counters"])
    let folder = (file as NSString).deletingLastPathComponent
    let image = try reader.fields(try fields.required("image"), "'image'", keys: ["goal", "file"])
    var boots: [BootDescription] = []
    for node in try reader.list(try fields.required("boots"), "'boots'") {
      let boot = try self.boot(node, reader)
      guard !boots.contains(where: { $0.name == boot.name }) else {
        throw reader.error(node, "there are two boots '\(boot.name)'")
      }
      boots.append(boot)
    }
    guard !boots.isEmpty else { throw Failure(.input, at: fields.place("boots"), "'boots' lists no boot") }
    return ProofDescription(
      kernel: try LaneLoader.lane(try fields.required("kernel"), reader),
      goal: try image.text("goal"), image: try image.text("file"),
      initFile: folder + "/" + (try fields.text("init")), programs: try programs(fields),
      additions: try additions(fields, folder: folder),
      machine: try machine(try fields.required("machine"), reader), boots: boots,
      counters: try CounterLoader.counters(fields))
  }

  private static func programs(_ fields: Fields) throws(Failure) -> [ProgramDescription] {
    var programs: [ProgramDescription] = []
    for node in try fields.listIfPresent("programs") {
      let entry = try fields.reader.fields(node, "an entry of 'programs'", keys: ["name", "source", "libraries"])
      programs.append(
        ProgramDescription(
          name: try entry.text("name"), source: try entry.text("source"),
          libraries: try entry.textsIfPresent("libraries")))
    }
    return programs
  }

  private static func additions(_ fields: Fields, folder: String) throws(Failure) -> [AdditionDescription] {
    var additions: [AdditionDescription] = []
    for node in try fields.listIfPresent("overlay") {
      let entry = try fields.reader.fields(node, "an entry of 'overlay'", keys: ["file", "end_of", "needs"])
      let path = try entry.text("file") as NSString
      var needs: [AdditionDescription.Need] = []
      for node in try entry.listIfPresent("needs") {
        let need = try fields.reader.fields(node, "an entry of 'needs'", keys: ["file", "text"])
        needs.append(.init(file: try need.text("file"), text: try need.text("text")))
      }
      additions.append(
        AdditionDescription(
          file: path as String, source: "\(folder)/overlay/\(path.lastPathComponent)",
          host: try entry.textIfPresent("end_of").map { "\(path.deletingLastPathComponent)/\($0)" }, needs: needs))
    }
    return additions
  }

  private static func machine(_ node: Node, _ reader: YAMLReader) throws(Failure) -> MachineDescription {
    let fields = try reader.fields(node, "'machine'", keys: ["emulator", "package", "arguments", "kernel"])
    return MachineDescription(
      emulator: try fields.text("emulator"), package: try fields.text("package"),
      arguments: try fields.textsIfPresent("arguments"), kernelArguments: try fields.text("kernel"))
  }

  private static func boot(_ node: Node, _ reader: YAMLReader) throws(Failure) -> BootDescription {
    let fields = try reader.fields(
      node, "a boot", keys: ["name", "why", "in", "accelerator", "arguments", "kernel", "minutes"])
    let states = try fields.text("in")
    guard let states = BootDescription.States(rawValue: states) else {
      throw Failure(
        .input, at: fields.place("in"), "a boot cannot be in '\(states)'",
        notes: ["expected one of: " + BootDescription.States.allCases.map(\.rawValue).joined(separator: ", ")])
    }
    guard let minutes = try fields.numberIfPresent("minutes") else {
      throw reader.error(node, "a boot lacks the key 'minutes'")
    }
    return BootDescription(
      name: try fields.text("name"), why: try fields.text("why"), states: states,
      accelerator: try fields.textIfPresent("accelerator"), arguments: try fields.textsIfPresent("arguments"),
      kernelArguments: try fields.text("kernel"), timeLimit: .seconds(60 * minutes))
  }
}
