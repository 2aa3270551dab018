// SPDX-License-Identifier: GPL-2.0-only
/* Length of a translation by an Allwinner H6 IOMMU: pages of 4 KiB. */
#include "prove_length.h"

static void test_lengths(struct kunit *test)
{
	struct sun50i_iommu_domain *priv = kunit_kzalloc(test, sizeof(*priv), GFP_KERNEL);
	struct iommu_domain *domain;
	u32 *pages;

	KUNIT_ASSERT_NOT_NULL(test, priv);
	domain = &priv->domain;
	init_domain(domain, &sun50i_iommu_ops);
	priv->dt = alloc_table(test, DT_SIZE);
	pages = alloc_table(test, PT_SIZE);

	/* At 3 MiB a table with two pages that lie one behind the other. */
	priv->dt[3] = sun50i_mk_dte(virt_to_phys(pages));
	pages[5] = sun50i_mk_pte(0x40005000, IOMMU_READ);
	pages[6] = sun50i_mk_pte(0x40006000, IOMMU_READ);

	expect_entry(test, domain, 0x305000, 0x40005000, SZ_4K);
	expect_entry(test, domain, 0x306000, 0x40006000, SZ_4K);
	expect_hole(test, domain, 0x304fff);
	expect_hole(test, domain, 0x307000);
	expect_hole(test, domain, 0x400000);

	free_table(pages, PT_SIZE);
	free_table(priv->dt, DT_SIZE);
}

static struct kunit_case length_cases[] = {
	KUNIT_CASE(test_lengths),
	{},
};

static struct kunit_suite length_suite = {
	.name = "prove_sun50i",
	.test_cases = length_cases,
};
kunit_test_suite(length_suite);
