		phys_addr_t phys;
		dma_addr_t iova = dma->iova + pos;

		/*
		 * To optimize for fewer iommu_unmap() calls, each of which
		 * may require hardware cache flushing, try to find the
		 * largest contiguous physical memory chunk to unmap.
		 */
		phys = vfio_iova_to_phys_range(domain, iova, dma->size - pos,
					       &len);
		if (WARN_ON(!len)) {
			pos += PAGE_SIZE;
			continue;
		}
