// SPDX-License-Identifier: GPL-2.0-only
/*
 * Length of a translation in the generic page tables, for each format and each
 * size that it can map by one entry. Contiguous entries count as one.
 */
#include <kunit/device.h>
#include <linux/generic_pt/iommu.h>
#include "iommu-pages.h"
#include "prove_length.h"

struct length_test {
	union {
		struct iommu_domain domain;
		struct pt_iommu iommu;
		struct pt_iommu_amdv1 amdv1;
		struct pt_iommu_amdv1_mock amdv1_mock;
		struct pt_iommu_vtdss vtdss;
		struct pt_iommu_riscv_64 riscv_64;
		struct pt_iommu_x86_64 x86_64;
	};
	spinlock_t top_lock;
};
PT_IOMMU_CHECK_DOMAIN(struct length_test, iommu, domain);

static void sync_freed(struct iommu_domain *domain, struct iommu_iotlb_gather *gather)
{
	iommu_put_pages_list(&gather->freelist);
}

static void change_top(struct pt_iommu *iommu, phys_addr_t top, unsigned int level)
{
}

static spinlock_t *get_top_lock(struct pt_iommu *iommu)
{
	return &container_of(iommu, struct length_test, iommu)->top_lock;
}

static const struct pt_iommu_driver_ops driver_ops = {
	.change_top = change_top,
	.get_top_lock = get_top_lock,
};

static void test_sizes(struct kunit *test, struct iommu_domain *domain)
{
	unsigned long sizes = domain->pgsize_bitmap;
	unsigned int va_bits = fls64(domain->geometry.aperture_end);
	unsigned int lg2;

	expect_hole(test, domain, 0);
	for_each_set_bit(lg2, &sizes, va_bits - 2) {
		size_t size = 1UL << lg2;
		unsigned long iova = size;
		phys_addr_t phys = size;

		KUNIT_ASSERT_EQ_MSG(test, iommu_map(domain, iova, phys, size,
						    IOMMU_READ | IOMMU_WRITE, GFP_KERNEL),
				    0, "mapping %#zx", size);
		expect_entry(test, domain, iova, phys, size);
		expect_hole(test, domain, iova - 1);
		expect_hole(test, domain, iova + size);
		KUNIT_ASSERT_EQ(test, iommu_unmap(domain, iova, size), size);
		expect_hole(test, domain, iova);
	}
}

#define TEST_FORMAT(fmt, va_bits, oa_bits, ...)						\
	static const struct iommu_domain_ops fmt##_domain_ops = {			\
		IOMMU_PT_DOMAIN_OPS(fmt),						\
		.iotlb_sync = sync_freed,						\
	};										\
											\
	static void test_##fmt(struct kunit *test)					\
	{										\
		static const struct pt_iommu_##fmt##_cfg cfg = {			\
			.common.hw_max_vasz_lg2 = (va_bits),				\
			.common.hw_max_oasz_lg2 = (oa_bits),				\
			__VA_ARGS__							\
		};									\
		struct length_test *priv = kunit_kzalloc(test, sizeof(*priv), GFP_KERNEL); \
		struct device *dev = kunit_device_register(test, "prove");		\
											\
		KUNIT_ASSERT_NOT_NULL(test, priv);					\
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);				\
		spin_lock_init(&priv->top_lock);					\
		set_dev_node(dev, NUMA_NO_NODE);					\
		priv->iommu.nid = NUMA_NO_NODE;						\
		priv->iommu.driver_ops = &driver_ops;					\
		priv->iommu.iommu_device = dev;						\
		priv->domain.ops = &fmt##_domain_ops;					\
		KUNIT_ASSERT_EQ(test, pt_iommu_##fmt##_init(&priv->fmt, &cfg, GFP_KERNEL), 0); \
		test_sizes(test, &priv->domain);					\
		pt_iommu_deinit(&priv->iommu);						\
	}

TEST_FORMAT(amdv1, 64, 52, .common.features = BIT(PT_FEAT_DYNAMIC_TOP), .starting_level = 2)
TEST_FORMAT(amdv1_mock, 56, 51, .starting_level = 2)
TEST_FORMAT(vtdss, 48, 52, .top_level = 3)
TEST_FORMAT(riscv_64, 48, 52, .common.features = BIT(PT_FEAT_RISCV_SVNAPOT_64K))
TEST_FORMAT(x86_64, 48, 52, .top_level = 3)

static struct kunit_case length_cases[] = {
	KUNIT_CASE(test_amdv1),
	KUNIT_CASE(test_amdv1_mock),
	KUNIT_CASE(test_vtdss),
	KUNIT_CASE(test_riscv_64),
	KUNIT_CASE(test_x86_64),
	{},
};

static struct kunit_suite length_suite = {
	.name = "prove_generic_pt",
	.test_cases = length_cases,
};
kunit_test_suite(length_suite);
