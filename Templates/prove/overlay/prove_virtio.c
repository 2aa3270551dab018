// SPDX-License-Identifier: GPL-2.0-only
/*
 * Length of a translation by virtio-iommu, which keeps intervals and no page
 * table: the largest block around an IOVA that is as long as it is aligned and
 * lies in the interval.
 */
#include "prove_length.h"

static void map_pages(struct kunit *test, struct iommu_domain *domain,
		      unsigned long iova, phys_addr_t phys, size_t count)
{
	size_t mapped = 0;

	KUNIT_ASSERT_EQ(test, domain->ops->map_pages(domain, iova, phys, SZ_4K, count, IOMMU_READ,
						     GFP_KERNEL, &mapped), 0);
	KUNIT_ASSERT_EQ(test, mapped, count * SZ_4K);
}

static void test_lengths(struct kunit *test)
{
	struct viommu_domain *priv = kunit_kzalloc(test, sizeof(*priv), GFP_KERNEL);
	struct iommu_domain *domain;

	KUNIT_ASSERT_NOT_NULL(test, priv);
	domain = &priv->domain;
	init_domain(domain, &viommu_ops);
	domain->pgsize_bitmap = ~0UL << 12;
	spin_lock_init(&priv->mappings_lock);
	priv->mappings = RB_ROOT_CACHED;
	priv->map_flags = VIRTIO_IOMMU_MAP_F_READ | VIRTIO_IOMMU_MAP_F_WRITE;

	/* From 12 KiB to 40 KiB: blocks of 4, 16 and 8 KiB. */
	map_pages(test, domain, 0x3000, 0x40003000, 7);
	expect_entry(test, domain, 0x3000, 0x40003000, SZ_4K);
	expect_entry(test, domain, 0x4000, 0x40004000, SZ_16K);
	expect_entry(test, domain, 0x8000, 0x40008000, SZ_8K);
	expect_hole(test, domain, 0x2fff);
	expect_hole(test, domain, 0xa000);

	/* Another interval beside the first is not a part of its block. */
	map_pages(test, domain, 0xa000, 0x4000a000, 2);
	expect_entry(test, domain, 0x8000, 0x40008000, SZ_8K);
	expect_entry(test, domain, 0xa000, 0x4000a000, SZ_8K);

	/* Where the memory begins does not count. */
	map_pages(test, domain, SZ_2M, 0x50001000, 512);
	expect_entry(test, domain, SZ_2M, 0x50001000, SZ_2M);

	viommu_del_mappings(priv, 0, ULONG_MAX);
	expect_hole(test, domain, SZ_2M);
}

static struct kunit_case length_cases[] = {
	KUNIT_CASE(test_lengths),
	{},
};

static struct kunit_suite length_suite = {
	.name = "prove_virtio",
	.test_cases = length_cases,
};
kunit_test_suite(length_suite);
