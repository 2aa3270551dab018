public import Diagnostics
import Glibc
import PatchSeries

extension Repository {
  /// Writes all files of a tree into a folder, which is created if it does not exist.
  ///
  /// Files are written as stored, without any filter, and without the repository's index or HEAD. Existing files are
  /// replaced; other files in the folder stay. A submodule becomes an empty folder.
  ///
  /// - Parameter sharing: another tree and the folder it was checked out into. Files that are the same in both become
  ///   hard links to that folder's, so neither folder may be written to afterwards.
  /// - Throws: `Failure(.unavailable)` when a file cannot be written; `Failure(.input)` for a damaged tree.
  public func checkout(
    tree: ObjectID, into directory: String, sharing: (tree: ObjectID, directory: String)? = nil
  ) throws(Failure) {
    try Self.makeFolders(directory)
    try checkout(tree, into: directory, sharing)
  }

  private func checkout(
    _ tree: ObjectID, into directory: String, _ sharing: (tree: ObjectID, directory: String)?
  ) throws(Failure) {
    var shared: [String: TreeEntry] = [:]
    if let sharing { for entry in try entries(of: sharing.tree) { shared[entry.name] = entry } }
    for entry in try entries(of: tree) {
      let path = directory + "/" + entry.name
      let other = sharing.map { "\($0.directory)/\(entry.name)" }
      if entry.mode.isFile, shared[entry.name] == entry, let other, link(other, path) == 0 { continue }
      if entry.mode == .directory {
        try Self.makeRealFolder(path)
        let next = shared[entry.name].flatMap { entry in
          entry.mode == .directory ? other.map { (tree: entry.id, directory: $0) } : nil
        }
        try checkout(entry.id, into: path, next)
      } else {
        try write(entry, to: path)
      }
    }
  }

  /// Writes a file, link or submodule's folder, replacing an existing file or link.
  private func write(_ entry: TreeEntry, to path: String) throws(Failure) {
    switch entry.mode {
    case .directory, .submodule: try Self.makeRealFolder(path)
    case .symlink:
      let target = String(decoding: try blob(entry.id), as: UTF8.self)
      unlink(path)
      guard symlink(target, path) == 0 else { throw Self.cannotWrite(path) }
    case .regular, .executable:
      try withBlob(entry.id) { (bytes) throws(Failure) in
        try Self.write(bytes, to: path, permissions: entry.mode == .executable ? 0o777 : 0o666)
      }
    }
  }

  /// Rewrites a checked-out file or link if it differs from the tree's.
  ///
  /// - Parameter path: the path it was checked out to.
  public func mend(_ entry: TreeEntry, at path: String) throws(Failure) {
    var status = stat()
    let isThere = lstat(path, &status) == 0
    switch entry.mode {
    case .directory, .submodule: return
    case .symlink:
      let target = try blob(entry.id)
      var found = [UInt8](repeating: 0, count: target.count + 1)
      if isThere, readlink(path, &found, found.count) == target.count, found.starts(with: target) { return }
    case .regular, .executable:
      let isSame = try withBlob(entry.id) { (bytes) throws(Failure) in
        isThere && status.st_mode & S_IFMT == S_IFREG && status.st_size == bytes.count
          && (status.st_mode & S_IXUSR != 0) == (entry.mode == .executable) && Self.holds(path, bytes)
      }
      if isSame { return }
    }
    if let slash = path.lastIndex(of: "/") { try Self.makeFolders(String(path[..<slash])) }
    try write(entry, to: path)
  }

  private static func holds(_ path: String, _ bytes: UnsafeRawBufferPointer) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { block in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = read(descriptor, block.baseAddress, min(block.count, rest.count))
        if count < 0 && errno == EINTR { continue }
        guard count > 0, let wanted = UnsafeRawBufferPointer(rebasing: rest).baseAddress, let found = block.baseAddress,
          memcmp(found, wanted, count) == 0
        else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }

  private static func makeFolders(_ path: String) throws(Failure) {
    var made = path.hasPrefix("/") ? "" : "."
    for component in path.split(separator: "/") {
      made += "/" + component
      try makeFolder(made)
    }
  }

  private static func makeFolder(_ path: String) throws(Failure) {
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw cannotWrite(path) }
  }

  /// As `makeFolder`, but fails if a link or file has the name: in a damaged tree a link and a folder can have the same
  /// name, and the folder's files would be written to the link's target.
  private static func makeRealFolder(_ path: String) throws(Failure) {
    try makeFolder(path)
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw Failure(.input, "cannot create the folder '\(path)': a link or a file has this name")
    }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to path: String, permissions: mode_t) throws(Failure) {
    // Create a new file instead of truncating the old one, which may be a link.
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
    guard descriptor >= 0 else { throw cannotWrite(path) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw cannotWrite(path) }
      rest = rest.dropFirst(count)
    }
  }

  private static func cannotWrite(_ path: String) -> Failure {
    let reason = String(cString: strerror(errno))
    return Failure(.unavailable, "cannot write '\(path)'", notes: [reason])
  }
}
