				if (WARN_ON(!d)) { /* mapped w/o a domain?! */
					ret = -EINVAL;
					goto unwind;
				}

				size = dma->iova + dma->size - iova;
				phys = vfio_iova_to_phys_range(d, iova, size,
							       &size);
				if (WARN_ON(!size)) {
					iova += PAGE_SIZE;
					continue;
				}
