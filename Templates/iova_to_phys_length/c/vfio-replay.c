				if (WARN_ON(!d)) { /* mapped w/o a domain?! */
					ret = -EINVAL;
					goto unwind;
				}

				size = vfio_iova_to_phys_range(d, iova,
							       dma->size - pos,
							       &phys);
				if (WARN_ON(!phys)) {
					pos += PAGE_SIZE;
					continue;
				}
