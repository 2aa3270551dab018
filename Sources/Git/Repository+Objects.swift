import CLibgit2
public import Diagnostics

extension Repository {
  /// Lends the bytes of a blob without copying them. They are valid only inside `body`.
  ///
  /// - Throws: `Failure(.input)` when the object is missing or not a blob; any failure of `body`.
  public func withBlob<Result>(
    _ id: ObjectID, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var oid = id.oid
    var object: OpaquePointer?
    try check(
      git_odb_read(&object, database, &oid),
      notes: ["in a partial or shallow clone: git fetch --refetch --filter=blob:limit=1g"]
    ) { "cannot read the blob \(id) of '\(path)'" }
    guard let object = Handle(object, free: git_odb_object_free),
      git_odb_object_type(object.pointer) == GIT_OBJECT_BLOB
    else {
      throw Failure(.input, "object \(id) of '\(path)' is not a blob")
    }
    return try body(
      UnsafeRawBufferPointer(start: git_odb_object_data(object.pointer), count: git_odb_object_size(object.pointer)))
  }

  /// The bytes of a blob.
  public func blob(_ id: ObjectID) throws(Failure) -> [UInt8] {
    try withBlob(id) { Array($0) }
  }

  /// Writes an object to memory and returns its id.
  func write(_ bytes: UnsafeRawBufferPointer, as type: git_object_t) throws(Failure) -> ObjectID {
    var id = git_oid()
    try check(git_odb_write(&id, database, bytes.baseAddress, bytes.count, type), status: .unavailable) {
      "cannot keep an object of \(bytes.count) bytes in memory"
    }
    return ObjectID(id)
  }

  /// Keeps the bytes as a blob in this instance, and returns its id.
  public func writeBlob(_ bytes: [UInt8]) throws(Failure) -> ObjectID {
    let id = bytes.withUnsafeBytes { bytes in Result { () throws(Failure) in try write(bytes, as: GIT_OBJECT_BLOB) } }
    return try id.get()
  }
}
