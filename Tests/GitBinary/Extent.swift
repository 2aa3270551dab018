import Foundation

/// How much the tests try. `make test` takes samples of what is long; `make thorough` tries all of it.
public enum Extent {
  /// Whether everything is tried: `SERIESMITH_TESTS=all`.
  public static let isFull = ProcessInfo.processInfo.environment["SERIESMITH_TESTS"] == "all"

  /// All elements in a full run, else the first of every `step`.
  public static func sample<T>(of all: [T], every step: Int) -> [T] {
    isFull ? all : all.enumerated().filter { $0.offset % step == 0 }.map(\.element)
  }
}
