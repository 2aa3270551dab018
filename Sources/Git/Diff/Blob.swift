import CLibgit2
import Diagnostics

/// A blob in libgit2's memory, whose bytes are neither copied nor hashed again.
///
/// Sendable, since a `git_blob` never changes after it is read and libgit2 counts references to it atomically.
final class Blob: @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ id: ObjectID, in repository: Repository) throws(Failure) {
    var oid = id.oid
    var blob: OpaquePointer?
    try check(git_blob_lookup(&blob, repository.pointer, &oid)) { "cannot read the blob \(id) of '\(repository.path)'" }
    guard let blob else { throw Failure(.input, "cannot read the blob \(id) of '\(repository.path)'") }
    pointer = blob
  }

  deinit { git_blob_free(pointer) }

  /// Lends the bytes, which are valid only inside `body`.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(UnsafeRawBufferPointer(start: git_blob_rawcontent(pointer), count: Int(git_blob_rawsize(pointer))))
  }
}

/// One side of a change, as a diff shows it.
enum DiffSide: Sendable {
  case none
  case blob(Blob)
  /// The line that represents a submodule and names its commit.
  case submodule([UInt8])

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch self {
    case .none: body(UnsafeRawBufferPointer(start: nil, count: 0))
    case .blob(let blob): blob.withBytes(body)
    case .submodule(let line): line.withUnsafeBytes(body)
    }
  }

  var count: Int { withBytes(\.count) }

  var blob: Blob? {
    if case .blob(let blob) = self { blob } else { nil }
  }

  var isSubmodule: Bool {
    if case .submodule = self { true } else { false }
  }
}
