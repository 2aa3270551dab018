<%# corrected %>

static inline size_t iommu_iova_to_pgsize(struct iommu_domain *domain,
					  dma_addr_t iova)
{
	return 0;
}
<%/ corrected %>
