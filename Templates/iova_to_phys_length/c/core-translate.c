/**
 * iommu_iova_to_phys_length - Translate an IOVA and get the size of its entry
 * @domain: Domain to query
 * @iova: IO virtual address to translate, of any alignment
 * @mapped_length: Set to the size in bytes of the page table entry that maps
 *                 @iova, or to 0 if nothing does. May be NULL.
 *
 * The length is a power of two, and the naturally aligned block of that size
 * around @iova is mapped to physically contiguous memory. It is the size of the
 * block and not what is left of it: a caller that goes through a range of IOVAs
 * continues at ALIGN_DOWN(@iova, *@mapped_length) + *@mapped_length.
 * Several entries that the hardware treats as one, such as contiguous PTEs,
 * count as one.
 *
 * The length may be a lower bound, where the driver cannot tell more or size_t
 * cannot hold more, and the physical address of the block need not be aligned
 * to it.
 *
 * Return: The physical address that @iova translates to, 0 if there is no
 * translation. A translation to address 0 has a length, no translation has none.
 */
phys_addr_t iommu_iova_to_phys_length(struct iommu_domain *domain,
				      dma_addr_t iova, size_t *mapped_length)
{
	size_t unused;
	phys_addr_t phys;

	if (!mapped_length)
		mapped_length = &unused;
	*mapped_length = 0;

	if (domain->type == IOMMU_DOMAIN_IDENTITY) {
		*mapped_length = PAGE_SIZE;
		return iova;
	}

	if (domain->type == IOMMU_DOMAIN_BLOCKED)
		return 0;

	if (domain->ops->iova_to_phys_length)
		return domain->ops->iova_to_phys_length(domain, iova,
							mapped_length);

	phys = domain->ops->iova_to_phys(domain, iova);
	/* Entries may be larger than this, but not smaller */
	if (phys)
		*mapped_length = domain->pgsize_bitmap ?
				 1UL << __ffs(domain->pgsize_bitmap) :
				 PAGE_SIZE;
	return phys;
}
EXPORT_SYMBOL_GPL(iommu_iova_to_phys_length);

