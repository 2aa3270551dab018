import Foundation

/// A series' folder in a temporary place, of which one file at a time is any bytes.
struct ScratchSeries: Sendable {
  static let shared = ScratchSeries()

  static let names = [
    "series.yaml", "kinds/walker.yaml", "drivers/a.yaml", "lanes.yaml", "accepted.yaml", "prove.yaml",
  ]

  private static let valid = [
    "series.yaml": """
    series: test
    author: {name: A, email: a@b}
    patches:
      - {id: one, subject: 'a: b', message: why}

    """,
    "kinds/walker.yaml": """
    kind: walker
    about: walks
    parameters: {callback: text}
    steps:
      - edits:
          - signature: {function: <% callback %>}

    """,
    "drivers/a.yaml": """
    file: a.c
    kind: walker
    patch: one
    callback: f

    """,
  ]

  let folder: String

  private init() {
    folder = NSTemporaryDirectory() + "fuzz-\(UUID().uuidString)"
    for name in ["kinds", "drivers"] {
      try? FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    for name in Self.names { restore(name) }
    atexit { try? FileManager.default.removeItem(atPath: ScratchSeries.shared.folder) }
  }

  func write(_ bytes: some Sequence<UInt8>, to name: String) {
    _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: Data(bytes))
  }

  /// Makes the file what it is in a series that can be loaded.
  func restore(_ name: String) {
    if let text = Self.valid[name] { write(text.utf8, to: name) }
  }
}
