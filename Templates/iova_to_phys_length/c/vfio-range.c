/*
 * A look-up in the page table: @mapped is the size of the IOPTE that maps @iova
 * to @phys, or 0 if there is none.
 */
struct vfio_iova_lookup {
	dma_addr_t iova;
	phys_addr_t phys;
	size_t mapped;
};

/*
 * Return the physical address that @iova is mapped to, and set @len to the size
 * of the physically contiguous range that starts there, @size at most. If @iova
 * is not mapped, set @len to 0.
 *
 * The end of the range is found by looking up the IOVA behind it. @next keeps
 * that look-up for the call that continues there, so going through a vfio_dma
 * takes one page table walk for each IOPTE. As pages are what is pinned, an
 * IOPTE that is smaller than a page counts as a page.
 */
static phys_addr_t vfio_iova_to_phys_range(struct vfio_domain *domain,
					   dma_addr_t iova, size_t size,
					   size_t *len,
					   struct vfio_iova_lookup *next)
{
	phys_addr_t phys, found;
	size_t mapped, n = 0;

	if (next->mapped && next->iova == iova) {
		mapped = next->mapped;
		found = next->phys;
	} else {
		found = iommu_iova_to_phys_length(domain->domain, iova,
						  &mapped);
	}

	next->mapped = 0;
	phys = found;
	*len = 0;
	if (!mapped)
		return 0;

	do {
		/* The range can start in the middle of an IOPTE */
		if (mapped > PAGE_SIZE)
			n += max(mapped - ((iova + n) & (mapped - 1)),
				 PAGE_SIZE);
		else
			n += PAGE_SIZE;

		/* Do not rely on the last IOPTE to end within the vfio_dma */
		if (n >= size) {
			*len = size;
			return phys;
		}

		found = iommu_iova_to_phys_length(domain->domain, iova + n,
						  &mapped);
	} while (found == phys + n);

	next->iova = iova + n;
	next->phys = found;
	next->mapped = mapped;
	*len = n;
	return phys;
}
