import Diagnostics
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a file; nil when it cannot be read. A symbolic link is not followed.
func readFile(_ path: String) -> [UInt8]? {
  guard let file = try? FileDescriptor.open(path, .readOnly, options: [.noFollow, .closeOnExec]) else { return nil }
  defer { try? file.close() }
  var status = stat()
  guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  let size = Int(status.st_size)
  guard size > 0 else { return [] }
  return try? [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let read = try file.read(
        into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]))
      if read == 0 { break }
      count += read
    }
  }
}

/// The first bytes of a file, which may be a pipe or a device without an end.
func readFile(_ path: String, upTo limit: Int) throws -> [UInt8] {
  let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
  return try file.closeAfter {
    var bytes: [UInt8] = []
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
    defer { block.deallocate() }
    while bytes.count < limit {
      let count = try file.read(into: block)
      if count == 0 { break }
      bytes += block[..<count]
    }
    return bytes
  }
}

/// Writes a file so that whoever looks sees all of it or nothing: into the folder `temporary`, then renamed.
func writeAtomically(_ bytes: [UInt8], to path: String, by temporary: String) throws(Failure) {
  let draft = "\(temporary)/\(UInt64.random(in: 0 ... .max))"
  do {
    let file = try FileDescriptor.open(
      draft, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
    try file.closeAfter { _ = try file.writeAll(bytes) }
    if rename(draft, path) == 0 { return }
    // The first entry of a folder makes it.
    guard errno == ENOENT else { throw Errno(rawValue: errno) }
    try makeFolder(FilePath(path).removingLastComponent().string)
    guard rename(draft, path) == 0 else { throw Errno(rawValue: errno) }
  } catch {
    _ = unlink(draft)
    throw Failure(.unavailable, at: Place(path), "cannot write the file", notes: ["\(error)"])
  }
}

/// Creates a folder and those above it.
func makeFolder(_ path: String) throws(Failure) {
  if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
  if errno == ENOENT, let parent = Optional(FilePath(path).removingLastComponent().string), !parent.isEmpty,
    parent != path
  {
    try makeFolder(parent)
    if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
  }
  throw Failure(.unavailable, at: Place(path), "cannot create the folder", notes: [String(cString: strerror(errno))])
}

/// Whether a path is a folder; nil when there is nothing.
func isFolder(_ path: String) -> Bool? {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode & S_IFMT == S_IFDIR : nil
}
