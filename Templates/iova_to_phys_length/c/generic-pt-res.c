struct pt_iommu_iova_to_phys_res {
	pt_oaddr_t oa;
	size_t *mapped_length;
};

