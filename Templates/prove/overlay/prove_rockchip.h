/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Length of a translation by a Rockchip IOMMU: pages of 4 KiB, in both of its
 * formats. Whoever includes this defines USE_FORMAT(domain, ops).
 */
#include "prove_length.h"

static void test_format(struct kunit *test, const struct rk_iommu_ops *ops)
{
	struct rk_iommu_domain *priv = kunit_kzalloc(test, sizeof(*priv), GFP_KERNEL);
	struct iommu_domain *domain;
	u32 *pages;

	KUNIT_ASSERT_NOT_NULL(test, priv);
	domain = &priv->domain;
	init_domain(domain, &rk_iommu_ops);
	spin_lock_init(&priv->dt_lock);
	USE_FORMAT(priv, ops);
	priv->dt = alloc_table(test, SPAGE_SIZE);
	pages = alloc_table(test, SPAGE_SIZE);

	/* At 12 MiB a table with two pages that lie one behind the other. */
	priv->dt[3] = ops->mk_dtentries(virt_to_phys(pages));
	pages[5] = ops->mk_ptentries(0x40005000, IOMMU_READ);
	pages[6] = ops->mk_ptentries(0x40006000, IOMMU_READ);

	expect_entry(test, domain, 0xc05000, 0x40005000, SZ_4K);
	expect_entry(test, domain, 0xc06000, 0x40006000, SZ_4K);
	expect_hole(test, domain, 0xc04fff);
	expect_hole(test, domain, 0xc07000);
	expect_hole(test, domain, 0x1000000);

	free_table(pages, SPAGE_SIZE);
	free_table(priv->dt, SPAGE_SIZE);
}

static void test_v1(struct kunit *test)
{
	test_format(test, &iommu_data_ops_v1);
}

static void test_v2(struct kunit *test)
{
	test_format(test, &iommu_data_ops_v2);
}

static struct kunit_case length_cases[] = {
	KUNIT_CASE(test_v1),
	KUNIT_CASE(test_v2),
	{},
};

static struct kunit_suite length_suite = {
	.name = "prove_rockchip",
	.test_cases = length_cases,
};
kunit_test_suite(length_suite);
