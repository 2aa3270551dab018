			phys_addr_t phys;
			size_t size;

			size = dma->iova + dma->size - iova;
			size = vfio_iova_to_phys_range(domain, iova, size,
						       &phys);
			if (!phys) {
				iova += PAGE_SIZE;
				continue;
			}

			iommu_unmap(domain->domain, iova, size);
			vfio_unpin_pages_remote(dma, iova, phys >> PAGE_SHIFT,
						size >> PAGE_SHIFT, true);
			iova += size;
