import ArgumentParser
import Descriptions
import Diagnostics
import Foundation
import Generation
import Processes
import Support

/// A series and its chosen options.
struct ChosenSeries: ParsableArguments {
  @OptionGroup var series: SeriesArgument

  @Option(
    name: .customLong("option"), parsing: .singleValue,
    help: ArgumentHelp("An option of the series; may be repeated.", valueName: "name"), completion: .seriesOptions)
  var options: [String] = []

  func generator(split: Split = .described) throws(Failure) -> Generator {
    try Generator(try series.load(), options: options, split: split)
  }

  /// Everything that the series' generator depends on, as part of a question to `KeptAnswers`.
  func question() throws(Failure) -> [String] {
    let folder = try SeriesFolders.folder(series.series)
    let names = ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []).sorted()
    let files = names.filter { Files.isFile("\(folder)/\($0)") }
    let texts = files.map { String(decoding: Files.read("\(folder)/\($0)") ?? [], as: UTF8.self) }
    return [series.series, folder] + options + [""] + zip(files, texts).flatMap { [$0, $1] }
  }
}

/// The SERIES of a command: a name under `Templates/`, or the path of a `series.yaml`.
struct SeriesArgument: ParsableArguments {
  @Argument(help: "The series: a name that `seriesmith list` shows, or the path of a series.yaml.", completion: .series)
  var series: String

  func load() throws(Failure) -> SeriesDescription { try SeriesFolders.load(series) }
}

/// Finds the series that can be generated.
enum SeriesFolders {
  /// `Templates/`, or `share/seriesmith/Templates`, in the current folder or the executable's, or above either.
  static func root() throws(Failure) -> String {
    for start in [FileManager.default.currentDirectoryPath, CommandLine.executableFolder] {
      var folder = URL(fileURLWithPath: start)
      while true {
        for name in ["Templates", "share/seriesmith/Templates"] {
          let templates = folder.appendingPathComponent(name).path
          // Desktops keep a folder of that name for their own templates.
          if Files.exists(templates + "/lanes.yaml") { return relative(templates) }
        }
        let parent = folder.deletingLastPathComponent()
        if parent.path == folder.path { break }
        folder = parent
      }
    }
    throw Failure(
      .usage, "there is no folder 'Templates' here or above",
      notes: ["run this in Seriesmith's folder, or give the path of a series.yaml"])
  }

  /// Loads a series by its name or the path of its `series.yaml`.
  static func load(_ series: String) throws(Failure) -> SeriesDescription {
    try SeriesLoader.load(series.hasSuffix(".yaml") ? series : try folder(series))
  }

  /// The folder of a series, given its name or the path of its `series.yaml`.
  static func folder(_ series: String) throws(Failure) -> String {
    if series.hasSuffix(".yaml") { return (series as NSString).deletingLastPathComponent }
    let folder = try root() + "/" + series
    guard FileManager.default.fileExists(atPath: folder + "/series.yaml") else {
      throw Failure(
        .usage, "there is no series '\(series)'",
        notes: ["the series are: " + (try names().joined(separator: ", "))])
    }
    return folder
  }

  /// The only series that migrates drivers from one op to another.
  static func migration() throws(Failure) -> SeriesDescription {
    var migrations: [SeriesDescription] = []
    for name in try names() {
      let series = try load(name)
      if !series.ops.isEmpty { migrations.append(series) }
    }
    guard let series = migrations.first, migrations.count == 1 else {
      throw Failure(
        .usage,
        migrations.isEmpty ? "no series here migrates drivers" : "several series here migrate drivers",
        notes: migrations.isEmpty
          ? ["give the path of a series.yaml with --series"]
          : ["choose one with --series: " + migrations.map(\.name).joined(separator: ", ")])
    }
    return series
  }

  static func names() throws(Failure) -> [String] {
    let root = try root()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.filter { FileManager.default.fileExists(atPath: "\(root)/\($0)/series.yaml") }.sorted()
  }

  /// The options of all series for a help text.
  static var optionsHelp: String {
    var text = ""
    for name in (try? names()) ?? [] {
      // A broken description is reported when it is used.
      guard let root = try? root(), let series = try? SeriesLoader.load(root + "/" + name) else { continue }
      for option in series.options { text += Columns.entry("\(name): \(option.name)", option.about, indent: 30) }
    }
    return text.isEmpty ? "  (none: no series here has options)\n" : text
  }

  /// A path relative to the current folder, for messages.
  private static func relative(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }
}

extension CommandLine {
  /// The path of the running program.
  static var executable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? arguments[0]
  }

  fileprivate static var executableFolder: String { (executable as NSString).deletingLastPathComponent }
}
