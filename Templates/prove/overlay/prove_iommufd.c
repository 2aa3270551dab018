// SPDX-License-Identifier: GPL-2.0-only
/*
 * What iommufd reads back from a domain: areas that start and end in the middle
 * of an entry, and entries smaller than a page.
 */
#include "../prove_domain.h"

struct layout {
	const char *name;
	size_t entry;
	/* Where in its first entry the area starts. */
	size_t offset;
	size_t pages;
	/* How many entries are looked up. */
	unsigned int walks;
};

static const struct layout layouts[] = {
	{ "one entry", SZ_2M, 0, 512, 1 },
	{ "from the middle of an entry to the middle of another", SZ_2M, SZ_1M, 1536, 4 },
	{ "in the middle of an entry", SZ_2M, SZ_64K, 8, 1 },
	{ "from the middle of a page", SZ_2M, SZ_64K + SZ_2K, 8, 1 },
	{ "entries of a page", PAGE_SIZE, 0, 8, 8 },
	{ "entries of half a page", SZ_2K, 0, 8, 8 },
	{ "entries of half a page, from the middle of a page", SZ_2K, SZ_2K, 8, 8 },
};

static void describe(const struct layout *layout, char *text)
{
	strscpy(text, layout->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(layouts, layouts, describe);

/* Indexes count pages; the area is not the first of its memory. */
#define FIRST_INDEX 100

static unsigned long pfn_at(const struct made_up_domain *d, const struct iopt_area *area,
			    unsigned long index)
{
	unsigned long iova = iopt_area_iova((struct iopt_area *)area);

	if (index == FIRST_INDEX)
		return PHYS_PFN(made_up_phys(d, iova) - area->page_offset);
	return PHYS_PFN(made_up_phys(d, iova - area->page_offset +
				     (index - FIRST_INDEX) * PAGE_SIZE));
}

static void make_area(struct kunit *test, struct iopt_area *area, struct made_up_domain **d)
{
	const struct layout *layout = test->param_value;
	unsigned long iova = SZ_4G + layout->offset;
	size_t page_offset = layout->offset % PAGE_SIZE;
	size_t size = layout->pages * PAGE_SIZE - page_offset;

	*d = make_up_domain(test, iova, size, layout->entry);
	area->page_offset = page_offset;
	area->node.start = iova;
	area->node.last = iova + size - 1;
	area->pages_node.start = FIRST_INDEX;
	area->pages_node.last = FIRST_INDEX + layout->pages - 1;
}

/* Reads the area back from @skip pages after its start on, into a batch. */
static void expect_batch(struct kunit *test, struct iopt_area *area, struct made_up_domain *d,
			 size_t skip)
{
	const struct layout *layout = test->param_value;
	unsigned long index = FIRST_INDEX + skip;
	struct pfn_batch batch = {};
	unsigned int i;
	u32 n;

	KUNIT_ASSERT_EQ(test, batch_init(&batch, layout->pages), 0);
	batch_from_domain(&batch, &d->domain, area, index, FIRST_INDEX + layout->pages - 1);
	KUNIT_EXPECT_EQ(test, batch.total_pfns, layout->pages - skip);
	for (i = 0; i < batch.end; i++)
		for (n = 0; n < batch.npfns[i]; n++, index++)
			KUNIT_EXPECT_EQ_MSG(test, batch.pfns[i] + n, pfn_at(d, area, index),
					    "at page %lu", index - FIRST_INDEX);
	batch_destroy(&batch, NULL);
}

static void test_batch(struct kunit *test)
{
	const struct layout *layout = test->param_value;
	struct made_up_domain *d;
	struct iopt_area area = {};

	make_area(test, &area, &d);
	expect_batch(test, &area, d, 0);
	KUNIT_EXPECT_EQ(test, d->walks, layout->walks);
	d->scattered = true;
	expect_batch(test, &area, d, 0);
	/* A batch that was full goes on in the middle of an entry. */
	expect_batch(test, &area, d, 3);
}

static void test_pages(struct kunit *test)
{
	const struct layout *layout = test->param_value;
	/* Room for an entry more than there should be. */
	size_t room = layout->pages + SZ_2M / PAGE_SIZE;
	struct page **pages = kunit_kcalloc(test, room, sizeof(*pages), GFP_KERNEL);
	struct made_up_domain *d;
	struct iopt_area area = {};
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	make_area(test, &area, &d);
	d->scattered = true;
	KUNIT_EXPECT_PTR_EQ(test, pages + layout->pages,
			    raw_pages_from_domain(&d->domain, &area, FIRST_INDEX,
						  FIRST_INDEX + layout->pages - 1, pages));
	for (i = 0; i < layout->pages; i++)
		KUNIT_EXPECT_EQ_MSG(test, page_to_pfn(pages[i]), pfn_at(d, &area, FIRST_INDEX + i),
				    "at page %zu", i);
	KUNIT_EXPECT_EQ(test, d->walks, layout->walks);
}

static struct kunit_case length_cases[] = {
	KUNIT_CASE_PARAM(test_batch, layouts_gen_params),
	KUNIT_CASE_PARAM(test_pages, layouts_gen_params),
	{},
};

static struct kunit_suite length_suite = {
	.name = "prove_iommufd",
	.test_cases = length_cases,
};
kunit_test_suite(length_suite);
