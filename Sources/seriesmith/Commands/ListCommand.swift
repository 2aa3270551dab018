import ArgumentParser
import Descriptions
import Diagnostics

struct ListCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the series that can be generated, and their options.",
    discussion: """
      A series is a folder under Templates/ with a series.yaml. Prints the title and
      size of each, and the options that it takes.

        seriesmith list
      """)

  func perform() throws {
    for name in try SeriesFolders.names() {
      let series = try SeriesLoader.load(try SeriesFolders.root() + "/" + name)
      let isWhole = series.files.allSatisfy { $0.optional == nil }
      // A patch that is part of another is one of its own only in the split by drivers.
      let patches = series.patches.count { $0.partOf == nil }
      let size =
        (isWhole ? "" : "up to ") + patches.counted("patch", "patches") + ", "
        + series.files.count.counted("file")
      print("\(name): \(series.title) (\(size))")
      for option in series.options {
        print(Columns.entry("--option \(option.name)", option.about, indent: 25), terminator: "")
      }
    }
  }
}
