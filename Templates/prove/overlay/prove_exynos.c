// SPDX-License-Identifier: GPL-2.0-only
/* Length of a translation by an Exynos System MMU: sections, large and small pages. */
#include "prove_length.h"

static void test_lengths(struct kunit *test)
{
	struct exynos_iommu_domain *priv = kunit_kzalloc(test, sizeof(*priv), GFP_KERNEL);
	struct iommu_domain *domain;
	sysmmu_pte_t *pages;
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, priv);
	domain = &priv->domain;
	init_domain(domain, &exynos_iommu_ops);
	spin_lock_init(&priv->pgtablelock);
	priv->pgtable = alloc_table(test, LV1TABLE_SIZE);
	pages = alloc_table(test, LV2TABLE_SIZE);

	PG_ENT_SHIFT = SYSMMU_PG_ENT_SHIFT;
	LV1_PROT = SYSMMU_LV1_PROT;
	LV2_PROT = SYSMMU_LV2_PROT;
	/* At 2 MiB a section, at 5 MiB a table with a large page and a small one. */
	priv->pgtable[2] = mk_lv1ent_sect(0x40200000, IOMMU_READ);
	priv->pgtable[5] = mk_lv1ent_page(virt_to_phys(pages));
	for (i = 0; i < SPAGES_PER_LPAGE; i++)
		pages[SPAGES_PER_LPAGE + i] = mk_lv2ent_lpage(0x50010000, IOMMU_READ);
	pages[3] = mk_lv2ent_spage(0x60003000, IOMMU_READ);

	expect_entry(test, domain, 0x200000, 0x40200000, SZ_1M);
	expect_entry(test, domain, 0x510000, 0x50010000, SZ_64K);
	expect_entry(test, domain, 0x503000, 0x60003000, SZ_4K);
	expect_hole(test, domain, 0x1fffff);
	expect_hole(test, domain, 0x300000);
	expect_hole(test, domain, 0x502fff);
	expect_hole(test, domain, 0x504000);
	expect_hole(test, domain, 0x520000);

	free_table(pages, LV2TABLE_SIZE);
	free_table(priv->pgtable, LV1TABLE_SIZE);
}

static struct kunit_case length_cases[] = {
	KUNIT_CASE(test_lengths),
	{},
};

static struct kunit_suite length_suite = {
	.name = "prove_exynos",
	.test_cases = length_cases,
};
kunit_test_suite(length_suite);
