// SPDX-License-Identifier: GPL-2.0-only
/*
 * What iommufd reads back from random page tables. Built once with the functions
 * of the base and once with those of the series.
 */
#include "model.h"

enum batch_kind { BATCH_CPU_MEMORY = 0, BATCH_MMIO };
#define iommufd_should_fail() 0

/* The index of a page of memory counts from its first page. */
struct iopt_area { unsigned long iova, last_iova, index; unsigned int page_offset; };

static unsigned long iopt_area_index(struct iopt_area *area)
{
	return area->index;
}

static unsigned long iopt_area_index_to_iova(struct iopt_area *area, unsigned long index)
{
	index -= area->index;
	return index ? area->iova - area->page_offset + index * PAGE_SIZE : area->iova;
}

struct page { int unused; };
static struct page *pfn_to_page(unsigned long pfn)
{
	return (struct page *)(pfn << 8);
}

static void *temp_kmalloc(size_t *size, void *backup, size_t backup_len)
{
	return malloc(*size);
}
#define kfree free

#include "lifted.c"

static unsigned long table;
static struct iommu_domain walked;
static struct page *pages[MOST_PAGES];

static unsigned long pfn_at(struct iopt_area *area, unsigned long index)
{
	u64 iova = iopt_area_index_to_iova(area, index);
	struct leaf *leaf = leaf_at(&walked, iova);

	return PHYS_PFN(leaf->phys + (iova - leaf->iova) -
			(index == area->index ? area->page_offset : 0));
}

/* Reads all of the area in batches of @room entries; returns how many that took. */
static unsigned long read_batches(struct iopt_area *area, unsigned long last, size_t room)
{
	unsigned long index = area->index, batches = 0;

	while (index <= last) {
		struct pfn_batch batch = {};

		batch_init(&batch, room);
		batch_from_domain(&batch, &walked, area, index, last);
		batches++;
		if (!batch.total_pfns)
			FAIL("a batch is empty");
		for (unsigned int i = 0; i < batch.end; i++)
			for (u32 n = 0; n < batch.npfns[i]; n++, index++)
				if (index > last || batch.pfns[i] + n != pfn_at(area, index))
					FAIL("index %lu is pfn %lx", index, batch.pfns[i] + n);
		batch_destroy(&batch, NULL);
	}
	return batches;
}

/* With room for all of them in a batch, as iommufd has for 5461. */
static void read_entries(const struct entries *entries)
{
	struct iopt_area area = { .iova = START, .index = 100 };
	size_t size = make_entries(&walked, entries);

	read_batches(&area, area.index + (size >> PAGE_SHIFT) - 1, 5461);
	print_entries(entries, walked.walks);
}

int main(int argc, char **argv)
{
	unsigned long tables = strtoul(argv[1], NULL, 10);
	unsigned long walks = 0, least = 0;

	if (PAGE_SHIFT == 12)
		for (size_t i = 0; i < ARRAY_SIZE(all_entries); i++)
			read_entries(&all_entries[i]);
	for (table = 0; table < tables; table++) {
		struct iopt_area area = { .iova = START, .index = 100 };
		unsigned long count, first, last, leaves, batches, i;
		size_t granule;

		state = table;
		granule = one_in(2) ? 2048 : 4096;
		count = make_table(&walked, granule, false, one_in(4), false) >> PAGE_SHIFT;
		last = area.index + count - 1;
		/* The memory starts within its first page, or IOVAs are not where pages are. */
		if (granule < PAGE_SIZE && one_in(3)) {
			area.page_offset = granule;
			area.iova += granule;
		}
		leaves = looked_up(&walked, iopt_area_index_to_iova(&area, area.index),
				   area.iova - area.page_offset + count * PAGE_SIZE);
		walked.walks = 0;
		batches = read_batches(&area, last, one_in(2) ? 4 : 1024);
		walks += walked.walks;
		least += leaves;
		if (argc == 2 && walked.walks > leaves + batches - 1)
			FAIL("%lu walks for %lu leaves in %lu batches", walked.walks, leaves, batches);

		/* From the middle of a leaf to the middle of another. */
		first = area.index + random_number() % count;
		count = 1 + random_number() % (last - first + 1);
		leaves = looked_up(&walked, iopt_area_index_to_iova(&area, first),
				   iopt_area_index_to_iova(&area, first + count));
		walked.walks = 0;
		if (raw_pages_from_domain(&walked, &area, first, first + count - 1, pages) !=
		    pages + count)
			FAIL("not %lu pages", count);
		for (i = 0; i < count; i++)
			if (pages[i] != pfn_to_page(pfn_at(&area, first + i)))
				FAIL("page %lu is another", i);
		if (argc == 2 && walked.walks > leaves)
			FAIL("%lu walks for %lu leaves", walked.walks, leaves);
	}
	printf("walks=%lu leaves=%lu\n", walks, least);
	return 0;
}
