/*
 * Return the physical address that @iova is mapped to, and set @len to the size
 * of the physically contiguous range that starts there, @size at most. If @iova
 * is not mapped, set @len to 0.
 */
static phys_addr_t vfio_iova_to_phys_range(struct vfio_domain *domain,
					   dma_addr_t iova, size_t size,
					   size_t *len)
{
	phys_addr_t phys, next;

	*len = 0;
	phys = iommu_iova_to_phys(domain->domain, iova);
	if (!phys)
		return 0;

	for (*len = PAGE_SIZE; *len < size; *len += PAGE_SIZE) {
		next = iommu_iova_to_phys(domain->domain, iova + *len);
		if (next != phys + *len)
			break;
	}

	return phys;
}

