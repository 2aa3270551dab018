public import Diagnostics
import FoundationEssentials
import Glibc
import Processes
import Support

/// Answers kept between runs, one file each, under keys that name everything they depend on.
///
/// An entry is written elsewhere and moved in, so a killed run leaves no partial entry, and two runs at once do the
/// same work twice at worst. Every entry is sealed; a damaged one is a miss.
public struct VerdictStore: Sendable {
  /// The folder that holds the entries.
  public let directory: String
  /// Where entries are written before they are moved in: this run's own folder, on the same file system.
  private let temporary: String

  /// - Parameters:
  ///   - directory: the folder that holds the entries; writing the first entry creates it.
  ///   - temporary: this run's own folder, on the same file system.
  public init(directory: String, temporary: String) {
    self.directory = directory
    self.temporary = temporary
  }

  /// The bytes stored under a key; nil when there are none or when they are damaged.
  public func read(_ key: VerdictKey) -> [UInt8]? {
    let path = path(key)
    guard let bytes = Files.readRegular(path).flatMap({ Seal.opened($0) }) else { return nil }
    // What was used last is pruned last.
    utimensat(AT_FDCWD, path, nil, 0)
    return Array(bytes)
  }

  /// Stores `bytes` under a key, replacing what was there. What is there already is not written again, so that a
  /// read-only store answers what it knows.
  public func write(_ bytes: [UInt8], _ key: VerdictKey) throws(Failure) {
    guard read(key) != bytes else { return }
    try Files.write(bytes + Seal.of(bytes), to: path(key), by: temporary)
  }

  /// Stores a value under a key, as JSON.
  public func write(encoding value: some Encodable, _ key: VerdictKey) throws(Failure) {
    let encoder = JSONEncoder()
    // Equal values have equal bytes, in every process.
    encoder.outputFormatting = .sortedKeys
    let data: Data
    do { data = try encoder.encode(value) } catch {
      throw Failure(.unavailable, "cannot store a verdict", notes: ["\(error)"])
    }
    try write(Array(data), key)
  }

  /// The value stored under a key; nil when there is none, or one of another type.
  public func value<T: Decodable>(_ key: VerdictKey, as _: T.Type = T.self) -> T? {
    read(key).flatMap { try? JSONDecoder().decode(T.self, from: Data($0)) }
  }

  /// The value stored under a key, or else what `make` returns, which is then stored if it is worth it.
  nonisolated(nonsending) func value<T: Codable>(
    _ key: VerdictKey, storing isWorthIt: (T) -> Bool = { _ in true }, or make: () async throws(Failure) -> T
  ) async throws(Failure) -> T {
    if let value = value(key, as: T.self) { return value }
    let value = try await make()
    if isWorthIt(value) { try write(encoding: value, key) }
    return value
  }

  private func path(_ key: VerdictKey) -> String {
    "\(directory)/\(key.digest.prefix(2))/\(key.digest.dropFirst(2))"
  }
}

extension VerdictStore {
  /// The size of a store, in bytes, above which the least recently used entries are removed: some 7,000 units, most
  /// of it their objects.
  public static let limit = 1 << 30

  /// Removes the least recently used entries of a store that has outgrown its limit, until a tenth of it is free.
  ///
  /// - Returns: how many bytes were freed.
  @discardableResult
  public static func prune(_ directory: String, to limit: Int = limit) -> Int {
    var entries: [(path: String, size: Int, used: Int)] = []
    for folder in names(directory) {
      for name in names("\(directory)/\(folder)") {
        let path = "\(directory)/\(folder)/\(name)"
        var status = stat()
        guard lstat(path, &status) == 0 else { continue }
        // Count blocks on disk: a small file takes up more than its length.
        entries.append((path, Int(status.st_blocks) * 512, status.st_mtim.tv_sec))
      }
    }
    let size = entries.reduce(0) { $0 + $1.size }
    guard size > limit else { return 0 }
    var freed = 0
    for entry in entries.sorted(by: { $0.used < $1.used }) where size - freed > limit / 10 * 9 {
      if unlink(entry.path) == 0 { freed += entry.size }
    }
    return freed
  }

  private static func names(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }
}
