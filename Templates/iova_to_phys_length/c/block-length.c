/*
 * A mapping can have any size and start at any granule. Return the size of the
 * largest power-of-two block around @iova that is naturally aligned and lies
 * within the mapping.
 */
static size_t <% prefix %>_block_length(u64 iova, u64 first, u64 last,
				  size_t granule)
{
	size_t length = granule;

	while (length <= SIZE_MAX / 2) {
		u64 mask = 2 * (u64)length - 1;

		if ((iova & ~mask) < first || (iova | mask) > last)
			break;
		length *= 2;
	}

	return length;
}

