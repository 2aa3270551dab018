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
    abstract: "Shows what Seriesmith keeps between runs, and removes what is not needed.",
    discussion: """
      Everything in the cache can be made again; removing it costs time, nothing
      else. Verdicts also go by themselves when they outgrow
      \(size(VerdictStore.limit)).

      Environment: SERIESMITH_CACHE is the folder (default
      $XDG_CACHE_HOME/seriesmith, else ~/.cache/seriesmith).

        seriesmith cache                  what there is, and when it was used
        seriesmith cache prune            what was not used for 30 days goes
        seriesmith cache prune --days 0 --kernels
                                          everything goes that no run is using
      """,
    subcommands: [Show.self, Prune.self], defaultSubcommand: Show.self)

  /// A part of the cache.
  struct Part: CaseIterable {
    var folder: String
    var what: String
    /// What makes it again, and how long that takes.
    var cost: String
    var pruned = Pruned.byAge
    /// Whether its entries lie one folder deeper.
    var isNested = false

    /// The file whose lock is held by who makes the entry.
    func lock(of entry: Entry) -> String {
      // Kernels are imported one at a time.
      pruned == .ifAsked ? Cache.user.folder(folder) + "/.lock" : entry.path + ".lock"
    }

    /// When `prune` removes an entry that nobody is using.
    enum Pruned {
      case byAge
      /// By age as well, but only when it is asked for.
      case ifAsked
      /// At once: nobody will use it again.
      case always
    }

    static let allCases = [
      Part(folder: "kernels", what: "imported kernels", cost: "a download and a minute each", pruned: .ifAsked),
      Part(folder: "trees", what: "checkouts", cost: "20 s each"),
      Part(folder: "indexes", what: "words of trees", cost: "10 s each"),
      Part(folder: "lanes", what: "prepared lanes", cost: "30 s each"),
      Part(folder: "proofs", what: "kernels built to be booted", cost: "10 minutes each"),
      Part(folder: "verdicts", what: "answers of compilers", cost: "a second or more each", isNested: true),
      Part(folder: "scratch", what: "of runs under way, or killed", cost: "nothing", pruned: .always),
    ]
  }

  struct Show: Subcommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Shows what the cache holds.")

    func perform() throws {
      var rows = [["", "entries", "size", "last used", "costs to make again"]]
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
      abstract: "Removes what has not been used for a while.",
      discussion: """
        Imported kernels stay, unless --kernels is given. What a run is using at
        this moment stays as well, and nobody who starts one meanwhile is disturbed.
        """)

    @Option(help: ArgumentHelp("Remove what was last used more than so many days ago.", valueName: "n"))
    var days = 30

    @Flag(help: "Remove kernels too.")
    var kernels = false

    func validate() throws {
      if days < 0 { throw ValidationError("--days is 0 or more") }
    }

    func perform() async throws {
      let limit = Date().addingTimeInterval(-86_400 * Double(days))
      let old = Part.allCases.flatMap { part in
        Entry.all(in: part).filter { isDue(part, $0, limit) }.map { (part: part, entry: $0) }
      }
      // What goes is moved away at once and then removed, so that nobody ever sees half of it. This also removes what
      // killed runs left.
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

    /// Whether the entry is gone: not if somebody uses it, or is making it, which he does under the lock.
    private static func remove(_ path: String, lock file: String, to trash: String) throws -> Bool {
      guard Files.exists(file) else { return try FileUse.removeUnused(path, to: trash) }
      guard let lock = try FileLock.tryAcquire(file) else { return false }
      let isGone = try FileUse.removeUnused(path, to: trash)
      if isGone, file == path + ".lock" { try Files.remove(file) }
      _ = consume lock
      return isGone
    }
  }

  /// A file or folder that is kept or removed as a whole.
  struct Entry {
    var path: String
    /// What it takes up on disk, in bytes.
    var size: Int
    /// Whoever uses an entry touches it.
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
        // Checkouts share files by hard links: each bears its share.
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
