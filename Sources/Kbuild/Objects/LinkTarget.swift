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
