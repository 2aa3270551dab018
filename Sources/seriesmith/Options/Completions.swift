import ArgumentParser
import Descriptions
import Kbuild

/// Shell completions read from Templates/. A file that cannot be read completes nothing: the command reports the error.
extension CompletionKind {
  static let series = names { try SeriesFolders.names() }
  static let seriesOptions = names {
    try SeriesFolders.names().flatMap { name in try SeriesFolders.load(name).options.map(\.name) }
  }
  static let lanes = names { try LaneFile.lanes(nil).map(\.name) }
  static let boots = names { try ProofFile.plan().boots.map(\.name) }
  static let yaml = file(extensions: ["yaml"])

  private static func names(_ names: @escaping @Sendable () throws -> [String]) -> CompletionKind {
    custom { _, _, _ in (try? names()) ?? [] }
  }
}
