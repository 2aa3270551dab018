		phys = iommu_iova_to_phys_length(domain, iova, &length) -
		       page_offset;
		npfns = 1;
		if (length > PAGE_SIZE)
			npfns = iopte_npfns(length, iova, page_offset,
					    last_index - start_index + 1);
		iova += npfns * PAGE_SIZE - page_offset;
		page_offset = 0;
		start_index += npfns;
		for (pfn = PHYS_PFN(phys); npfns; npfns--, pfn++)
			*(out_pages++) = pfn_to_page(pfn);
