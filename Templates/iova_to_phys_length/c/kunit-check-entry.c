
/* A single entry of len maps va, and nothing is mapped behind it */
static void check_entry(struct kunit *test, pt_vaddr_t va, pt_oaddr_t pa,
			pt_vaddr_t len)
{
	struct kunit_iommu_priv *priv = test->priv;
	const pt_vaddr_t offsets[] = { 0, len / 2, len - priv->smallest_pgsz,
				       len - 1 };
	size_t length;
	unsigned int i;

	for (i = 0; i != ARRAY_SIZE(offsets); i++) {
		KUNIT_ASSERT_EQ(test,
				iommu_iova_to_phys_length(&priv->domain,
							  va + offsets[i],
							  &length),
				(phys_addr_t)(pa + offsets[i]));
		KUNIT_ASSERT_EQ(test, length, (size_t)len);
	}

	KUNIT_ASSERT_EQ(test,
			iommu_iova_to_phys_length(&priv->domain, va + len,
						  &length),
			0);
	KUNIT_ASSERT_EQ(test, length, 0);
}
