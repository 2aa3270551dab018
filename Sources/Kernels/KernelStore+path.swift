import Diagnostics
import FoundationEssentials
import Processes
import Support

extension KernelStore {
  /// A record of an imported tarball, so that the same tarball is not unpacked again.
  private struct Imported: Codable {
    var size: Int
    var modified: Double
    var name: String
  }

  private var record: String { folder + "/imported.json" }

  /// The kernel in the tarball at `path`.
  func archive(_ path: String) async throws(Failure) -> Kernel {
    let path = URL(filePath: path).standardizedFileURL.path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int,
      let modified = attributes[.modificationDate] as? Date
    else { throw Failure(.input, at: Place(path), "no such file") }
    if let kernel = try await known(path, size: size, modified: modified) { return kernel }
    return try await withWorkFolder { (temporary) async throws(Failure) in
      if let kernel = try await known(path, size: size, modified: modified) { return kernel }
      let tree = temporary + "/tree"
      try await progress.step("Unpacking \(path)") { () async throws(Failure) in
        try await Unpack.tarball(path, into: tree)
      }
      let kernel = try await importTree(tree, origin: path, name: nil, in: temporary)
      var records = records()
      let name = URL(filePath: kernel.repository).deletingPathExtension().lastPathComponent
      records[path] = Imported(size: size, modified: modified.timeIntervalSince1970, name: name)
      if let data = try? JSONEncoder().encode(records) {
        try Files.writeSealed(data, to: record)
      }
      return kernel
    }
  }

  /// The kernel in the folder at `path`, with every file in it, ignored ones included.
  func tree(_ path: String) async throws(Failure) -> Kernel {
    let path = URL(filePath: path).standardizedFileURL.path
    var isFolder = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else {
      throw Failure(.input, at: Place(path), "no such folder")
    }
    return try await withWorkFolder { (temporary) async throws(Failure) in
      try await importTree(path, origin: path, name: nil, in: temporary)
    }
  }

  private func records() -> [String: Imported] {
    guard let bytes = Files.readSealed(record) else { return [:] }
    return (try? JSONDecoder().decode([String: Imported].self, from: Data(bytes))) ?? [:]
  }

  private func known(_ path: String, size: Int, modified: Date) async throws(Failure) -> Kernel? {
    guard let imported = records()[path], imported.size == size, imported.modified == modified.timeIntervalSince1970
    else { return nil }
    return try await existing(imported.name)
  }
}
