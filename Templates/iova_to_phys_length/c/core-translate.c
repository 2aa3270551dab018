/**
 * iommu_iova_to_phys_length - Translate an IOVA and tell how much is mapped
 * @domain: Domain to query
 * @iova: IO virtual address to translate, of any alignment
 * @mapped_length: Set to the size in bytes of the range that the leaf entry for
 *                 @iova maps, or to 0 if @iova is not mapped. May be NULL.
 *
 * The length is a power of two. The naturally aligned block of that size around
 * @iova is mapped to physically contiguous memory, whose address need not have
 * the same alignment. The length is the size of the whole block, not of what
 * follows @iova: a caller that goes through a range of IOVAs continues at
 * ALIGN_DOWN(@iova, *@mapped_length) + *@mapped_length.
 *
 * Where several entries form one leaf, as contiguous PTEs do, the length covers
 * all of them. It is a lower bound if the driver does not know the size of the
 * leaf, and PAGE_SIZE in an identity domain.
 *
 * Test the length, not the address, to find out whether @iova is mapped: memory
 * at physical address 0 can be mapped, too. Both are valid for as long as the
 * caller keeps the range from being unmapped.
 *
 * Return: The physical address that @iova translates to, or 0 if @iova is not
 * mapped.
 */
phys_addr_t iommu_iova_to_phys_length(struct iommu_domain *domain,
				      dma_addr_t iova, size_t *mapped_length)
{
	phys_addr_t phys;

	if (domain->type == IOMMU_DOMAIN_IDENTITY) {
		if (mapped_length)
			*mapped_length = PAGE_SIZE;
		return iova;
	}

	if (mapped_length)
		*mapped_length = 0;

	if (domain->type == IOMMU_DOMAIN_BLOCKED)
		return 0;

	if (domain->ops->iova_to_phys_length)
		return domain->ops->iova_to_phys_length(domain, iova,
							mapped_length);

	phys = domain->ops->iova_to_phys(domain, iova);
	/* A leaf may be larger than this, but not smaller */
	if (phys && mapped_length) {
		*mapped_length = domain->pgsize_bitmap ?
				 1UL << __ffs(domain->pgsize_bitmap) :
				 PAGE_SIZE;
	}
	return phys;
}
EXPORT_SYMBOL_GPL(iommu_iova_to_phys_length);

