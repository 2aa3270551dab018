static phys_addr_t vsi_iommu_iova_to_phys(struct iommu_domain *domain,
					  dma_addr_t iova)
{
	struct vsi_iommu_domain *vsi_domain = to_vsi_domain(domain);
	phys_addr_t pt_phys, phys = 0;
	unsigned long flags;
	u32 dte, pte;
	u32 *page_table;

	spin_lock_irqsave(&vsi_domain->lock, flags);
	dte = vsi_domain->dt[vsi_iova_dte_index(iova)];
	if (!vsi_dte_is_pt_valid(dte))
		goto unlock;

	pt_phys = vsi_dte_pt_address(dte);
	page_table = (u32 *)phys_to_virt(pt_phys);
	pte = page_table[vsi_iova_pte_index(iova)];
	if (!vsi_pte_is_page_valid(pte))
		goto unlock;

	phys = vsi_pte_page_address(pte) + vsi_iova_page_offset(iova);

unlock:
	spin_unlock_irqrestore(&vsi_domain->lock, flags);
	return phys;
}
