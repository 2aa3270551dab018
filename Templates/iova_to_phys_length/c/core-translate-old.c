phys_addr_t iommu_iova_to_phys(struct iommu_domain *domain, dma_addr_t iova)
{
	return iommu_iova_to_phys_length(domain, iova, NULL);
}
