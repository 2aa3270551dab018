import ArgumentParser
import Descriptions
import Diagnostics

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the series that can be generated.",
    discussion: "A series is a folder under Templates/ with a series.yaml.")

  func run() throws {
    for name in try SeriesFolders.names() {
      let series = try SeriesLoader.load(try SeriesFolders.root() + "/" + name)
      let size = "\(series.patches.count.counted("patch", "patches")), \(series.files.count.counted("file", "files"))"
      print("\(name): \(series.title) (\(size))")
    }
  }
}
