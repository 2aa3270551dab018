			phys_addr_t phys;
			size_t size, unmapped;

			phys = vfio_iova_to_phys_range(domain, iova,
						       dma->size - pos,
						       &size);
			if (!size) {
				pos += PAGE_SIZE;
				continue;
			}
