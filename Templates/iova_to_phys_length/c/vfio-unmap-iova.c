		size_t unmapped, len;
		phys_addr_t phys;

		/*
		 * To optimize for fewer iommu_unmap() calls, each of which
		 * may require hardware cache flushing, try to find the
		 * largest contiguous physical memory chunk to unmap.
		 */
		len = vfio_iova_to_phys_range(domain, iova, domain->fgsp ?
					      PAGE_SIZE : end - iova, &phys);
		if (WARN_ON(!phys)) {
			iova += PAGE_SIZE;
			continue;
		}
