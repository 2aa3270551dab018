// SPDX-License-Identifier: GPL-2.0-only
/* Length of a translation by a Unisoc IOMMU: pages of 4 KiB, in one table. */
#include "prove_length.h"

static void test_lengths(struct kunit *test)
{
	struct sprd_iommu_domain *priv = kunit_kzalloc(test, sizeof(*priv), GFP_KERNEL);
	struct iommu_domain *domain;

	KUNIT_ASSERT_NOT_NULL(test, priv);
	domain = &priv->domain;
	init_domain(domain, &sprd_iommu_ops);
	domain->geometry.aperture_end = SZ_4M - 1;
	spin_lock_init(&priv->pgtlock);
	priv->pgt_va = alloc_table(test, PAGE_SIZE);

	/* The numbers of pages that lie one behind the other. */
	priv->pgt_va[5] = 0x40005;
	priv->pgt_va[6] = 0x40006;

	expect_entry(test, domain, 0x5000, 0x40005000, SZ_4K);
	expect_entry(test, domain, 0x6000, 0x40006000, SZ_4K);
	expect_hole(test, domain, 0x4000);
	expect_hole(test, domain, 0x7000);

	free_table(priv->pgt_va, PAGE_SIZE);
}

static struct kunit_case length_cases[] = {
	KUNIT_CASE(test_lengths),
	{},
};

static struct kunit_suite length_suite = {
	.name = "prove_sprd",
	.test_cases = length_cases,
};
kunit_test_suite(length_suite);
