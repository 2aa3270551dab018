public import Diagnostics
import Glibc
import PatchSeries

extension Repository {
  /// Writes all files of a tree into a folder, which is made if it does not exist.
  ///
  /// Neither the repository's index nor its HEAD nor any filter is involved: what is written is what is stored.
  /// Files that exist are replaced; others in the folder are left. A submodule becomes an empty folder.
  ///
  /// - Parameter sharing: another tree and the folder it was checked out into. Files that are the same in both become
  ///   hard links to those there, so neither folder may be written to afterwards.
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

  /// Writes what is no directory in the place of what is there.
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

  /// Writes a file of a tree once more, if it is not what the tree has.
  ///
  /// - Parameter path: where it was checked out.
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

  /// As `makeFolder`, but nothing else may have the name: a damaged tree can name a link and a folder alike, and what is
  /// in the folder would be written to wherever the link leads.
  private static func makeRealFolder(_ path: String) throws(Failure) {
    try makeFolder(path)
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw Failure(.input, "cannot make the folder '\(path)', which is a link or a file")
    }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to path: String, permissions: mode_t) throws(Failure) {
    // A new file rather than the old one with new contents: the old one may be a link to elsewhere.
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
