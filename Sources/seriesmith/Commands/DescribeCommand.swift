import ArgumentParser
import Descriptions
import Diagnostics
import Foundation
import Generation
import Git
import SeriesAssembly

struct DescribeCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Drafts a description of a driver that a series does not cover yet.",
    discussion: """
      Writes the description to the series' drivers/ and the callback, as the tree
      has it, to its expect/, and prints both paths. If the driver delegates the
      call, the description is complete. If it does the work itself, such as walking
      a page table, the draft lists the places that produce a result; what the kind
      needs to know about each is left blank, and so is the patch. `generate` refuses
      descriptions with blanks.

        seriesmith describe drivers/iommu/vsi-iommu.c --tree ~/linux
      """)

  @Argument(help: "The driver: a path in the tree, such as drivers/iommu/vsi-iommu.c.", completion: .file())
  var file: String

  @Option(
    help: ArgumentHelp(
      "The series, or the path of its series.yaml. (default: the only one that migrates drivers)",
      valueName: "series"), completion: .series)
  var series: String?

  @OptionGroup var options: TreeOptions

  func perform() async throws {
    let description = if let series { try SeriesFolders.load(series) } else { try SeriesFolders.migration() }
    let progress = Console.standard.progress
    let (repository, base) = try await options.open(progress)
    let tree = try await GitTree(base.tree, of: repository, naming: [], cache: .user, progress: progress)
    let draft = try Draft(of: file, for: description, on: tree)
    let name = ((file as NSString).lastPathComponent as NSString).deletingPathExtension
    let texts = [
      ("\(description.folder)/drivers/\(name).yaml", draft.description),
      ("\(description.folder)/expect/\(file)", draft.record),
    ]
    for (path, _) in texts where FileManager.default.fileExists(atPath: path) {
      throw Failure(.input, at: Place(path), "already exists", notes: ["move it away to get a new draft"])
    }
    for (path, text) in texts {
      try? FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try Output.write(Data(text.utf8), to: path)
      print(path)
    }
  }
}
