				if (WARN_ON(!d)) { /* mapped w/o a domain?! */
					ret = -EINVAL;
					goto unwind;
				}

				size = dma->iova + dma->size - iova;
				size = vfio_iova_to_phys_range(d, iova, size,
							       &phys);
				if (WARN_ON(!phys)) {
					iova += PAGE_SIZE;
					continue;
				}
