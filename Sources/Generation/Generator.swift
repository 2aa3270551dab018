import CSource
public import Descriptions
public import Diagnostics
import Foundation

/// One patch of a series as generated: what it says, and the files as it leaves them.
public struct GeneratedPatch: Sendable {
  public var description: PatchDescription
  /// The contents after the patch of each file it changes, by path.
  public var files: [String: [UInt8]]
}

/// Generates a described series on a kernel tree.
public struct Generator {
  /// The series as the chosen options make it.
  public let series: SeriesDescription
  private let plan: Plan

  /// - Parameter options: the names of the series' options that are chosen.
  /// - Throws: status 64 for an option that the series does not have; status 65 when the plan does not hold, see `Plan`.
  public init(_ series: SeriesDescription, options: [String] = []) throws(Failure) {
    self.series = try series.choosing(options)
    plan = try Plan(self.series)
  }

  /// All patches, or all that stands in their way at once.
  ///
  /// - Throws: status 1 with a finding for each drift; status 65 for an error in a description.
  public func generate(on tree: some KernelTree) throws(Failure) -> [GeneratedPatch] {
    let folder = series.folder
    let runner = EditRunner { name throws(Failure) in try Self.read(folder + "/" + name) }
    var findings: [Finding] = []
    var status = ExitStatus.falls
    var files: [String: SourceFile] = [:]
    var patches = plan.patches.map { GeneratedPatch(description: $0, files: [:]) }

    for description in series.files where files[description.file] == nil {
      guard let bytes = try tree.contents(of: description.file) else {
        findings.append(
          Finding(
            at: description.place, "the tree has no \(description.file)",
            notes: ["was it renamed or removed? change or drop this description"]))
        continue
      }
      files[description.file] = SourceFile(path: description.file, bytes: bytes)
    }
    for description in series.files {
      guard let file = files[description.file] else { continue }
      findings += try unexpected(description, file)
    }
    // A file that has drifted would make every later edit of it fail as well: one report is enough.
    var drifted = Set(findings.compactMap { $0.place?.file })
    for index in patches.indices {
      for step in plan.steps where step.patch == index && !drifted.contains(step.file) {
        guard var file = files[step.file] else { continue }
        do {
          for edit in step.edits { file = try runner.apply(edit, step.parameters, to: file) }
          files[step.file] = file
          patches[index].files[step.file] = file.bytes
        } catch {
          drifted.insert(step.file)
          switch error {
          case .mismatch(let mismatch): findings.append(Drift.finding(mismatch, describedAt: step.place))
          case .failure(let failure):
            findings += failure.findings
            status = .input
          }
        }
      }
    }
    guard findings.isEmpty else { throw Failure(status, findings) }
    return patches
  }

  /// The functions of a file that are not as they were when its description was written.
  private func unexpected(_ description: FileDescription, _ file: SourceFile) throws(Failure) -> [Finding] {
    let kind = description.kind.flatMap { series.kinds[$0] }
    let renderer = Renderer(description.parameters, at: description.place)
    let names = try renderer.texts((kind?.expects ?? []) + description.expects)
    guard !names.isEmpty else { return [] }
    let path = "\(series.folder)/expect/\(description.file)"
    let recorded = SourceFile(path: path, bytes: Array(try Self.read(path).utf8))
    var findings: [Finding] = []
    for name in names {
      do throws(Mismatch) {
        guard try file.sameFunction(name, as: recorded) else {
          throw Mismatch(
            file.place(of: name), "function '\(name)' is not as it was when its description was written",
            expected: try recorded.functionText(name), found: try file.functionText(name))
        }
      } catch {
        findings.append(Drift.finding(error, describedAt: description.place))
      }
    }
    return findings
  }

  private static func read(_ path: String) throws(Failure) -> String {
    do {
      return try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw Failure(.input, at: Place(path), "cannot be read", notes: [error.localizedDescription])
    }
  }
}
