	while (start_index <= last_index) {
		pfn = batch_iova_to_pfn(domain, iova, page_offset,
					min(last_index - start_index + 1,
					    MAX_NPFNS),
					&npfns);
		if (!batch_add_pfn_num(batch, pfn, npfns, BATCH_CPU_MEMORY))
			return;
		iova += npfns * PAGE_SIZE - page_offset;
		page_offset = 0;
		start_index += npfns;
	}
