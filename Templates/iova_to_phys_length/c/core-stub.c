
static inline phys_addr_t iommu_iova_to_phys_length(struct iommu_domain *domain,
						    dma_addr_t iova,
						    size_t *mapped_length)
{
	if (mapped_length)
		*mapped_length = 0;
	return 0;
}
