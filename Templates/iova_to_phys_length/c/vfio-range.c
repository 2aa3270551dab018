/*
 * Look up where @iova is mapped to, and how far the mapping goes on from there
 * in physically contiguous memory, up to @size bytes. This takes one page table
 * walk for each IOPTE. Where an IOPTE is smaller than a page, go on by a page
 * nevertheless: pages are what is pinned.
 *
 * Returns 0, with @phys set to 0, if @iova isn't mapped.
 */
static size_t vfio_iova_to_phys_range(struct vfio_domain *domain,
				      dma_addr_t iova, size_t size,
				      phys_addr_t *phys)
{
	size_t len = 0, mapped, left;
	phys_addr_t next;

	next = iommu_iova_to_phys_length(domain->domain, iova, &mapped);
	*phys = next;
	if (!next)
		return 0;

	do {
		/* iova + len need not be at the start of its IOPTE */
		left = mapped ? mapped - ((iova + len) & (mapped - 1)) : 0;
		len += min(max(left, PAGE_SIZE), size - len);
		if (len == size)
			break;

		next = iommu_iova_to_phys_length(domain->domain, iova + len,
						 &mapped);
	} while (next == *phys + len);

	return len;
}

