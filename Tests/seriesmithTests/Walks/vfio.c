// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO's unmap, replay and unwind on random page tables. Built once with the
 * functions of the base and once with those of the series.
 */
#include "model.h"

#define container_of(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))

struct list_head { struct list_head *next, *prev; };
#define LIST_HEAD(name) struct list_head name = { &(name), &(name) }
#define list_entry(p, type, member) container_of(p, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_next_entry(p, member) list_entry((p)->member.next, typeof(*(p)), member)
#define list_for_each_entry_continue(p, head, member) \
	for (p = list_next_entry(p, member); &p->member != (head); p = list_next_entry(p, member))
#define list_for_each_entry_safe(p, n, head, member)			\
	for (p = list_first_entry(head, typeof(*p), member),		\
	     n = list_next_entry(p, member); &p->member != (head);	\
	     p = n, n = list_next_entry(n, member))

static void list_add_tail(struct list_head *new, struct list_head *head)
{
	new->prev = head->prev;
	new->next = head;
	head->prev->next = new;
	head->prev = new;
}

static void list_del(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
}

static bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

struct rb_node { struct rb_node *next, *prev; };
struct rb_root { struct rb_node *first; };
#define rb_entry(p, type, member) container_of(p, type, member)
#define rb_first(root) ((root)->first)
#define rb_next(node) ((node)->next)
#define rb_prev(node) ((node)->prev)

struct vfio_iommu { struct list_head domain_list; struct rb_root dma_list; };
struct vfio_domain { struct iommu_domain *domain; struct list_head next; };
struct vfio_dma {
	struct rb_node node;
	dma_addr_t iova;
	unsigned long vaddr;
	size_t size;
	int prot;
	bool iommu_mapped;
};
struct vfio_regions {
	struct list_head list;
	dma_addr_t iova;
	phys_addr_t phys;
	size_t len;
};
struct vfio_batch { int unused; };

#define VFIO_IOMMU_TLB_SYNC_MAX 512
#define IOMMU_CACHE 0
#define RLIMIT_MEMLOCK 0
#define rlimit(which) 0UL
#define cond_resched() do { } while (0)
#define iommu_iotlb_gather_init(gather) do { } while (0)
#define iommu_iotlb_sync(domain, gather) do { } while (0)
#define vfio_lock_acct(dma, pages, async) do { } while (0)
#define vfio_batch_init(batch) do { } while (0)
#define vfio_batch_fini(batch) do { } while (0)
#define vfio_batch_unpin(batch, dma) do { } while (0)
#define kfree free
#define kzalloc(size, flags) (one_in(8) ? NULL : calloc(1, size))
#define kzalloc_obj(object) kzalloc(sizeof(object), 0)

static unsigned long table;

/* For each page of the dma, how often it was unpinned or mapped, and where. */
static unsigned char times[1 << 18];
static unsigned long pfns[1 << 18];

static void record(const struct vfio_dma *dma, dma_addr_t iova, unsigned long pfn, size_t count)
{
	size_t page = (iova - dma->iova) >> PAGE_SHIFT;

	for (; count--; page++, pfn++) {
		if (page >= dma->size >> PAGE_SHIFT)
			FAIL("page %zu is behind the range", page);
		times[page]++;
		pfns[page] = pfn;
	}
}

static long vfio_unpin_pages_remote(struct vfio_dma *dma, dma_addr_t iova,
				    unsigned long pfn, unsigned long npage, bool accounted)
{
	record(dma, iova, pfn, npage);
	return npage;
}

/* No memory of a user is there to be pinned, so replays fail and unwind. */
static long vfio_pin_pages_remote(struct vfio_dma *dma, unsigned long vaddr, long npage,
				  unsigned long *pfn, unsigned long limit,
				  struct vfio_batch *batch)
{
	return -ENOMEM;
}

static struct vfio_dma *mapping_dma;

static int iommu_map(struct iommu_domain *domain, u64 iova, phys_addr_t phys, size_t size,
		     int prot, gfp_t gfp)
{
	record(mapping_dma, iova, PHYS_PFN(phys), size >> PAGE_SHIFT);
	return 0;
}

