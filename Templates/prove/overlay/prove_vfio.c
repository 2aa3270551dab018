// SPDX-License-Identifier: GPL-2.0-only
/*
 * What VFIO makes of the length of a translation: a range that starts and ends
 * in the middle of an entry, entries smaller than a page, and holes.
 */
#include "../iommu/prove_domain.h"

struct layout {
	const char *name;
	size_t entry;
	/* Where in its first entry the range starts. */
	size_t offset;
	size_t size;
	unsigned int entries;
};

static const struct layout layouts[] = {
	{ "one entry", SZ_2M, 0, SZ_2M, 1 },
	{ "from the middle of an entry to the middle of another", SZ_2M, SZ_1M, 3 * SZ_2M, 4 },
	{ "in the middle of an entry", SZ_1G, SZ_64M, SZ_4M, 1 },
	{ "entries of a page", PAGE_SIZE, 0, 8 * PAGE_SIZE, 8 },
};

static void describe(const struct layout *layout, char *text)
{
	strscpy(text, layout->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(layouts, layouts, describe);

#define START(layout) (4UL * SZ_1G + (layout)->offset)

/* What one user has mapped: all of it in memory that is not pinned. */
struct mapped {
	struct vfio_iommu iommu;
	struct vfio_domain domain;
	struct vfio_dma dma;
};

static struct mapped *map_range(struct kunit *test, struct made_up_domain *d,
				unsigned long start, size_t size)
{
	struct mapped *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, m);
	INIT_LIST_HEAD(&m->iommu.domain_list);
	m->iommu.dma_list = RB_ROOT;
	m->domain.domain = &d->domain;
	list_add(&m->domain.next, &m->iommu.domain_list);
	m->dma.iova = start;
	m->dma.prot = IOMMU_READ;
	m->dma.iommu_mapped = true;
	m->dma.has_rsvd = true;
	m->dma.pfn_list = RB_ROOT;
	vfio_link_dma(&m->iommu, &m->dma);
	m->dma.size = size;
	return m;
}

static void test_unmap(struct kunit *test)
{
	const struct layout *layout = test->param_value;
	struct made_up_domain *d = make_up_domain(test, START(layout), layout->size, layout->entry);
	struct mapped *m = map_range(test, d, START(layout), layout->size);

	vfio_unmap_unpin(&m->iommu, &m->dma, false);
	expect_pieces(d, d->start, d->end, 1);
	KUNIT_EXPECT_EQ(test, d->walks, layout->entries);
}

static void test_unmap_scattered(struct kunit *test)
{
	const struct layout *layout = test->param_value;
	struct made_up_domain *d = make_up_domain(test, START(layout), layout->size, layout->entry);
	struct mapped *m = map_range(test, d, START(layout), layout->size);

	d->scattered = true;
	vfio_unmap_unpin(&m->iommu, &m->dma, false);
	expect_pieces(d, d->start, d->end, layout->entries);
	KUNIT_EXPECT_EQ(test, d->walks, layout->entries);
}

/* Pages are what is pinned, whatever maps them. */
static void test_unmap_parts_of_pages(struct kunit *test)
{
	struct made_up_domain *d = make_up_domain(test, SZ_4G, 8 * PAGE_SIZE, PAGE_SIZE / 2);
	struct mapped *m = map_range(test, d, SZ_4G, 8 * PAGE_SIZE);

	vfio_unmap_unpin(&m->iommu, &m->dma, false);
	expect_pieces(d, d->start, d->end, 1);
	KUNIT_EXPECT_EQ(test, d->walks, 8);
}

/* A second domain gets what the first one has. */
static void test_replay(struct kunit *test)
{
	const struct layout *layout = test->param_value;
	struct made_up_domain *d = make_up_domain(test, START(layout), layout->size, layout->entry);
	struct made_up_domain *to = make_up_domain(test, START(layout), layout->size, PAGE_SIZE);
	struct mapped *m = map_range(test, d, START(layout), layout->size);
	struct vfio_domain domain = { .domain = &to->domain };

	d->scattered = true;
	to->original = d;
	KUNIT_EXPECT_EQ(test, vfio_iommu_replay(&m->iommu, &domain), 0);
	expect_pieces(to, d->start, d->end, layout->entries);
	KUNIT_EXPECT_EQ(test, d->walks, layout->entries);
}

/*
 * The second domain is refused, since there is no user whose memory could be
 * pinned, when some memory is mapped in it: around that there are holes.
 */
static void unwind(struct kunit *test, unsigned long start, unsigned long end, unsigned long first)
{
	struct made_up_domain *to = make_up_domain(test, start, end - start, SZ_2M);
	struct mapped *m = map_range(test, to, SZ_4G + SZ_1M, SZ_8M);
	struct vfio_domain domain = { .domain = &to->domain };

	m->dma.iommu_mapped = false;
	KUNIT_EXPECT_LT(test, vfio_iommu_replay(&m->iommu, &domain), 0);
	expect_pieces(to, first, end, 1);
}

static void test_unwind(struct kunit *test)
{
	unwind(test, SZ_4G + SZ_2M, SZ_4G + 3 * SZ_2M, SZ_4G + SZ_2M);
	/* From the middle of an entry. */
	unwind(test, SZ_4G, SZ_4G + SZ_4M, SZ_4G + SZ_1M);
}

static struct kunit_case length_cases[] = {
	KUNIT_CASE_PARAM(test_unmap, layouts_gen_params),
	KUNIT_CASE_PARAM(test_unmap_scattered, layouts_gen_params),
	KUNIT_CASE(test_unmap_parts_of_pages),
	KUNIT_CASE_PARAM(test_replay, layouts_gen_params),
	KUNIT_CASE(test_unwind),
	{},
};

static struct kunit_suite length_suite = {
	.name = "prove_vfio",
	.test_cases = length_cases,
};
kunit_test_suite(length_suite);
