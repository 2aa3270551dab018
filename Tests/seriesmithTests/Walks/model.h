/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A page table that is an array of leaves, and as much of the kernel around it
 * as functions of VFIO and iommufd need that were lifted out of a tree.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t u64, dma_addr_t, phys_addr_t;
typedef uint32_t u32;
typedef unsigned int gfp_t;

#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PHYS_PFN(phys) ((unsigned long)((phys) >> PAGE_SHIFT))
#define offset_in_page(x) ((unsigned long)(x) & (PAGE_SIZE - 1))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define IS_ENABLED(option) 0
#define U32_MAX UINT32_MAX
#define typeof __typeof__
#define type_max(t) ((t)~(t)0)

#define min(a, b) ({ typeof((a) + (b)) _a = (a), _b = (b); _a < _b ? _a : _b; })
#define max(a, b) ({ typeof((a) + (b)) _a = (a), _b = (b); _a > _b ? _a : _b; })
#define min_t(t, a, b) min((t)(a), (t)(b))
#define max_t(t, a, b) max((t)(a), (t)(b))
#define clamp(v, low, high) min(max(v, low), high)

static unsigned long warnings;
#define WARN_ON(condition) ({ bool _c = (condition); warnings += _c; _c; })

#define GFP_KERNEL 0
#define GFP_KERNEL_ACCOUNT 0

/* One table of the test, from the seed of its number. */
static u64 state;

static u64 random_number(void)
{
	u64 z = (state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static bool one_in(unsigned int n)
{
	return random_number() % n == 0;
}

struct leaf {
	u64 iova, phys;
	size_t size;		/* a power of two; iova is aligned to it */
	bool mapped;
	bool stubborn;		/* an unmap that reaches it from below stops there once */
};

#define MOST_LEAVES 512
#define START (1ULL << 40)

struct iommu_domain {
	struct leaf leaves[MOST_LEAVES];
	unsigned int count;
	unsigned long walks;
};

struct iommu_iotlb_gather { int unused; };

static struct leaf *leaf_at(struct iommu_domain *domain, u64 iova)
{
	unsigned int low = 0, high = domain->count;

	while (low < high) {
		unsigned int middle = (low + high) / 2;
		struct leaf *leaf = &domain->leaves[middle];

		if (iova < leaf->iova)
			high = middle;
		else if (iova - leaf->iova >= leaf->size)
			low = middle + 1;
		else
			return leaf->mapped ? leaf : NULL;
	}
	return NULL;
}

static phys_addr_t iommu_iova_to_phys_length(struct iommu_domain *domain,
					     dma_addr_t iova, size_t *length)
{
	struct leaf *leaf = leaf_at(domain, iova);

	domain->walks++;
	*length = leaf ? leaf->size : 0;
	return leaf ? leaf->phys + (iova - leaf->iova) : 0;
}

static phys_addr_t iommu_iova_to_phys(struct iommu_domain *domain, dma_addr_t iova)
{
	size_t unused;

	return iommu_iova_to_phys_length(domain, iova, &unused);
}

/* Unmaps leaves up to the first that is not mapped or, once, stubborn. */
static size_t iommu_unmap(struct iommu_domain *domain, u64 iova, size_t size)
{
	u64 at = iova;

	while (at < iova + size) {
		struct leaf *leaf = leaf_at(domain, at);

		if (!leaf)
			break;
		if (leaf->stubborn && at != iova) {
			leaf->stubborn = false;
			break;
		}
		leaf->mapped = false;
		at = leaf->iova + leaf->size;
	}
	return at - iova;
}

static size_t iommu_unmap_fast(struct iommu_domain *domain, u64 iova, size_t size,
			       struct iommu_iotlb_gather *gather)
{
	return iommu_unmap(domain, iova, size);
}

#define MOST_PAGES 2048

/*
 * Maps a random range from START on, perhaps with holes, and returns its size.
 * Each page is mapped as a whole, since pages are what is pinned, if by several
 * leaves then one behind the other.
 */
static size_t make_table(struct iommu_domain *domain, size_t granule, bool holes, bool zero,
			 bool stubborn)
{
	size_t size = (1 + random_number() % (one_in(16) ? MOST_PAGES : 24)) << PAGE_SHIFT;
	u64 at = START, phys = 1ULL << 32;

	domain->count = 0;
	domain->walks = 0;
	while (at < START + size && domain->count + PAGE_SIZE / granule < MOST_LEAVES) {
		size_t left = START + size - at, leaf = granule;
		unsigned int doubled = random_number() % 20;

		if (holes && one_in(6)) {
			at += PAGE_SIZE;
			continue;
		}
		if (one_in(3))
			phys = (1 + random_number() % 1000) << 32;
		if (zero && one_in(8))
			phys = 0;
		/* Leaves that are smaller than a page fill it. */
		while (doubled-- && !(at & leaf) && leaf * 2 <= left)
			leaf *= 2;
		for (size_t done = 0; !done || done % PAGE_SIZE; done += leaf) {
			domain->leaves[domain->count++] = (struct leaf){
				.iova = at, .phys = phys, .size = leaf, .mapped = true,
				.stubborn = stubborn && !(at % PAGE_SIZE) && one_in(4),
			};
			at += leaf;
			phys += leaf;
		}
	}
	return at - START;
}

/* What a guest has: entries of one size, one behind the other in IOVAs and perhaps in memory. */
struct entries { size_t size; unsigned int count; bool scattered; };

static const struct entries all_entries[] = {
	{ 2 << 20, 1, false },
	{ 1 << 30, 1, false },
	{ 2 << 20, 512, false },
	{ 2 << 20, 512, true },
	{ 4 << 10, 512, true },
	{ 4 << 10, 512, false },
};

static size_t make_entries(struct iommu_domain *domain, const struct entries *entries)
{
	domain->count = entries->count;
	domain->walks = 0;
	for (unsigned int i = 0; i < entries->count; i++)
		domain->leaves[i] = (struct leaf){
			.iova = START + i * entries->size, .size = entries->size, .mapped = true,
			.phys = (1ULL << 32) + i * entries->size * (entries->scattered ? 2 : 1),
		};
	return entries->count * entries->size;
}

static void print_entries(const struct entries *entries, unsigned long walks)
{
	printf("%u%s entries of %zu KiB: %lu walks\n", entries->count,
	       entries->scattered ? " scattered" : "", entries->size >> 10, walks);
}

/* What looking up each page or leaf from @start on once takes. */
static unsigned long looked_up(struct iommu_domain *domain, u64 start, u64 end)
{
	unsigned long count = 0;
	u64 at = start;

	while (at < end) {
		struct leaf *leaf = leaf_at(domain, at);

		count++;
		at = leaf ? max(leaf->iova + leaf->size, at + PAGE_SIZE) : at + PAGE_SIZE;
	}
	return count;
}

#define FAIL(...) do {							\
	fprintf(stderr, "table %lu: ", table);				\
	fprintf(stderr, __VA_ARGS__);					\
	fprintf(stderr, "\n");						\
	exit(1);							\
} while (0)
