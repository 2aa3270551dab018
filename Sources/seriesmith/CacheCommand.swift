import ArgumentParser
import Diagnostics
import Foundation
import Kernels
import Processes
import Verification

struct CacheCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "Shows what Seriesmith keeps between runs, and removes what is not needed.",
    discussion: """
      Everything in the cache can be made again; removing it costs time, nothing
      else. Verdicts also go by themselves when they outgrow
      \(CacheCommand.size(VerdictStore.limit)).

      Environment: SERIESMITH_CACHE is the folder (default
      $XDG_CACHE_HOME/seriesmith, else ~/.cache/seriesmith).
      """,
    subcommands: [Show.self, Prune.self], defaultSubcommand: Show.self)

  /// A part of the cache.
  struct Part: CaseIterable {
    var folder: String
    var what: String
    /// What makes it again, and how long that takes.
    var cost: String
    /// Whether `prune` removes its entries by their age.
    var ages = true
    /// Whether its entries lie one folder deeper.
    var isNested = false

    static let allCases = [
      Part(folder: "kernels", what: "imported kernels", cost: "a download and a minute each", ages: false),
      Part(folder: "trees", what: "checkouts", cost: "20 s each"),
      Part(folder: "indexes", what: "words of trees", cost: "10 s each"),
      Part(folder: "lanes", what: "prepared lanes", cost: "30 s each"),
      Part(folder: "verdicts", what: "answers of compilers", cost: "a second or more each", isNested: true),
      Part(folder: "scratch", what: "left by killed runs", cost: "nothing"),
    ]
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows what the cache holds.")

    func run() throws {
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

  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Removes what has not been used for a while.",
      discussion: """
        Imported kernels stay, unless --kernels is given. What a run is using at
        this moment stays as well.
        """)

    @Option(help: ArgumentHelp("Remove what was last used more than so many days ago.", valueName: "n"))
    var days = 30

    @Flag(help: "Remove kernels too.")
    var kernels = false

    func validate() throws {
      if days < 0 { throw ValidationError("--days is 0 or more") }
    }

    func run() async throws {
      let limit = Date().addingTimeInterval(-86_400 * Double(days))
      var freed = 0
      for part in Part.allCases where part.ages || kernels {
        for entry in Entry.all(in: part) where entry.used <= limit {
          let lockFile = entry.path + ".lock"
          let isLocked = Files.exists(lockFile)
          let lock = isLocked ? try FileLock.tryAcquire(lockFile) : nil
          // Somebody holds it.
          if isLocked, lock == nil { continue }
          try Files.remove(entry.path)
          if isLocked { try Files.remove(lockFile) }
          freed += entry.size
        }
      }
      print("freed \(CacheCommand.size(freed))")
    }
  }

  /// A file or folder that is kept or removed as a whole.
  struct Entry {
    var path: String
    /// What it takes up on disk, in bytes.
    var size: Int
    var used: Date

    static func all(in part: Part) -> [Entry] {
      let folder = Cache.user.folder(part.folder)
      var paths = Files.names(in: folder).filter { !$0.hasSuffix(".lock") }.map { "\(folder)/\($0)" }
      if part.isNested { paths = paths.flatMap { folder in Files.names(in: folder).map { "\(folder)/\($0)" } } }
      return paths.map { path in
        var used = modified(path)
        // A lane's folder changes with every use of it, the folders above do not.
        if let children = try? FileManager.default.contentsOfDirectory(atPath: path) {
          used = children.map { modified("\(path)/\($0)") }.max().map { max($0, used) } ?? used
        }
        return Entry(path: path, size: size(path), used: used)
      }
    }

    private static func modified(_ path: String) -> Date {
      (try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date) ?? .distantPast
    }

    private static func size(_ path: String) -> Int {
      func blocks(_ path: String) -> Int {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        // A hard link is counted where it is found first in spirit: each link bears its share.
        return Int(status.st_blocks) * 512 / max(1, Int(status.st_mode & S_IFMT == S_IFDIR ? 1 : status.st_nlink))
      }
      guard let paths = FileManager.default.enumerator(atPath: path) else { return blocks(path) }
      return paths.reduce(blocks(path)) { sum, inner in sum + ((inner as? String).map { blocks("\(path)/\($0)") } ?? 0)
      }
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
