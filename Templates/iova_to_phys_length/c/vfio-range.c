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
	phys_addr_t phys;
	size_t left;

	if (!next->mapped || next->iova != iova) {
		next->iova = iova;
		next->phys = iommu_iova_to_phys_length(domain->domain, iova,
						       &next->mapped);
	}

	phys = next->phys;
	*len = 0;
	while (next->mapped && next->phys == phys + *len) {
		/* The range can start in the middle of an IOPTE */
		left = next->mapped - (next->iova & (next->mapped - 1));
		/* Do not rely on the last IOPTE to end within the vfio_dma */
		*len += min(max(left, PAGE_SIZE), size - *len);
		if (*len == size)
			break;

		next->iova = iova + *len;
		next->phys = iommu_iova_to_phys_length(domain->domain,
						       next->iova,
						       &next->mapped);
	}

	return phys;
}
