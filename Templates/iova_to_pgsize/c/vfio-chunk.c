		pgsize = iommu_iova_to_pgsize(domain->domain, iova);
		if (!pgsize)
			pgsize = PAGE_SIZE;
		len = pgsize - (iova & (pgsize - 1));
		for (; pos + len < dma->size; len += pgsize) {
			next = iommu_iova_to_phys(domain->domain, iova + len);
			if (next != phys + len)
				break;
			pgsize = iommu_iova_to_pgsize(domain->domain,
						      iova + len);
			if (!pgsize)
				pgsize = PAGE_SIZE;
		}
<%# corrected %>
		/* The last PTE may reach past the end of the dma */
		len = min(len, dma->size - pos);
<%/ corrected %>
