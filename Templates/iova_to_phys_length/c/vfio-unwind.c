			phys_addr_t phys;
			size_t size;

			size = vfio_iova_to_phys_range(domain, iova,
						       dma->size - pos, &phys);
			if (!phys) {
				pos += PAGE_SIZE;
				continue;
			}

			iommu_unmap(domain->domain, iova, size);
			vfio_unpin_pages_remote(dma, iova, phys >> PAGE_SHIFT,
						size >> PAGE_SHIFT, true);
			pos += size;
