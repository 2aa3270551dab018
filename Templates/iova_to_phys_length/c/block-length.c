/*
 * An interval of mapped IOVAs need be neither a power of two in size nor
 * aligned to its size. Return the size of the largest block around @iova that
 * is both and lies within the interval.
 */
static size_t
<% prefix %>_block_length(struct iommu_domain *domain, u64 iova, u64 first, u64 last)
{
	size_t length = 1UL << __ffs(domain->pgsize_bitmap);

	while (length <= SIZE_MAX / 2) {
		u64 mask = 2 * (u64)length - 1;

		if ((iova & ~mask) < first || (iova | mask) > last)
			break;
		length *= 2;
	}

	return length;
}

