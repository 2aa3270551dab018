import CLibgit2
public import Diagnostics
import Parallelism

extension Repository {
  /// Lends the bytes of a blob without copying them. They are valid only inside `body`.
  public func withBlob<Result>(
    _ id: ObjectID, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withObject(id, of: GIT_OBJECT_BLOB, body)
  }

  /// The bytes of a blob.
  public func blob(_ id: ObjectID) throws(Failure) -> [UInt8] {
    try withBlob(id) { Array($0) }
  }

  /// What `transform` makes of the files that there are at some paths, on all processors.
  public func map<Value: Sendable>(
    _ paths: [String], in tree: ObjectID, _ transform: @Sendable (_ path: String, _ bytes: [UInt8]) -> Value
  ) throws(Failure) -> [Value] {
    let ids = try paths.map { (path) throws(Failure) in try fileID(at: path, in: tree) }
    let files = zip(paths, ids).compactMap { path, id in id.map { (path, $0) } }
    let objects = objects
    return try files.concurrentMap { (path, id) throws(Failure) in
      transform(path, try objects.withObject(id, of: GIT_OBJECT_BLOB) { Array($0) })
    }
  }

  func withObject<Result>(
    _ id: ObjectID, of type: git_object_t, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try objects.withObject(id, of: type, body)
  }

  private var objects: Objects { Objects(database: database, path: path) }

  /// Writes an object into memory, unless the repository has it.
  ///
  /// `git_odb_write` would not do: for an object that exists it "freshens" the file that holds it, that is, it changes
  /// times on the user's disk.
  func write(_ bytes: [UInt8], as type: git_object_t) throws(Failure) -> ObjectID {
    let id = ObjectID.id(of: bytes, type: type)
    try keep(bytes, as: type, id)
    return id
  }

  /// Writes an object whose id is known.
  ///
  /// - Throws: `Failure(.input)` when the repository has other bytes under this id: a series may have been made so.
  func keep(_ bytes: [UInt8], as type: git_object_t, _ id: ObjectID) throws(Failure) {
    var oid = id.oid
    guard git_odb_exists_ext(database, &oid, GIT_ODB_LOOKUP_NO_REFRESH.rawValue) == 0 else {
      let isSame = try withObject(id, of: type) { known in bytes.withUnsafeBytes { known.elementsEqual($0) } }
      guard isSame else {
        throw Failure(
          .input, "an object of \(bytes.count) bytes has the id \(id) of another one in '\(path)'",
          notes: ["that does not happen by chance: somebody made the two for it"])
      }
      return
    }
    guard let write = memory.pointee.write else {
      throw Failure(.unavailable, "libgit2 cannot keep objects in memory")
    }
    try check(write(memory, &oid, bytes, bytes.count, type), status: .unavailable) {
      "cannot keep an object of \(bytes.count) bytes in memory"
    }
    written.append(id)
  }
}

/// What can be read by many at once.
///
/// A `git_odb` locks what it changes, and libgit2 documents it as thread-safe (docs/threading.md, since 1.2). What is kept
/// in memory is not written to meanwhile, since whoever reads holds the repository.
private struct Objects: @unchecked Sendable {
  let database: OpaquePointer
  let path: String

  func withObject<Result>(
    _ id: ObjectID, of type: git_object_t, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let kind = String(cString: git_object_type2string(type))
    var oid = id.oid
    var object: OpaquePointer?
    try check(
      git_odb_read(&object, database, &oid),
      notes: ["in a partial or shallow clone: git fetch --refetch --filter=blob:limit=1g"]
    ) { "cannot read the \(kind) \(id) of '\(path)'" }
    guard let object = Handle(object, free: git_odb_object_free), git_odb_object_type(object.pointer) == type else {
      throw Failure(.input, "object \(id) of '\(path)' is not a \(kind)")
    }
    return try body(
      UnsafeRawBufferPointer(start: git_odb_object_data(object.pointer), count: git_odb_object_size(object.pointer)))
  }
}
