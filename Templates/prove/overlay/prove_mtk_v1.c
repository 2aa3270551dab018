// SPDX-License-Identifier: GPL-2.0-only
/* Length of a translation by a MediaTek IOMMU of the first generation: pages of 4 KiB, in one table. */
#include "prove_length.h"

static void test_lengths(struct kunit *test)
{
	struct mtk_iommu_v1_domain *priv = kunit_kzalloc(test, sizeof(*priv), GFP_KERNEL);
	struct iommu_domain *domain;

	KUNIT_ASSERT_NOT_NULL(test, priv);
	domain = &priv->domain;
	init_domain(domain, &mtk_iommu_v1_ops);
	spin_lock_init(&priv->pgtlock);
	priv->pgt_va = alloc_table(test, PAGE_SIZE);

	priv->pgt_va[5] = 0x40005000 | F_DESC_VALID | F_DESC_NONSEC;
	priv->pgt_va[6] = 0x40006000 | F_DESC_VALID | F_DESC_NONSEC;

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
	.name = "prove_mtk_v1",
	.test_cases = length_cases,
};
kunit_test_suite(length_suite);
