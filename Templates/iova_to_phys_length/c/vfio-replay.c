				if (WARN_ON(!d)) { /* mapped w/o a domain?! */
					ret = -EINVAL;
					goto unwind;
				}

				phys = vfio_iova_to_phys_range(d, iova,
							       dma->size - pos,
							       &size);
				if (WARN_ON(!size)) {
					pos += PAGE_SIZE;
					continue;
				}
