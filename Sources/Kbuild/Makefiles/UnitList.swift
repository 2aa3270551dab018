/// Kbuild's own list of the units in a configuration.
///
/// Asked for `foo.o`, Kbuild compiles `foo.c` whether the configuration builds it or not. Only the variables of its
/// makefiles, once it has descended into the folder, tell what it would build. So make gets a goal in each folder that
/// only the makefile here defines; `MAKEFILES` brings that makefile into every sub-make, and its rule prints the
/// variables. A folder that the configuration does not descend into has no rule for the goal.
enum UnitList {
  private static let mark = "seriesmith-units"

  /// The makefile to read before Kbuild's own. Recipes expand late, when the variables are final.
  ///
  /// A folder is part of vmlinux or has modules only if Kbuild descends into it with `need-builtin` or `need-modorder`.
  /// Folders in `subdir-y`, such as the EFI stub, are linked separately. Folders that an architecture builds by itself, for
  /// a boot wrapper or a vDSO, are listed in `subdir-` for `make clean`; the route to them is printed as well. MIPS and
  /// LoongArch pass their wrappers variables computed from vmlinux, which a lane does not have.
  static let makefile = """
    ifneq ($(obj),)
    $(obj)/\(mark).o:
    \t@:$(if $(need-builtin),$(info \(mark) $(obj) vmlinux: $(real-obj-y) $(lib-y) $(extra-y)))\
    $(if $(need-modorder),$(foreach m,$(filter %.o,$(obj-m)),$(info \(mark) $(obj) $(m): \
    $(or $(addprefix $(obj)/,$(foreach s,objs y m,$($(patsubst $(obj)/%.o,%,$(m))-$(s)))),$(m)))))\
    $(info \(mark) $(obj) all: $(real-obj-y) $(real-obj-m) $(lib-y) $(extra-y) $(always-y) $(targets))\
    $(info \(mark) $(obj) route: $(seriesmith-route))\
    $(info \(mark) $(obj) makefiles: $(MAKEFILE_LIST))
    endif
    ifneq ($(filter arch/%,$(filter-out arch/mips arch/loongarch,$(obj))),)
    $(obj)/%/\(mark).o:
    \t$(if $(filter $(firstword $(subst /, ,$*)),$(subdir-)),\
    @$(MAKE) $(build)=$(obj)/$(firstword $(subst /, ,$*)) seriesmith-route="$(seriesmith-route) $(obj)" $@,@:)
    endif

    """

  static func goal(_ folder: String) -> String { "\(folder)/\(mark).o" }

  /// The units of each folder, from make's output.
  static func parse(_ output: String) -> [String: FolderUnits] {
    var result: [String: FolderUnits] = [:]
    var composites: [(folder: String, object: String)] = []
    for line in output.split(separator: "\n") where line.hasPrefix(mark + " ") {
      let parts = line.dropFirst(mark.count + 1).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let head = parts[0].split(separator: " ")
      guard parts.count == 2, head.count == 2 else { continue }
      let (folder, kind) = (String(head[0]), head[1])
      let words = parts[1].split(separator: " ")
      var units = result[folder] ?? FolderUnits()
      switch kind {
      case "route": units.route = words.map(String.init)
      case "makefiles": units.makefiles = words.map(String.init)
      case "vmlinux": add(words, .builtIn, to: &units)
      case "all": add(words, .separate, to: &units)
      default:
        add(words, .module(TreePaths.normalized(kind.dropLast(2))), to: &units)
        if !words.contains(kind) { composites.append((folder, String(kind))) }
      }
      result[folder] = units
    }
    // Composite objects are linked, not compiled: asked for one, Kbuild would print the commands of all its parts.
    for composite in composites { result[composite.folder]?.targets[composite.object] = nil }
    return result
  }

  private static func add(_ words: [Substring], _ target: LinkTarget, to units: inout FolderUnits) {
    for word in words where isCompiled(word) {
      let object = String(word)
      switch (units.targets[object], target) {
      // Kbuild compiles an object that is in both vmlinux and a module for the module.
      case (nil, _), (.builtIn, .module): units.targets[object] = target
      default: break
      }
    }
  }

  /// Whether an object's name suggests a source in the tree: the sources for device trees, grammars and modpost are
  /// generated.
  private static func isCompiled(_ object: Substring) -> Bool {
    object.hasSuffix(".o") && !object.hasSuffix("/\(mark).o")
      && ![".dtb.o", ".dtbo.o", ".asn1.o", ".mod.o", ".lex.o", ".tab.o"].contains(where: object.hasSuffix)
  }

  /// The folder of `unit` and the folders above it, which may list the unit by a path.
  static func folders(above unit: String) -> [String] {
    var folders: [String] = []
    var rest = unit[...]
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      folders.append(String(rest))
    }
    return folders
  }
}

/// The objects that a folder's makefile builds in a lane.
struct FolderUnits: Sendable, Hashable, Codable {
  /// What each object, as Kbuild names it, is linked into.
  var targets: [String: LinkTarget] = [:]
  /// The folders whose makefiles lead to this one where Kbuild does not descend into it by itself, such as
  /// `arch/x86/boot/compressed`. Kbuild does descend into the first of them.
  var route: [String] = []
  /// The makefiles that make reads for the folder, as make names them; empty where Kbuild does not descend into it.
  var makefiles: [String] = []
}

/// The image or module that an object is linked into.
public enum LinkTarget: Hashable, Codable, Sendable {
  /// The kernel's own image.
  case builtIn
  /// A module, by its path in the build folder without suffix (`KBUILD_MODFILE`): "drivers/iommu/iommufd/iommufd". An
  /// object of several modules has the first of them.
  case module(String)
  /// Neither: a vDSO, the boot wrapper, purgatory, the EFI stub, KVM's nvhe code, a host program. The object neither
  /// defines symbols for the kernel nor uses the kernel's.
  case separate
}
