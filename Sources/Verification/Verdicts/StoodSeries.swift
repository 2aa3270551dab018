public import Diagnostics
import FoundationEssentials
public import Git
public import Kbuild
import PatchSeries
import Support

/// A series that `verify --depth full` has seen stand, kept so that each of its patches is known when it is mailed: by
/// then it is a file of its own, in whatever folder, with headers that were added.
struct StoodSeries: Hashable, Sendable, Codable {
  let patches: [MailedPatch]
  /// The ids of the base's tree and of the tree after each patch.
  let trees: [String]

  /// How many series are remembered for a patch of the same place and message: amended ones, and other bases.
  private static let most = 20

  /// Keeps the series under each of its patches.
  func keep(_ lanes: String, in store: VerdictStore) throws(Failure) {
    let words = patches.flatMap { [String($0.number), String($0.total), $0.message, $0.diff] }
    let digest = VerdictKey(trees + words).digest
    try store.write(encoding: self, Self.key(digest))
    for patch in patches {
      var digests = Self.digests(of: patch, lanes, in: store).filter { $0 != digest }
      digests.append(digest)
      try store.write(encoding: digests.suffix(Self.most), Self.key(patch, lanes))
    }
  }

  /// The series that stood with a patch of this place and message, newest first.
  static func with(_ patch: MailedPatch, _ lanes: String, in store: VerdictStore) -> [StoodSeries] {
    digests(of: patch, lanes, in: store).reversed().compactMap { store.value(key($0)) }
  }

  private static func digests(of patch: MailedPatch, _ lanes: String, in store: VerdictStore) -> [String] {
    store.value(key(patch, lanes)) ?? []
  }

  private static func key(_ digest: String) -> VerdictKey { VerdictKey(["stood", VerdictKey.program, digest]) }

  private static func key(_ patch: MailedPatch, _ lanes: String) -> VerdictKey {
    VerdictKey(
      ["stood patch", VerdictKey.program, lanes, String(patch.number), String(patch.total), patch.message])
  }

  /// Whether the series has this patch: by its text, or by the tree that it makes of the one before it, where the
  /// repository has that. A mail may show the same change with other context.
  func has(_ patch: Patch, in repository: Repository) -> Bool {
    let mailed = MailedPatch(patch)
    guard let index = patches.firstIndex(where: { $0.hasTheName(of: mailed) }) else { return false }
    if patches[index].diff == mailed.diff { return true }
    guard patches.count == trees.count - 1, let before = ObjectID(hex: trees[index]) else { return false }
    return (try? repository.apply(patch.diff, to: before, name: patch.diffName))?.hex == trees[index + 1]
  }
}

/// Tells whether a mail about to be sent holds a patch that `verify --depth full` has seen stand.
public struct MailValidation {
  private let repository: Repository
  private let store: VerdictStore
  private let lanes: String

  /// - Parameters:
  ///   - lanes: the lanes that the verification must have used.
  ///   - cache: the cache folder.
  public init(repository: Repository, lanes: [Lane], cache: String) throws(Failure) {
    self.repository = repository
    self.lanes = try Verifier.digest(of: lanes)
    // It is only read.
    store = VerdictRecord.records(in: cache, cache)
  }

  /// Why the mail must not be sent; nil when it may, or when it holds no patch, such as a cover letter.
  ///
  /// The first patch of a series answers for what is with it in its folder: the others must have stood in the same
  /// series, on the base that one of them or the cover letter states.
  public nonisolated(nonsending) func objection(to file: String) async throws(Failure) -> String? {
    let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    let bytes = try Files.read(file, upTo: Self.most)
    guard let patch = try await Self.patch(bytes, file) else { return nil }
    let known = StoodSeries.with(MailedPatch(patch), lanes, in: store)
    guard !known.isEmpty else {
      return "no verified series has this message as patch \(patch.number) of \(patch.total)"
    }
    var series = known.filter { $0.has(patch, in: repository) }
    guard !series.isEmpty else { return "the diff is not the one that was verified" }
    guard patch.number == 1 else { return nil }
    var bases = Self.bases(bytes)
    for name in Files.names(in: folder) where "\(folder)/\(name)" != file {
      guard Files.isFile("\(folder)/\(name)"), let bytes = try? Files.read("\(folder)/\(name)", upTo: Self.most),
        let place = MailPlace(bytes), place.total == patch.total, place.reroll == patch.reroll
      else { continue }
      bases += Self.bases(bytes)
      guard place.number > 1, let other = try? await Self.patch(bytes, name) else { continue }
      series = series.filter { $0.has(other, in: repository) }
      guard !series.isEmpty else { return "it was not verified together with \(name)" }
    }
    for base in bases {
      // A base that is not here cannot be the one that was verified, unless the same tree has several commits.
      guard let tree = try? repository.resolve(base).tree else { continue }
      series = series.filter { $0.trees[0] == tree.hex }
      guard !series.isEmpty else { return "it was not verified on its base-commit \(base.prefix(12))" }
    }
    return nil
  }

  /// The longest mail that is read, as `verify` has it.
  private static let most = 64 << 20

  /// The patch in a mail; nil when it holds none.
  ///
  /// - Throws: `Failure(.input)` for a mail that calls itself a patch and cannot be read as one.
  private static func patch(_ bytes: [UInt8], _ file: String) async throws(Failure) -> Patch? {
    let place = MailPlace(bytes)
    if place?.number == 0 { return nil }
    let name = String(file.split(separator: "/").last ?? "")
    do throws(Failure) {
      return try await PatchReader.series([(name, bytes)]).patches.first
    } catch {
      if place == nil { return nil }
      throw error
    }
  }

  private static func bases(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).matches(of: #/(?m)^base-commit: ([0-9a-f]{40,64})$/#).map { String($0.1) }
  }
}
