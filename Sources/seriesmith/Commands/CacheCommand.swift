import ArgumentParser
import Diagnostics
import Foundation
import Kernels
import Processes
import Support
import Verification

struct CacheCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "Shows what Seriesmith keeps between runs, and removes unused entries.",
    discussion: """
      Seriesmith can rebuild everything in the cache, so removing an entry only costs
      time. Verdicts are also removed automatically when they exceed
      \(size(VerdictStore.limit)).

      Environment: SERIESMITH_CACHE names the folder (default
      $XDG_CACHE_HOME/seriesmith, else ~/.cache/seriesmith).

        seriesmith cache                  list entries, sizes and last use
        seriesmith cache prune            remove what was unused for 30 days
        seriesmith cache prune --days 0 --kernels
                                          remove everything that no run is using
      """,
    subcommands: [Show.self, Prune.self], defaultSubcommand: Show.self)

  /// A kind of cache entry, in a folder of its own.
  struct Part: CaseIterable {
    var folder: String
    var what: String
    /// What rebuilding an entry costs.
    var cost: String
    var pruned = Pruned.byAge
    /// Whether its entries are one folder deeper.
    var isNested = false

    /// The file that a run locks while it makes the entry.
    func lock(of entry: Entry) -> String {
      // Kernels are imported one at a time.
      pruned == .ifAsked ? Cache.user.folder(folder) + "/.lock" : entry.path + ".lock"
    }

    /// When `prune` removes an unused entry.
    enum Pruned {
      case byAge
      /// By age, but only with `--kernels`.
      case ifAsked
      /// At any age: no run will use it again.
      case always
    }

    static let allCases = [
      Part(folder: "kernels", what: "imported kernels", cost: "a download and a minute each", pruned: .ifAsked),
      Part(folder: "trees", what: "checkouts", cost: "20 s each"),
      Part(folder: "indexes", what: "word indexes of trees", cost: "10 s each"),
      Part(folder: "lanes", what: "prepared lanes", cost: "30 s each"),
      Part(folder: "proofs", what: "kernels built for booting", cost: "10 minutes each"),
      Part(folder: "verdicts", what: "compiler verdicts", cost: "a second or more each", isNested: true),
      Part(folder: "scratch", what: "files of current or killed runs", cost: "nothing", pruned: .always),
    ]
  }

  struct Show: Subcommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Shows what the cache contains.",
      discussion: "Prints a row per kind of entry: number, size, last use, and the cost of rebuilding.")

    func perform() throws {
      var rows = [["", "entries", "size", "last used", "cost to rebuild"]]
      var total = 0
      for part in Part.allCases {
        let entries = Entry.all(in: part)
        let size = entries.map(\.size).reduce(0, +)
        total += size
        let used = entries.map(\.used).max().map(CacheCommand.day) ?? "-"
        rows.append([
          "\(part.folder) (\(part.what))", "\(entries.count)", CacheCommand.size(size), used, part.cost,
        ])
      }
      print(Columns.aligned(rows) + "\n\(CacheCommand.size(total)) in \(Cache.user.root)")
    }
  }

  struct Prune: Subcommand {
    static let configuration = CommandConfiguration(
      commandName: "prune",
      abstract: "Removes entries that have not been used for a while.",
      discussion: """
        Keeps imported kernels, unless --kernels is given, and whatever a run is using
        now. Runs may start meanwhile. Prints the space freed.

          seriesmith cache prune --days 7
        """)

    @Option(help: ArgumentHelp("Remove entries last used more than this many days ago.", valueName: "n"))
    var days = 30

    @Flag(help: "Also remove imported kernels.")
    var kernels = false

    func validate() throws {
      if days < 0 { throw ValidationError("--days must be 0 or more") }
    }

    func perform() async throws {
      let limit = Date().addingTimeInterval(-86_400 * Double(days))
      let old = Part.allCases.flatMap { part in
        Entry.all(in: part).filter { isDue(part, $0, limit) }.map { (part: part, entry: $0) }
      }
      // An entry is moved away first and then removed, so that no run ever sees half of it. Making a scratch folder
      // also removes those of killed runs.
      let trash = try await Scratch.make(in: Cache.user.root)
      var freed = 0
      for (index, (part, entry)) in old.enumerated() {
        let isGone =
          part.pruned == .always
          ? !Files.exists(entry.path)
          : try Self.remove(entry.path, lock: part.lock(of: entry), to: "\(trash.path)/\(index)")
        if isGone { freed += entry.size }
      }
      print("freed \(CacheCommand.size(freed))")
    }

    private func isDue(_ part: Part, _ entry: Entry, _ limit: Date) -> Bool {
      switch part.pruned {
      case .byAge: entry.used <= limit
      case .ifAsked: kernels && entry.used <= limit
      case .always: true
      }
    }

    /// Returns whether the entry is gone. It stays while a run uses it, or makes it under the lock.
    private static func remove(_ path: String, lock file: String, to trash: String) throws -> Bool {
      guard Files.exists(file) else { return try FileUse.removeUnused(path, to: trash) }
      guard let lock = try FileLock.tryAcquire(file) else { return false }
      let isGone = try FileUse.removeUnused(path, to: trash)
      if isGone, file == path + ".lock" { try Files.remove(file) }
      _ = consume lock
      return isGone
    }
  }

  /// A file or folder of the cache, kept or removed as a whole.
  struct Entry {
    var path: String
    /// The space it takes up on disk, in bytes.
    var size: Int
    /// The time of its last use: each use touches the entry.
    var used: Date

    static func all(in part: Part) -> [Entry] {
      let folder = Cache.user.folder(part.folder)
      let names = Files.names(in: folder).filter { !$0.hasSuffix(".lock") && !$0.hasSuffix(".json") }
      var paths = names.map { "\(folder)/\($0)" }
      if part.isNested { paths = paths.flatMap { folder in Files.names(in: folder).map { "\(folder)/\($0)" } } }
      return paths.map { Entry(path: $0, size: size($0), used: modified($0)) }
    }

    private static func modified(_ path: String) -> Date {
      (try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date) ?? .distantPast
    }

    private static func size(_ path: String) -> Int {
      func blocks(_ path: String) -> Int {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        // Checkouts share files by hard links: each counts its share.
        return Int(status.st_blocks) * 512 / max(1, Int(status.st_mode & S_IFMT == S_IFDIR ? 1 : status.st_nlink))
      }
      let inner = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
      return inner.reduce(blocks(path)) { $0 + blocks("\(path)/\($1)") }
    }
  }

  static func size(_ bytes: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return String(format: unit == 0 || value >= 100 ? "%.0f %@" : "%.1f %@", value, units[unit])
  }

  private static func day(_ date: Date) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyy-MM-dd"
    return formatter.string(from: date)
  }
}
