			phys_addr_t phys;
			size_t size, unmapped;

			size = dma->iova + dma->size - iova;
			phys = vfio_iova_to_phys_range(domain, iova, size,
						       &size);
			if (!size) {
				iova += PAGE_SIZE;
				continue;
			}