#include "lifted.c"

static struct iommu_domain before, walked, other;

/* Is each page that was mapped recorded once, as it was mapped, and no other? */
static void check_pages(const char *path, const struct vfio_dma *dma)
{
	for (size_t page = 0; page < dma->size >> PAGE_SHIFT; page++) {
		u64 iova = dma->iova + (page << PAGE_SHIFT);
		struct leaf *leaf = leaf_at(&before, iova);

		if (times[page] != !!leaf)
			FAIL("%s: page %zu %d times", path, page, times[page]);
		if (leaf && pfns[page] != PHYS_PFN(leaf->phys + (iova - leaf->iova)))
			FAIL("%s: page %zu is pfn %lx", path, page, pfns[page]);
	}
}

/* How often something mapped is followed by something not mapped. */
static unsigned long hole_starts(const struct vfio_dma *dma)
{
	unsigned long count = 0;

	for (u64 at = dma->iova + PAGE_SIZE; at < dma->iova + dma->size; at += PAGE_SIZE)
		count += leaf_at(&before, at - 1) && !leaf_at(&before, at);
	return count;
}

static void unmap_entries(const struct entries *entries)
{
	struct vfio_domain domain = { .domain = &walked };
	struct vfio_dma dma = { .iova = START, .size = make_entries(&walked, entries) };
	struct vfio_iommu iommu = { .domain_list = { &domain.next, &domain.next } };

	domain.next = (struct list_head){ &iommu.domain_list, &iommu.domain_list };
	before = walked;
	memset(times, 0, dma.size >> PAGE_SHIFT);
	vfio_unmap_unpin(&iommu, &dma, false);
	check_pages("unmap", &dma);
	print_entries(entries, walked.walks);
}

int main(int argc, char **argv)
{
	unsigned long tables = strtoul(argv[1], NULL, 10);
	/* The base takes memory at address 0 for none, and unwinds wrongly. */
	bool base = argc > 2;
	unsigned long walks = 0, least = 0;

	if (PAGE_SHIFT == 12)
		for (size_t i = 0; i < ARRAY_SIZE(all_entries); i++)
			unmap_entries(&all_entries[i]);
	for (table = 0; table < tables; table++) {
		struct vfio_iommu iommu;
		struct vfio_domain domain = { .domain = &walked }, to = { .domain = &walked };
		struct vfio_dma dma = { .iova = START };
		bool stubborn, holes;
		unsigned long leaves;
		size_t granule;
		int path;

		state = table;
		granule = one_in(2) ? 2048 : 4096;
		stubborn = one_in(3);
		holes = one_in(2);
		path = random_number() % 3;
		if (base && path == 2)
			stubborn = false;
		dma.size = make_table(&walked, granule, holes, !base && one_in(4), stubborn);
		before = walked;
		memset(times, 0, dma.size >> PAGE_SHIFT);

		iommu.domain_list = (struct list_head){ &domain.next, &domain.next };
		domain.next = (struct list_head){ &iommu.domain_list, &iommu.domain_list };
		iommu.dma_list.first = &dma.node;
		dma.iommu_mapped = path < 2;
		mapping_dma = &dma;
		switch (path) {
		case 0:
			vfio_unmap_unpin(&iommu, &dma, false);
			check_pages("unmap", &dma);
			break;
		case 1:
			to.domain = &other;
			if (vfio_iommu_replay(&iommu, &to))
				FAIL("the replay fails");
			check_pages("replay", &dma);
			break;
		default:
			if (!vfio_iommu_replay(&iommu, &to))
				FAIL("the replay does not fail");
			check_pages("unwind", &dma);
		}
		/* What an unmap left is looked up again. */
		if (stubborn)
			continue;
		leaves = looked_up(&before, START, START + dma.size);
		walks += walked.walks;
		least += leaves;
		/* Where nothing is mapped, the look-up is not kept. */
		if (!base && walked.walks != leaves + hole_starts(&dma))
			FAIL("path %d: %lu walks for %lu leaves", path, walked.walks, leaves);
	}
	printf("walks=%lu leaves=%lu\n", walks, least);
	return 0;
}
