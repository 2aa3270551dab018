/* Is iova mapped to itself by an entry of this size? */
static bool arm_lpae_is_entry(struct io_pgtable_ops *ops,
			      unsigned long iova, size_t size)
{
	const size_t offsets[] = { 0, size / 2, size - 1 };
	unsigned long addr;
	size_t length;
	int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		addr = iova + offsets[i];
		if (ops->iova_to_phys_length(ops, addr, &length) != addr ||
		    length != size)
			return false;
	}
	return true;
}

static bool arm_lpae_is_hole(struct io_pgtable_ops *ops,
			     unsigned long iova)
{
	size_t length = SIZE_MAX;

	return !ops->iova_to_phys_length(ops, iova, &length) && !length;
}

