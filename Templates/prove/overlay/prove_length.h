/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of lengths have in common. A domain is asked through the core,
 * as everybody asks; its page table is made by hand where the driver's own way
 * to map needs the hardware.
 */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/iommu.h>

/* Makes it a domain of a driver, that the core would have allocated. */
static inline void init_domain(struct iommu_domain *domain, const struct iommu_ops *ops)
{
	domain->type = IOMMU_DOMAIN_UNMANAGED;
	domain->ops = ops->default_domain_ops;
}

static inline void expect_length(struct kunit *test, struct iommu_domain *domain,
				 unsigned long iova, phys_addr_t phys, size_t length)
{
	/* Neither a length nor what stands for none. */
	size_t found = 42;

	KUNIT_EXPECT_EQ_MSG(test, iommu_iova_to_phys_length(domain, iova, &found), phys,
			    "at %#lx", iova);
	KUNIT_EXPECT_EQ_MSG(test, found, length, "at %#lx", iova);
	KUNIT_EXPECT_EQ_MSG(test, iommu_iova_to_phys_length(domain, iova, NULL), phys,
			    "at %#lx, no length asked for", iova);
}

/* Expects an entry of @size bytes that starts at @iova. */
static inline void expect_entry(struct kunit *test, struct iommu_domain *domain,
				unsigned long iova, phys_addr_t phys, size_t size)
{
	expect_length(test, domain, iova, phys, size);
	expect_length(test, domain, iova + size / 2, phys + size / 2, size);
	expect_length(test, domain, iova + size - 1, phys + size - 1, size);
}

static inline void expect_hole(struct kunit *test, struct iommu_domain *domain,
			       unsigned long iova)
{
	expect_length(test, domain, iova, 0, 0);
}

/* A page table of a driver whose entries have 32 bits; free_table() it. */
static inline u32 *alloc_table(struct kunit *test, size_t size)
{
	u32 *table = (u32 *)__get_free_pages(GFP_KERNEL | GFP_DMA32 | __GFP_ZERO,
					     get_order(size));

	KUNIT_ASSERT_NOT_NULL(test, table);
	return table;
}

static inline void free_table(u32 *table, size_t size)
{
	free_pages((unsigned long)table, get_order(size));
}
