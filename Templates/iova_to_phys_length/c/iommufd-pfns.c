/*
 * Read back the pfn that iova, page_offset bytes into its page, is mapped to.
 * Return how many consecutive pfns from there on the same IOPTE maps: at least
 * one, even if the IOPTE is smaller than a page, and at most max_npfns.
 */
static unsigned long pfns_from_domain(struct iommu_domain *domain,
				      unsigned long iova,
				      unsigned int page_offset,
				      unsigned long max_npfns,
				      unsigned long *pfn)
{
	size_t length, left;
	phys_addr_t phys;

	phys = iommu_iova_to_phys_length(domain, iova, &length);
	*pfn = PHYS_PFN(phys - page_offset);

	/* What the IOPTE has left, counted from the start of the page */
	left = page_offset;
	if (length)
		left += length - (iova & (length - 1));

	return clamp(left >> PAGE_SHIFT, 1, max_npfns);
}

