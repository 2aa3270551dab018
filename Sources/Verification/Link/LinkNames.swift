import Kbuild

extension LinkTarget {
  var isModule: Bool { if case .module = self { true } else { false } }

  /// As modpost names it: "drivers/vfio/vfio_iommu_type1.ko".
  var name: String {
    switch self {
    case .builtIn: "vmlinux"
    case .module(let path): "\(path).ko"
    case .separate: "an image of its own"
    }
  }

  /// The name by which modpost knows a module in messages and in `module:` namespaces.
  var moduleName: String {
    guard case .module(let path) = self else { return name }
    return path.split(separator: "/").last.map(String.init) ?? path
  }
}

extension ObjectSymbols {
  /// The symbols the link has to find for this object: those that modpost does not ignore.
  var needed: Set<String> { Set(undefined.lazy.filter { !self.isMadeByLinker($0) }.map(plain)) }

  /// The symbols it gives others, without the names that compilers add to functions whose address is taken.
  var given: Set<String> {
    Set(
      defined.union(weakDefined).lazy.filter { name in
        !["__cfi_", "__kcfi_typeid_", "__pfx_"].contains(where: name.hasPrefix)
          && name != "init_module" && name != "cleanup_module"
      }.map(plain))
  }

  /// The name without the dot of powerpc's function descriptors: `.foo` is `foo`.
  private func plain(_ name: String) -> String {
    machine == 21 && name.hasPrefix(".") ? String(name.dropFirst()) : name
  }

  /// Whether modpost's `ignore_undef_symbol` ignores a symbol.
  private func isMadeByLinker(_ name: String) -> Bool {
    if name == "__this_module" || name == "_GLOBAL_OFFSET_TABLE_" { return true }
    let prefixes: [String] =
      switch machine {
      case 20: ["_restgpr_", "_savegpr_", "_rest32gpr_", "_save32gpr_", "_restvr_", "_savevr_"]
      case 21:
        [
          "_restgpr0_", "_savegpr0_", "_restgpr1_", "_savegpr1_", "_restfpr_", "_savefpr_", "_restvr_", "_savevr_",
          ".TOC.",
        ]
      default: []
      }
    return (prefixes + ["__start_", "__stop_"]).contains(where: name.hasPrefix)
  }

  /// The folder under `arch/` of the machine's sources; nil for an unknown machine.
  var architecture: String? {
    switch machine {
    case 3, 62: "x86"
    case 8: "mips"
    case 20, 21: "powerpc"
    case 22: "s390"
    case 40: "arm"
    case 183: "arm64"
    case 243: "riscv"
    case 258: "loongarch"
    default: nil
    }
  }

  /// `license_is_gpl_compatible` of include/linux/license.h, for all licences of a module.
  static func isGPL(_ licenses: some Sequence<String>) -> Bool {
    licenses.allSatisfy {
      [
        "GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL",
      ].contains($0)
    }
  }
}

/// Symbols that a compiler or a macro names, where no header or source need do so.
enum CompilerSymbols {
  /// Calls that a compiler adds for a configuration option; a kernel with that option defines them.
  static func isInstrumentation(_ name: String) -> Bool {
    [
      "__asan_", "__hwasan_", "__msan_", "__tsan_", "__kcsan_", "__ubsan_", "__sanitizer_", "__gcov_", "llvm_gcda_",
      "llvm_gcov_", "__cyg_profile_", "__stack_chk_", "__x86_", "__s390_indirect_jump_", "__fentry__", "_mcount",
      "mcount", "__gnu_mcount_nc", "__cfi_", "__kcfi_",
    ].contains(where: name.hasPrefix)
  }

  /// Helpers for 64-bit division on 32-bit machines, which the kernel leaves out on purpose.
  static func isDivision(_ name: String) -> Bool {
    [
      "__udivdi3", "__umoddi3", "__udivmoddi4", "__divdi3", "__moddi3", "__divmoddi4", "__aeabi_uldivmod",
      "__aeabi_ldivmod",
    ].contains(name)
  }

  /// Whether a compiler calls a symbol for arithmetic that the machine has no instruction for. The kernel defines it by
  /// this very name, or not at all.
  static func isArithmetic(_ name: String) -> Bool {
    isDivision(name) || name.hasPrefix("__aeabi_")
      || name.wholeMatch(of: #/__(?:ash[lr]|lshr|mul|neg|u?cmp|c[lt]z|ffs|popcount|parity|bswap)[sdt]i[23]/#) != nil
  }

  /// The argument of the `EXPORT_TRACEPOINT_SYMBOL` or `EXPORT_STATIC_CALL` that exports a symbol; nil for others.
  static func exportedAs(_ symbol: String) -> String? {
    let prefixes = [
      "__SCK__tp_func_", "__SCT__tp_func_", "__SCK__", "__SCT__", "__tracepoint_", "__traceiter_", "__probestub_",
    ]
    return prefixes.first(where: symbol.hasPrefix).map { String(symbol.dropFirst($0.count)) }
  }
}
