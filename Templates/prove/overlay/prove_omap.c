// SPDX-License-Identifier: GPL-2.0-only
/* Length of a translation by an OMAP IOMMU: its four sizes of entries. */
#include "prove_length.h"

static void test_lengths(struct kunit *test)
{
	struct omap_iommu_domain *priv = kunit_kzalloc(test, sizeof(*priv), GFP_KERNEL);
	struct omap_iommu_device *device = kunit_kzalloc(test, sizeof(*device), GFP_KERNEL);
	struct omap_iommu *iommu = kunit_kzalloc(test, sizeof(*iommu), GFP_KERNEL);
	struct iommu_domain *domain;
	u32 *pages;
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, priv);
	KUNIT_ASSERT_NOT_NULL(test, device);
	KUNIT_ASSERT_NOT_NULL(test, iommu);
	domain = &priv->domain;
	init_domain(domain, &omap_iommu_ops);
	priv->iommus = device;
	device->iommu_dev = iommu;
	iommu->iopgd = alloc_table(test, IOPGD_TABLE_SIZE);
	pages = alloc_table(test, PAGE_SIZE);

	/*
	 * At 16 MiB a supersection, at 34 MiB a section, at 37 MiB a table with
	 * a large page and a small one. Larger ones repeat their entry.
	 */
	for (i = 0; i < 16; i++)
		iommu->iopgd[16 + i] = 0x41000000 | IOPGD_SUPER;
	iommu->iopgd[34] = 0x50200000 | IOPGD_SECTION;
	iommu->iopgd[37] = virt_to_phys(pages) | IOPGD_TABLE;
	for (i = 0; i < 16; i++)
		pages[16 + i] = 0x60010000 | IOPTE_LARGE;
	pages[3] = 0x70003000 | IOPTE_SMALL;

	expect_entry(test, domain, 0x1000000, 0x41000000, SZ_16M);
	expect_entry(test, domain, 0x2200000, 0x50200000, SZ_1M);
	expect_entry(test, domain, 0x2510000, 0x60010000, SZ_64K);
	expect_entry(test, domain, 0x2503000, 0x70003000, SZ_4K);
	expect_hole(test, domain, 0x2504000);
	expect_hole(test, domain, 0x3000000);

	free_table(pages, PAGE_SIZE);
	free_table(iommu->iopgd, IOPGD_TABLE_SIZE);
}

static struct kunit_case length_cases[] = {
	KUNIT_CASE(test_lengths),
	{},
};

static struct kunit_suite length_suite = {
	.name = "prove_omap",
	.test_cases = length_cases,
};
kunit_test_suite(length_suite);
