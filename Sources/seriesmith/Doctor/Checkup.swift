import Descriptions
import Diagnostics
import Foundation
import Kbuild
import Kernels
import Processes
import Proving
import Support

/// Which of the things that Seriesmith needs a machine has: `seriesmith.doctor/1`.
struct Checkup: Encodable {
  private let schema = "seriesmith.doctor/1"
  let verdict: Verdict
  let packages: [Package]
  let cache: CacheState
  /// nil if `prove` was not asked for, or there is no emulator to ask.
  let kvm: Virtualisation?

  enum Verdict: String, Encodable {
    case ready, lacking
  }

  /// A package, by its Debian name.
  struct Package: Encodable {
    var name: String
    var purpose: String
    var neededBy: [Need]
    var optionalFor: [Need]
    /// The items of the package that are missing.
    var missing: [String]
    /// The version that its first item prints, if that is a program that prints one.
    var version: String?

    enum CodingKeys: String, CodingKey {
      case name, purpose, missing, version
      case neededBy = "needed_by"
      case optionalFor = "optional_for"
    }

    var isLacking: Bool { !missing.isEmpty && !neededBy.isEmpty }
  }

  /// The cache, and the free space of its disk, in bytes.
  struct CacheState: Encodable {
    var path: String
    var writable: Bool
    /// What the cache takes. Measured only where that decides whether the room suffices, since it takes a minute.
    var size: Int?
    var free: Int
    /// The most that a first run of all commands leaves in the cache or uses while it runs.
    var needed = 3 << 30

    var hasRoom: Bool { (size ?? 0) + free >= needed }
  }

  /// - Parameters:
  ///   - needs: the commands that the machine is to run.
  ///   - lanes: the lanes that `verify` compiles in.
  ///   - plan: the kernel and machine that `prove` boots.
  nonisolated(nonsending) init(
    of needs: [Need], lanes: [Lane], plan: ProofDescription
  ) async throws(Failure) {
    let needs = Set(needs).union(needs.contains(.full) ? [.verify] : [])
    let items = try await MachineItems()
    var packages: [Package] = []
    for wanted in Self.wanted(for: needs, lanes: lanes, plan: plan) {
      var package = wanted.package
      for item in wanted.items where try await !items.has(item) { package.missing.append(item.description) }
      for case .program(let program) in wanted.items.prefix(1) { package.version = try await items.version(program) }
      packages.append(package)
    }
    self.packages = packages
    cache = CacheState(.user)
    kvm = needs.contains(.prove) && which(plan.machine.emulator) != nil ? try await Self.kvm(plan.machine) : nil
    verdict = packages.contains(where: \.isLacking) || !cache.writable || !cache.hasRoom ? .lacking : .ready
  }

  /// The packages that `needs` ask for: those of `DebianPackage.all` first, in its order.
  private static func wanted(
    for needs: Set<Need>, lanes: [Lane], plan: ProofDescription
  ) -> [(package: Package, items: [DebianPackage.Item])] {
    var toolchains: [String: (items: [DebianPackage.Item], needs: Set<Need>, optional: Set<Need>)] = [:]
    for (need, lanes) in [(Need.verify, lanes), (.prove, [plan.lane])] where needs.contains(need) {
      for lane in lanes {
        for (program, package) in Toolchain(lane).programs {
          var toolchain = toolchains[package] ?? ([], [], [])
          if !toolchain.items.contains(.program(program)) { toolchain.items.append(.program(program)) }
          // A lane for a part of the tree is left out where its toolchain is missing.
          if lane.paths == nil { toolchain.needs.insert(need) } else { toolchain.optional.insert(need) }
          toolchains[package] = toolchain
        }
      }
    }
    let known = DebianPackage.all.map { listed in
      let toolchain = toolchains.removeValue(forKey: listed.name)
      let isNeeded = { (need: Need) in
        listed.neededBy.contains(need.rawValue) || toolchain?.needs.contains(need) == true
      }
      let ordered = Need.allCases.filter(needs.contains)
      let package = Package(
        name: listed.name, purpose: listed.purpose, neededBy: ordered.filter(isNeeded),
        optionalFor: ordered.filter { listed.optionalFor.contains($0.rawValue) }, missing: [])
      return (package, listed.items + (toolchain?.items ?? []).filter { !listed.items.contains($0) })
    }
    let others = toolchains.sorted { $0.key < $1.key }.map { name, toolchain in
      let neededBy = Need.allCases.filter(toolchain.needs.contains)
      let optionalFor = Need.allCases.filter { toolchain.optional.contains($0) && !toolchain.needs.contains($0) }
      return (
        Package(
          name: name, purpose: "the toolchain of a lane", neededBy: neededBy, optionalFor: optionalFor, missing: []),
        toolchain.items
      )
    }
    return known.filter { !$0.0.neededBy.isEmpty || !$0.0.optionalFor.isEmpty } + others
  }

  private static func kvm(_ machine: MachineDescription) async throws(Failure) -> Virtualisation {
    let scratch = FileManager.default.temporaryDirectory.path + "/seriesmith-\(UUID().uuidString)"
    try Files.makeFolder(scratch)
    defer { try? Files.remove(scratch) }
    return try await Virtualisation.found(machine, scratch: scratch)
  }
}

extension Checkup.CacheState {
  init(_ cache: Cache) {
    var folder = URL(fileURLWithPath: cache.root)
    while !Files.exists(folder.path), folder.path != "/" { folder.deleteLastPathComponent() }
    var disk = statvfs()
    let isKnown = statvfs(folder.path, &disk) == 0
    self.init(
      path: cache.root, writable: Self.canBeWritten(folder.path), size: nil,
      free: isKnown ? Int(disk.f_bavail) * Int(disk.f_frsize) : 0)
    if !hasRoom { size = CacheCommand.Part.allCases.flatMap(CacheCommand.Entry.all).map(\.size).reduce(0, +) }
  }

  /// Tries it: root passes every permission check, but cannot write to a read-only filesystem.
  private static func canBeWritten(_ folder: String) -> Bool {
    // mkdtemp replaces the six letters.
    var probe = Array("\(folder)/.seriesmith-XXXXXX".utf8CString)
    return mkdtemp(&probe) != nil && rmdir(probe) == 0
  }
}
