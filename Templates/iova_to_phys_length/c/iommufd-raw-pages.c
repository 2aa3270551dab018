		pfn = batch_iova_to_pfn(domain, iova, page_offset,
					last_index - start_index + 1, &npfns);
		iova += npfns * PAGE_SIZE - page_offset;
		page_offset = 0;
		start_index += npfns;
		while (npfns--)
			*(out_pages++) = pfn_to_page(pfn++);
