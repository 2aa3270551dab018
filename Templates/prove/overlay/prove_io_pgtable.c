// SPDX-License-Identifier: GPL-2.0-only
/*
 * Length of a translation in the formats of io-pgtable, for each size that they
 * map by one entry. The sixteen entries of a large page of ARMv7s count as one.
 */
#include <kunit/device.h>
#include <kunit/test.h>
#include <linux/io-pgtable.h>
#include <linux/iommu.h>
#include <linux/sizes.h>

struct format {
	const char *name;
	enum io_pgtable_fmt fmt;
	unsigned int ias, oas;
	unsigned long sizes;
};

static const struct format formats[] = {
	{ "LPAE, 4 KiB, stage 1", ARM_64_LPAE_S1, 48, 48, SZ_4K | SZ_2M | SZ_1G },
	{ "LPAE, 16 KiB, stage 1", ARM_64_LPAE_S1, 48, 48, SZ_16K | SZ_32M },
	{ "LPAE, 64 KiB, stage 1", ARM_64_LPAE_S1, 48, 48, SZ_64K | SZ_512M },
	{ "LPAE, 4 KiB, stage 2", ARM_64_LPAE_S2, 40, 48, SZ_4K | SZ_2M | SZ_1G },
	{ "ARMv7s", ARM_V7S, 32, 32, SZ_4K | SZ_64K | SZ_1M | SZ_16M },
	{ "DART, 4 KiB", APPLE_DART, 32, 36, SZ_4K },
	{ "DART, 16 KiB", APPLE_DART2, 36, 42, SZ_16K },
};

static void describe(const struct format *format, char *text)
{
	strscpy(text, format->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(formats, formats, describe);

static void flush_all(void *cookie)
{
}

static void flush_walk(unsigned long iova, size_t size, size_t granule, void *cookie)
{
}

static const struct iommu_flush_ops flush_ops = {
	.tlb_flush_all = flush_all,
	.tlb_flush_walk = flush_walk,
};

static void expect_length(struct kunit *test, struct io_pgtable_ops *ops,
			  unsigned long iova, phys_addr_t phys, size_t length)
{
	/* Neither a length nor what stands for none. */
	size_t found = 42;

	KUNIT_EXPECT_EQ_MSG(test, ops->iova_to_phys_length(ops, iova, &found), phys,
			    "at %#lx", iova);
	KUNIT_EXPECT_EQ_MSG(test, found, length, "at %#lx", iova);
	KUNIT_EXPECT_EQ_MSG(test, ops->iova_to_phys_length(ops, iova, NULL), phys,
			    "at %#lx, no length asked for", iova);
}

static void test_lengths(struct kunit *test)
{
	const struct format *format = test->param_value;
	struct io_pgtable_cfg cfg = {
		.tlb = &flush_ops,
		.coherent_walk = true,
		.pgsize_bitmap = format->sizes,
		.ias = format->ias,
		.oas = format->oas,
		.iommu_dev = kunit_device_register(test, "prove"),
	};
	struct io_pgtable_ops *ops;
	unsigned int lg2;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, cfg.iommu_dev);
	ops = alloc_io_pgtable_ops(format->fmt, &cfg, NULL);
	KUNIT_ASSERT_NOT_NULL(test, ops);

	expect_length(test, ops, 0, 0, 0);
	for_each_set_bit(lg2, &format->sizes, BITS_PER_LONG) {
		size_t size = 1UL << lg2, mapped = 0;
		unsigned long iova = size;
		phys_addr_t phys = 2 * size;

		KUNIT_ASSERT_EQ_MSG(test, ops->map_pages(ops, iova, phys, size, 1,
							 IOMMU_READ | IOMMU_WRITE,
							 GFP_KERNEL, &mapped),
				    0, "mapping %#zx", size);
		KUNIT_ASSERT_EQ(test, mapped, size);
		expect_length(test, ops, iova, phys, size);
		expect_length(test, ops, iova + size / 2, phys + size / 2, size);
		expect_length(test, ops, iova + size - 1, phys + size - 1, size);
		expect_length(test, ops, iova - 1, 0, 0);
		expect_length(test, ops, iova + size, 0, 0);
		KUNIT_ASSERT_EQ(test, ops->unmap_pages(ops, iova, size, 1, NULL), size);
		expect_length(test, ops, iova, 0, 0);
	}
	free_io_pgtable_ops(ops);
}

static struct kunit_case length_cases[] = {
	KUNIT_CASE_PARAM(test_lengths, formats_gen_params),
	{},
};

static struct kunit_suite length_suite = {
	.name = "prove_io_pgtable",
	.test_cases = length_cases,
};
kunit_test_suite(length_suite);
