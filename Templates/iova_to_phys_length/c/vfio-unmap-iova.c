		size_t unmapped, len;
		phys_addr_t phys;

		/*
		 * To optimize for fewer iommu_unmap() calls, each of which
		 * may require hardware cache flushing, try to find the
		 * largest contiguous physical memory chunk to unmap.
		 */
		phys = vfio_iova_to_phys_range(domain, iova,
					       domain->fgsp ? PAGE_SIZE :
					       end - iova, &len);
		if (WARN_ON(!len)) {
			iova += PAGE_SIZE;
			continue;
		}
