enum { MAX_NPFNS = type_max(typeof(((struct pfn_batch *)0)->npfns[0])) };

/* true if all of the pfns were added, false if none was */
static bool batch_add_pfn_num(struct pfn_batch *batch, unsigned long pfn,
			      u32 nr)
{
	unsigned int end = batch->end;

	if (end && pfn == batch->pfns[end - 1] + batch->npfns[end - 1] &&
	    nr <= MAX_NPFNS - batch->npfns[end - 1]) {
		batch->npfns[end - 1] += nr;
	} else if (end < batch->array_size) {
		batch->pfns[end] = pfn;
		batch->npfns[end] = nr;
		batch->end++;
	} else {
		return false;
	}

	batch->total_pfns += nr;
	return true;
}

/* true if the pfn was added, false otherwise */
static bool batch_add_pfn(struct pfn_batch *batch, unsigned long pfn)
{
	return batch_add_pfn_num(batch, pfn, 1);
}
