struct pt_iommu_iova_to_phys_res {
	pt_oaddr_t oa;
	unsigned int lg2sz;
};

