/*
 * Return the pfn that backs iova, which is page_offset bytes into its page. Set
 * npfns to the number of consecutive pfns that the IOPTE maps from there on, at
 * most max_npfns and at least 1: an IOPTE can be smaller than a page.
 */
static unsigned long batch_iova_to_pfn(struct iommu_domain *domain,
				       unsigned long iova,
				       unsigned int page_offset,
				       unsigned long max_npfns,
				       unsigned long *npfns)
{
	phys_addr_t phys;
	size_t length;

	phys = iommu_iova_to_phys_length(domain, iova, &length);
	WARN_ON(!length);

	*npfns = 1;
	if (length > PAGE_SIZE) {
		/* From the start of the page to the end of the IOPTE */
		length = length - (iova & (length - 1)) + page_offset;
		*npfns = clamp(length >> PAGE_SHIFT, 1, max_npfns);
	}
	return PHYS_PFN(phys - page_offset);
}

