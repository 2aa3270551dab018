	/*
	 * Return the physically contiguous length, capped by the caller
	 * supplied range length and the end of the area. This takes one page
	 * table walk for each IOPTE.
	 */
	max_length = min_t(u64, max_length,
			   iopt_area_last_iova(area) - iova + 1);
	tmp_paddr = iommu_iova_to_phys_length(area->storage_domain, iova,
					      &mapped);
	*paddr = tmp_paddr;
	if (WARN_ON(!mapped)) {
		rc = -EINVAL;
		goto unlock_pages;
	}

	do {
		/* The range can start in the middle of an IOPTE */
		left = mapped - ((iova + tmp_length) & (mapped - 1));
		tmp_length += max(left, PAGE_SIZE -
					offset_in_page(iova + tmp_length));
		if (tmp_length >= max_length) {
			tmp_length = max_length;
			break;
		}

		tmp_paddr = iommu_iova_to_phys_length(area->storage_domain,
						      iova + tmp_length,
						      &mapped);
	} while (mapped && tmp_paddr == *paddr + tmp_length);
