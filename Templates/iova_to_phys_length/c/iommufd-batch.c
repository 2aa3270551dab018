	while (start_index <= last_index) {
		phys = iommu_iova_to_phys_length(domain, iova, &length) -
		       page_offset;
		npfns = 1;
		if (length > PAGE_SIZE)
			npfns = iopte_npfns(length, iova, page_offset,
					    min(last_index - start_index + 1,
						MAX_NPFNS));
		if (!batch_add_pfn_num(batch, PHYS_PFN(phys), npfns,
				       BATCH_CPU_MEMORY))
			return;
		iova += npfns * PAGE_SIZE - page_offset;
		page_offset = 0;
		start_index += npfns;
	}
