import Diagnostics
import Kbuild

@testable import Verification

/// What modpost says about a scene's objects, as far as it follows from their symbols.
///
/// The tests that use it are about which objects modpost is shown; the corpus of faults runs the kernel's own.
struct SceneModpost {
  let modules: [LinkTarget: [LinkedObject]]
  let symvers: String

  private typealias Export = (export: ObjectSymbols.Export, owner: String)

  var messages: [ModpostMessage] {
    var exports: [String: Export] = [:]
    var found: [ModpostMessage] = []
    func add(_ export: ObjectSymbols.Export, _ owner: String) {
      if let first = exports[export.name] {
        found.append(.init(.error, "\(owner): '\(export.name)' exported twice. Previous export was in \(first.owner)"))
      } else {
        exports[export.name] = (export, owner)
      }
    }
    for line in symvers.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      add(.init(name: fields[1], gplOnly: fields[3] == "EXPORT_SYMBOL_GPL", namespace: fields[4]), fields[2])
    }
    let modules = modules.sorted { $0.key.name < $1.key.name }
    for (target, objects) in modules {
      for export in objects.flatMap(\.symbols.exports) {
        add(export, target.isModule ? target.name.replacing(".ko", with: "") : "vmlinux")
      }
    }
    for (target, objects) in modules where target.isModule { found += messages(target, objects, exports) }
    return found
  }

  private func messages(
    _ target: LinkTarget, _ objects: [LinkedObject], _ exports: [String: Export]
  ) -> [ModpostMessage] {
    let path = String(target.name.dropLast(3))
    let licenses = Set(objects.flatMap(\.symbols.licenses))
    let imports = Set(objects.flatMap(\.symbols.importedNamespaces))
    var found: [String] = licenses.isEmpty ? ["missing MODULE_LICENSE() in \(path).o"] : []
    let given = Set(objects.flatMap(\.symbols.given))
    for symbol in Set(objects.flatMap(\.symbols.needed)).subtracting(given).sorted() {
      guard let (export, owner) = exports[symbol] else {
        found.append("\"\(symbol)\" [\(target.name)] undefined!")
        continue
      }
      if owner == path {
        found.append("\"\(symbol)\" [\(target.name)] was exported without definition")
        continue
      }
      let named = export.namespace.dropFirst(7).split(separator: ",").contains { pattern in
        pattern.hasSuffix("*") ? target.moduleName.hasPrefix(pattern.dropLast()) : target.moduleName == pattern
      }
      if !export.namespace.isEmpty, !imports.contains(export.namespace),
        !(export.namespace.hasPrefix("module:") && named)
      {
        found.append(
          "module \(target.moduleName) uses symbol \(symbol) from namespace \(export.namespace), but does not import it."
        )
      }
      if export.gplOnly, !ObjectSymbols.isGPL(licenses) {
        found.append("GPL-incompatible module \(target.moduleName).ko uses GPL-only symbol '\(symbol)'")
      }
    }
    return found.map { ModpostMessage(.error, $0) }
  }
}
