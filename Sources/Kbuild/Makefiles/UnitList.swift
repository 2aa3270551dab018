/// What Kbuild itself says belongs to a configuration.
///
/// Asked for `foo.o`, Kbuild compiles `foo.c` whether the configuration has it or not. What it would build is in the
/// variables of its own makefiles, once it has descended to the folder. So each folder is asked for a goal that only the
/// makefile here knows, which reaches every sub-make through `MAKEFILES` and prints them. A folder the configuration does
/// not descend into has no rule for the goal.
enum UnitList {
  private static let mark = "seriesmith-units"

  /// The makefile to read before Kbuild's own. Recipes are expanded late, when the variables are final.
  ///
  /// A folder is part of vmlinux or has modules only where Kbuild descends with `need-builtin` and `need-modorder`:
  /// what `subdir-y` names is linked by itself, such as the EFI stub. Folders that architectures build by themselves, for
  /// a boot wrapper or a vDSO, are listed in `subdir-` so that `make clean` finds them; the way there is printed as well.
  /// MIPS and LoongArch hand their wrappers variables made from vmlinux, which a lane does not have.
  static let makefile = """
    ifneq ($(obj),)
    $(obj)/\(mark).o:
    \t@:$(if $(need-builtin),$(info \(mark) $(obj) vmlinux: $(real-obj-y) $(lib-y) $(extra-y)))\
    $(if $(need-modorder),$(foreach m,$(filter %.o,$(obj-m)),$(info \(mark) $(obj) $(m): \
    $(or $(addprefix $(obj)/,$(foreach s,objs y m,$($(patsubst $(obj)/%.o,%,$(m))-$(s)))),$(m)))))\
    $(info \(mark) $(obj) all: $(real-obj-y) $(real-obj-m) $(lib-y) $(extra-y) $(always-y) $(targets))\
    $(info \(mark) $(obj) route: $(seriesmith-route))
    endif
    ifneq ($(filter arch/%,$(filter-out arch/mips arch/loongarch,$(obj))),)
    $(obj)/%/\(mark).o:
    \t$(if $(filter $(firstword $(subst /, ,$*)),$(subdir-)),\
    @$(MAKE) $(build)=$(obj)/$(firstword $(subst /, ,$*)) seriesmith-route="$(seriesmith-route) $(obj)" $@,@:)
    endif

    """

  static func goal(_ folder: String) -> String { "\(folder)/\(mark).o" }

  /// What each folder makes, from what make printed.
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
      case "vmlinux": add(words, .builtIn, to: &units)
      case "all": add(words, .separate, to: &units)
      default:
        add(words, .module(TreePaths.normalized(kind.dropLast(2))), to: &units)
        if !words.contains(kind) { composites.append((folder, String(kind))) }
      }
      result[folder] = units
    }
    // They are linked and not compiled: asked how, Kbuild would say how it compiles every part of a module.
    for composite in composites { result[composite.folder]?.targets[composite.object] = nil }
    return result
  }

  private static func add(_ words: [Substring], _ target: LinkTarget, to units: inout FolderUnits) {
    for word in words where isCompiled(word) {
      let object = String(word)
      switch (units.targets[object], target) {
      // Kbuild compiles what is in vmlinux and in a module for the module.
      case (nil, _), (.builtIn, .module): units.targets[object] = target
      default: break
      }
    }
  }

  /// Whether an object comes from a source of the tree, as far as its name tells: device trees, grammars and modpost's own
  /// sources are generated.
  private static func isCompiled(_ object: Substring) -> Bool {
    object.hasSuffix(".o") && !object.hasSuffix("/\(mark).o")
      && ![".dtb.o", ".dtbo.o", ".asn1.o", ".mod.o", ".lex.o", ".tab.o"].contains(where: object.hasSuffix)
  }

  /// The folder of `unit` and those above it, which may list the unit by a path.
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
