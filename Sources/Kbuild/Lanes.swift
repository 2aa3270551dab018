extension Lane {
  /// The lanes that together compile every file of the series Seriesmith carries.
  public static let standard: [Lane] = [
    clang(
      "x86_64", why: "Intel and AMD IOMMUs, VFIO, iommufd with its selftest, and the generic page tables"),
    clang(
      "arm64", ["CONFIG_ARM_SMMU=y", "CONFIG_ARM_SMMU_QCOM_DEBUG=y"],
      why: "SMMUv3 and the io-pgtable formats; arm-smmu-qcom-debug.c needs ARM_SMMU_QCOM=y, which follows ARM_SMMU"),
    clang("arm", why: "MSM and Tegra SMMU, and a size_t of 32 bits"),
    clang("powerpc", why: "a big-endian size_t of 64 bits and SPAPR's IOMMU"),
    clang("s390", why: "s390-iommu.c, which no other architecture compiles"),
    clang(
      "ppc-corenet32", arch: "powerpc", target: "corenet32_smp_defconfig",
      why: "fsl_pamu_domain.c, which needs an e500 core that powerpc's allmodconfig does not choose"),
  ]

  /// Instrumentation and debug information change no declaration and double the time a unit takes. Warnings stay
  /// warnings, so that one is reported for what it is.
  private static let plain = [
    "CONFIG_KASAN=n", "CONFIG_KCSAN=n", "CONFIG_KMSAN=n", "CONFIG_KCOV=n", "CONFIG_UBSAN=n", "CONFIG_GCOV_KERNEL=n",
    "CONFIG_DEBUG_INFO_NONE=y", "CONFIG_WERROR=n",
  ]

  private static func clang(
    _ name: String, arch: String? = nil, target: String = "allmodconfig", _ fragment: [String] = [], why: String
  ) -> Lane {
    Lane(
      name: name, arch: arch ?? name, target: target, fragment: plain + fragment, toolchain: ["LLVM=-19"], why: why)
  }
}
