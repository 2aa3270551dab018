// SPDX-License-Identifier: GPL-2.0-only
/*
 * Length of a translation by a driver that only has the old op, and which op is
 * asked where there are both: as long as there are two.
 */
#include "prove_length.h"

static phys_addr_t old_op(struct iommu_domain *domain, dma_addr_t iova)
{
	return iova < SZ_1M ? 0 : iova + SZ_1G;
}

static phys_addr_t new_op(struct iommu_domain *domain, dma_addr_t iova, size_t *mapped_length)
{
	if (iova < SZ_1M)
		return 0;
	if (mapped_length)
		*mapped_length = SZ_2M;
	return iova + SZ_1G;
}

static void test_lengths(struct kunit *test)
{
	static const struct iommu_domain_ops old_ops = { .iova_to_phys = old_op };
	static const struct iommu_domain_ops both_ops = {
		.iova_to_phys = old_op,
		.iova_to_phys_length = new_op,
	};
	struct iommu_domain domain = {
		.type = IOMMU_DOMAIN_UNMANAGED,
		.ops = &old_ops,
		.pgsize_bitmap = SZ_64K | SZ_2M,
	};

	/* The smallest page is all that is known. */
	expect_entry(test, &domain, SZ_2M, SZ_2M + SZ_1G, SZ_64K);
	expect_hole(test, &domain, SZ_64K);
	domain.pgsize_bitmap = 0;
	expect_entry(test, &domain, SZ_2M, SZ_2M + SZ_1G, PAGE_SIZE);

	domain.ops = &both_ops;
	expect_entry(test, &domain, SZ_2M, SZ_2M + SZ_1G, SZ_2M);
	expect_hole(test, &domain, SZ_64K);
	KUNIT_EXPECT_EQ(test, iommu_iova_to_phys(&domain, SZ_2M), SZ_2M + SZ_1G);
}

static struct kunit_case length_cases[] = {
	KUNIT_CASE(test_lengths),
	{},
};

static struct kunit_suite length_suite = {
	.name = "prove_core",
	.test_cases = length_cases,
};
kunit_test_suite(length_suite);
