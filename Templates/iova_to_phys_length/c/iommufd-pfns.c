/*
 * Return how many pfns an IOPTE of length bytes maps from iova on, which is
 * page_offset bytes into its page. That is at most max_npfns, and at least 1, as
 * the IOPTE can end within the page.
 */
static unsigned long iopte_npfns(size_t length, unsigned long iova,
				 unsigned int page_offset,
				 unsigned long max_npfns)
{
	/* From the start of the page to the end of the IOPTE */
	length = length - (iova & (length - 1)) + page_offset;
	return clamp(length >> PAGE_SHIFT, 1, max_npfns);
}

