/// What an object is linked into.
public enum LinkTarget: Hashable, Codable, Sendable {
  /// The kernel's own image.
  case builtIn
  /// A module, by its path in the build folder without suffix: "drivers/iommu/iommufd/iommufd". It is what Kbuild calls
  /// `KBUILD_MODFILE`. An object of several modules is given the first of them.
  case module(String)
  /// Neither: a vDSO, the boot wrapper, purgatory, the EFI stub, KVM's nvhe code, a program of the host. It resolves no
  /// symbol of the kernel and gives it none.
  case separate
}
