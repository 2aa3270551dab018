/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A domain that has no page table: what a lookup finds in it is worked out, so
 * that whoever asks can be shown entries of any size. It counts lookups, and
 * remembers what it was told to map or unmap.
 */
#include <kunit/test.h>
#include <linux/iommu.h>
#include <linux/sizes.h>

/* Where there is no memory that anybody could want to unpin. */
#define FAR_AWAY BIT_ULL(45)

struct made_up_domain {
	struct iommu_domain domain;
	struct kunit *test;
	/* What is mapped, and by entries of which size: they may begin before it and end after it. */
	unsigned long start, end;
	size_t entry;
	/* Whether there is a gap in memory after what each entry maps. */
	bool scattered;
	/* For what is mapped anew, where it is mapped already. */
	const struct made_up_domain *original;

	unsigned int walks;
	struct {
		unsigned long iova;
		size_t size;
	} pieces[16];
	unsigned int count;
};

static inline phys_addr_t made_up_phys(const struct made_up_domain *d, unsigned long iova)
{
	if (iova < d->start || iova >= d->end)
		return 0;
	return FAR_AWAY + iova + (d->scattered ? iova / d->entry * d->entry : 0);
}

static inline phys_addr_t made_up_lookup(struct iommu_domain *domain, dma_addr_t iova,
					 size_t *mapped_length)
{
	struct made_up_domain *d = container_of(domain, struct made_up_domain, domain);
	phys_addr_t phys = made_up_phys(d, iova);

	if (++d->walks > 10000)
		KUNIT_FAIL_AND_ABORT(d->test, "looked up again and again, at %pad", &iova);
	if (phys && mapped_length)
		*mapped_length = d->entry;
	return phys;
}

static inline void made_up_note(struct made_up_domain *d, unsigned long iova, size_t size)
{
	KUNIT_ASSERT_LT(d->test, d->count, ARRAY_SIZE(d->pieces));
	d->pieces[d->count].iova = iova;
	d->pieces[d->count].size = size;
	d->count++;
}

static inline int made_up_map(struct iommu_domain *domain, unsigned long iova, phys_addr_t phys,
			      size_t pgsize, size_t pgcount, int prot, gfp_t gfp, size_t *mapped)
{
	struct made_up_domain *d = container_of(domain, struct made_up_domain, domain);
	size_t i;

	made_up_note(d, iova, pgsize * pgcount);
	for (i = 0; i < pgcount; i++)
		KUNIT_EXPECT_EQ_MSG(d->test, made_up_phys(d->original, iova + i * pgsize),
				    phys + i * pgsize, "at %#lx", iova + i * pgsize);
	*mapped = pgsize * pgcount;
	return 0;
}

static inline size_t made_up_unmap(struct iommu_domain *domain, unsigned long iova, size_t pgsize,
				   size_t pgcount, struct iommu_iotlb_gather *gather)
{
	made_up_note(container_of(domain, struct made_up_domain, domain), iova, pgsize * pgcount);
	return pgsize * pgcount;
}

static const struct iommu_domain_ops made_up_ops = {
	.iova_to_phys_length = made_up_lookup,
	.map_pages = made_up_map,
	.unmap_pages = made_up_unmap,
};

static inline struct made_up_domain *make_up_domain(struct kunit *test, unsigned long start,
						    size_t size, size_t entry)
{
	struct made_up_domain *d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, d);
	d->domain.type = IOMMU_DOMAIN_UNMANAGED;
	d->domain.ops = &made_up_ops;
	/* Nothing larger, so that a range is mapped or unmapped at once. */
	d->domain.pgsize_bitmap = PAGE_SIZE;
	d->test = test;
	d->start = start;
	d->end = start + size;
	d->entry = entry;
	return d;
}

/* Expects that a range was mapped or unmapped, once and in so many pieces, and nothing else. */
static inline void expect_pieces(struct made_up_domain *d, unsigned long start, unsigned long end,
				 unsigned int count)
{
	unsigned int i;

	KUNIT_EXPECT_EQ(d->test, d->count, count);
	for (i = 0; i < d->count; i++) {
		KUNIT_EXPECT_EQ(d->test, d->pieces[i].iova, start);
		start += d->pieces[i].size;
	}
	KUNIT_EXPECT_EQ(d->test, start, end);
}
