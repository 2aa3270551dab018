// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first process of the machine that `seriesmith prove` boots. It runs the
 * suites that the kernel command line names (prove=one,other), prints what
 * comes of them as KTAP, and powers the machine off.
 *
 * A test that unmaps memory prints before its result how often page tables
 * were walked for that:
 *
 *	# walks: bytes=2097152 leaf=2097152 leaves=1 pieces=1 instructions=81200 some_fn=512
 *
 * leaf is the largest that can map a part of the memory, leaves the smallest
 * number that can map all of it, pieces the number of those that are physically
 * contiguous, and what follows the functions that walked,
 * each with its calls. The machine's clock counts instructions: one takes a
 * nanosecond.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/iommufd.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KB(n) ((size_t)(n) << 10)
#define MB(n) ((size_t)(n) << 20)
#define GB(n) ((size_t)(n) << 30)
#define PAGE KB(4)
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Memory to map, and how large the pages are that it is made of. */
struct mapping {
	const char *name;
	size_t page;
	/* Where in its first page it starts. */
	size_t offset;
	size_t size;
	/* The largest leaf that can map a part of it. */
	size_t leaf;
	/* Whether no page continues the one before it. */
	bool scattered;
};

static const struct mapping mappings[] = {
	{ "2 MiB, a page of 2 MiB", MB(2), 0, MB(2), MB(2) },
	{ "1 MiB, a part of a page of 2 MiB", MB(2), 0, MB(1), KB(4) },
	{ "3 MiB from the middle of a page of 2 MiB", MB(2), MB(1), MB(3), MB(2) },
	{ "5 MiB to the middle of a page of 2 MiB", MB(2), 0, MB(5), MB(2) },
	{ "2 MiB, pages of 4 KiB", KB(4), 0, MB(2), KB(4) },
	{ "2 MiB, scattered pages of 4 KiB", KB(4), 0, MB(2), KB(4), true },
	{ "1 GiB, a page of 1 GiB", GB(1), 0, GB(1), GB(1) },
	{ "1 GiB, scattered pages of 2 MiB", MB(2), 0, GB(1), MB(2), true },
};

/* Aligned to the largest page, and far from where x86 has its interrupts. */
#define IOVA GB(4)

/* A way to have memory mapped in an IOMMU. */
struct path {
	const char *name;
	/* Returns why it cannot be used, or NULL. */
	const char *(*open)(void);
	int (*map)(void *memory, uint64_t iova, size_t size);
	/* Returns how much was unmapped. */
	size_t (*unmap)(uint64_t iova, size_t size);
};

/* Why the test that is running fails. */
static char problem[256];

__attribute__((format(printf, 1, 2)))
static bool fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem, sizeof(problem), format, arguments);
	va_end(arguments);
	return false;
}

static bool write_file(const char *path, int flags, const char *text)
{
	int fd = open(path, O_WRONLY | flags);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	return close(fd) == 0 && ok;
}

/* The number after a word at the start of a line of a file. */
static long number_in(const char *path, const char *word)
{
	size_t length = strlen(word);
	char line[256];
	long value = -1;
	FILE *file = fopen(path, "r");

	if (!file)
		return -1;
	while (value < 0 && fgets(line, sizeof(line), file))
		if (!strncmp(line, word, length) && strchr(" :\t", line[length]))
			value = strtol(line + length + 1, NULL, 10);
	fclose(file);
	return value;
}

/* Counting walks */

#define TRACING "/sys/kernel/tracing/"

/*
 * What walks a page table is the op. Whoever asks through the core ends there,
 * once for each walk, however many wrappers the core has. The second is for
 * kernels whose Intel driver has page tables of its own.
 */
static const char *const walkers[] = {
	"pt_iommu_*_iova_to_*",
	"intel_iommu_iova_to_*",
};

static bool choose_walkers(void)
{
	bool any = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(walkers); i++)
		any |= write_file(TRACING "set_ftrace_filter", O_APPEND, walkers[i]);
	return any || fail("no function that walks a page table can be traced");
}

static bool count_walks(bool on)
{
	return write_file(TRACING "function_profile_enabled", 0, on ? "1" : "0") ||
	       fail("the function profiler cannot be switched: %m");
}

/* Prints the functions that were called, each with the number of its calls. */
static bool print_walks(void)
{
	char line[256], name[64];
	unsigned long calls;
	FILE *file = fopen(TRACING "trace_stat/function0", "r");

	if (!file)
		return fail("the function profile cannot be read: %m");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " %63s %lu", name, &calls) == 2)
			printf(" %s=%lu", name, calls);
	fclose(file);
	return true;
}

/* Memory */

struct pins {
	/* Page pins that were taken and not released, of the whole machine. */
	long held;
	/* In KiB, of this process. */
	long locked, pinned;
};

static struct pins pins_now(void)
{
	return (struct pins){
		.held = number_in("/proc/vmstat", "nr_foll_pin_acquired") -
			number_in("/proc/vmstat", "nr_foll_pin_released"),
		.locked = number_in("/proc/self/status", "VmLck"),
		.pinned = number_in("/proc/self/status", "VmPin"),
	};
}

static size_t allocated(const struct mapping *m)
{
	return (m->offset + m->size + m->page - 1) / m->page * m->page;
}

/* Moves pages so that those that follow each other were far apart. */
static void *scatter(char *memory, const struct mapping *m)
{
	size_t pages = m->size / m->page, i;
	char *to = mmap(NULL, m->size + m->page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (to == MAP_FAILED)
		return NULL;
	to += -(uintptr_t)to % m->page;
	for (i = 0; i < pages; i++) {
		/* A step that has no factor in common with the number of pages. */
		char *page = memory + i * 5 % pages * m->page;

		if (mremap(page, m->page, m->page, MREMAP_MAYMOVE | MREMAP_FIXED,
			   to + i * m->page) == MAP_FAILED)
			return NULL;
	}
	return to;
}

static void *allocate(const struct mapping *m)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE;
	void *memory;

	if (m->page > PAGE)
		flags |= MAP_HUGETLB | __builtin_ctzl(m->page) << MAP_HUGE_SHIFT;
	memory = mmap(NULL, allocated(m), PROT_READ | PROT_WRITE, flags, -1, 0);
	if (memory == MAP_FAILED)
		return NULL;
	return m->scattered ? scatter(memory, m) : memory;
}

/* The sizes that an entry of the page table can have, the largest first. */
static const size_t leaf_sizes[] = { GB(1), MB(2), KB(4) };

struct layout {
	/*
	 * The smallest number of leaves that map the memory: each is contiguous,
	 * and aligned to its own size in both address spaces.
	 */
	long leaves;
	/* The number of pieces that are physically contiguous. */
	long pieces;
};

/* How the memory lies; zeros if frames are not known. */
static struct layout layout(const char *memory, uint64_t iova, size_t size)
{
	size_t pages = size / PAGE, bytes = pages * sizeof(uint64_t), i, j, s;
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t *frames = malloc(bytes);
	struct layout layout = { 0, 0 };

	if (!frames ||
	    pread(fd, frames, bytes, (uintptr_t)memory / PAGE * sizeof(uint64_t)) != (ssize_t)bytes)
		pages = 0;
	close(fd);
	for (i = 0; i < pages; i++) {
		frames[i] &= (1ULL << 55) - 1;
		if (!i || frames[i] != frames[i - 1] + 1)
			layout.pieces++;
	}
	for (i = 0; i < pages; i += leaf_sizes[s] / PAGE, layout.leaves++) {
		for (s = 0; s < ARRAY_SIZE(leaf_sizes) - 1; s++) {
			size_t n = leaf_sizes[s] / PAGE;

			if ((iova / PAGE + i) % n || frames[i] % n || pages - i < n)
				continue;
			for (j = 1; j < n && frames[i + j] == frames[i] + j; j++)
				;
			if (j == n)
				break;
		}
	}
	free(frames);
	return layout;
}

/* VFIO's type 1 */

static int container = -1;

/* The name of the first entry of a folder that starts as asked and goes on with a digit. */
static const char *first_in(const char *folder, const char *start)
{
	static char path[512];
	size_t length = strlen(start);
	DIR *dir = opendir(folder);
	struct dirent *entry;
	const char *found = NULL;

	while (dir && !found && (entry = readdir(dir))) {
		char next = strncmp(entry->d_name, start, length) ? 0 : entry->d_name[length];

		if (next < '0' || next > '9')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		found = path;
	}
	if (dir)
		closedir(dir);
	return found;
}

static const char *open_type1(void)
{
	const char *path = first_in("/dev/vfio", "");
	int group = path ? open(path, O_RDWR) : -1;

	if (group < 0)
		return "there is no VFIO group";
	container = open("/dev/vfio/vfio", O_RDWR);
	if (container < 0)
		return "there is no VFIO container";
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container))
		return "the group cannot be put into the container";
	if (ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return "the container cannot be of type 1";
	return NULL;
}

static int map_type1(void *memory, uint64_t iova, size_t size)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.iova = iova,
		.size = size,
	};

	return ioctl(container, VFIO_IOMMU_MAP_DMA, &map);
}

static size_t unmap_type1(uint64_t iova, size_t size)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = iova,
		.size = size,
	};

	return ioctl(container, VFIO_IOMMU_UNMAP_DMA, &unmap) ? 0 : unmap.size;
}

/* iommufd */

static int iommufd = -1;
static uint32_t ioas;

static const char *open_iommufd(void)
{
	struct vfio_device_bind_iommufd bind = { .argsz = sizeof(bind) };
	struct vfio_device_attach_iommufd_pt attach = { .argsz = sizeof(attach) };
	struct iommu_ioas_alloc alloc = { .size = sizeof(alloc) };
	const char *path = first_in("/dev/vfio/devices", "vfio");
	int device = path ? open(path, O_RDWR) : -1;

	if (device < 0)
		return "there is no VFIO device";
	iommufd = open("/dev/iommu", O_RDWR);
	if (iommufd < 0)
		return "there is no /dev/iommu";
	bind.iommufd = iommufd;
	if (ioctl(device, VFIO_DEVICE_BIND_IOMMUFD, &bind))
		return "the device cannot be bound";
	if (ioctl(iommufd, IOMMU_IOAS_ALLOC, &alloc))
		return "there is no address space";
	attach.pt_id = ioas = alloc.out_ioas_id;
	if (ioctl(device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach))
		return "the device cannot be attached";
	return NULL;
}

static int map_iommufd(void *memory, uint64_t iova, size_t size)
{
	struct iommu_ioas_map map = {
		.size = sizeof(map),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | IOMMU_IOAS_MAP_READABLE |
			 IOMMU_IOAS_MAP_WRITEABLE,
		.ioas_id = ioas,
		.user_va = (uintptr_t)memory,
		.length = size,
		.iova = iova,
	};

	return ioctl(iommufd, IOMMU_IOAS_MAP, &map);
}

static size_t unmap_iommufd(uint64_t iova, size_t size)
{
	struct iommu_ioas_unmap unmap = {
		.size = sizeof(unmap),
		.ioas_id = ioas,
		.iova = iova,
		.length = size,
	};

	return ioctl(iommufd, IOMMU_IOAS_UNMAP, &unmap) ? 0 : unmap.length;
}

/* Tests */

/* Maps and unmaps the memory; counting the walks would add instructions. */
static bool unmap_once(const struct path *path, const struct mapping *m,
		       char *memory, bool walks, long *nanoseconds)
{
	uint64_t iova = IOVA + m->offset;
	struct pins before, mapped, after;
	struct timespec start, end;
	size_t unmapped;

	before = pins_now();
	if (path->map(memory, iova, m->size))
		return fail("the memory cannot be mapped: %m");
	mapped = pins_now();
	if (walks && !count_walks(true))
		return false;
	clock_gettime(CLOCK_MONOTONIC, &start);
	unmapped = path->unmap(iova, m->size);
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (walks && !count_walks(false))
		return false;
	after = pins_now();
	*nanoseconds = (end.tv_sec - start.tv_sec) * 1000000000 +
		       end.tv_nsec - start.tv_nsec;

	if (unmapped != m->size)
		return fail("%zu bytes were unmapped, not %zu", unmapped, m->size);
	if (mapped.held - before.held != (long)(m->size / PAGE))
		return fail("mapping pinned %ld pages, not %zu", mapped.held - before.held,
			    m->size / PAGE);
	if (after.held != before.held)
		return fail("%ld pages are still pinned", after.held - before.held);
	if (after.locked != before.locked || after.pinned != before.pinned)
		return fail("%ld KiB still count as locked and %ld KiB as pinned",
			    after.locked - before.locked, after.pinned - before.pinned);
	return true;
}

/* The first round allocates what the others use again, and timers interrupt some. */
#define ROUNDS 5

/* Prints the walks that unmapping takes, and the instructions of the shortest round. */
static bool unmap_counted(const struct path *path, const struct mapping *m,
			  char *memory)
{
	struct layout lies = layout(memory, IOVA + m->offset, m->size);
	long nanoseconds, fewest = -1;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if (!unmap_once(path, m, memory, false, &nanoseconds))
			return false;
		if (fewest < 0 || nanoseconds < fewest)
			fewest = nanoseconds;
	}
	if (!unmap_once(path, m, memory, true, &nanoseconds))
		return false;
	printf("    # walks: bytes=%zu leaf=%zu leaves=%ld pieces=%ld instructions=%ld", m->size,
	       m->leaf, lies.leaves, lies.pieces, fewest);
	if (!print_walks())
		return false;
	printf("\n");
	return true;
}

static void print_result(bool ok, size_t number, const char *name)
{
	if (!ok)
		printf("    # %s\n", problem);
	printf("    %s %zu %s\n", ok ? "ok" : "not ok", number, name);
}

static void begin(const char *suite, size_t count)
{
	printf("    KTAP version 1\n    # Subtest: %s\n    1..%zu\n", suite, count);
}

/* Runs the mappings that are scattered, or those that are not. */
static bool run_path(const struct path *path, bool scattered)
{
	const char *reason = path->open();
	size_t i, count = 0, number = 0;
	bool all = true;

	for (i = 0; i < ARRAY_SIZE(mappings); i++)
		count += mappings[i].scattered == scattered;
	begin(path->name, count);
	for (i = 0; i < ARRAY_SIZE(mappings); i++) {
		const struct mapping *m = &mappings[i];
		char *memory;
		bool ok;

		if (m->scattered != scattered)
			continue;
		number++;
		memory = allocate(m);
		if (!memory) {
			printf("    ok %zu %s # SKIP there is no such memory\n", number, m->name);
			continue;
		}
		if (reason)
			ok = fail("%s: %m", reason);
		else
			ok = choose_walkers() && unmap_counted(path, m, memory + m->offset);
		print_result(ok, number, m->name);
		all &= ok;
		munmap(memory, allocated(m));
	}
	return all;
}

static bool run_type1(void)
{
	static const struct path path = { "vfio", open_type1, map_type1, unmap_type1 };

	return run_path(&path, false);
}

static bool run_type1_scattered(void)
{
	static const struct path path = {
		"vfio_scattered", open_type1, map_type1, unmap_type1
	};

	return run_path(&path, true);
}

static bool run_iommufd(void)
{
	static const struct path path = { "iommufd", open_iommufd, map_iommufd, unmap_iommufd };

	return run_path(&path, false);
}

static bool run_iommufd_scattered(void)
{
	static const struct path path = {
		"iommufd_scattered", open_iommufd, map_iommufd, unmap_iommufd
	};

	return run_path(&path, true);
}

/* Tests that the kernel runs while it boots, and what it says when they passed. */
static const struct {
	const char *name;
	const char *passed;
} boot_selftests[] = {
	{ "arm-v7s io-pgtable", "arm-v7s io-pgtable: self test ok" },
};

static bool run_boot_selftests(void)
{
	int size = klogctl(10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0);
	char *log = calloc(1, size + 1);
	bool all = true;
	size_t i;

	klogctl(3 /* SYSLOG_ACTION_READ_ALL */, log, size);
	begin("boot_selftests", ARRAY_SIZE(boot_selftests));
	for (i = 0; i < ARRAY_SIZE(boot_selftests); i++) {
		bool ok = strstr(log, boot_selftests[i].passed) ||
			  fail("the kernel did not say '%s'", boot_selftests[i].passed);

		print_result(ok, i + 1, boot_selftests[i].name);
		all &= ok;
	}
	free(log);
	return all;
}

/* Programs that print TAP of their own. */

/* Runs the program as a suite: what it prints goes on, indented. */
static bool run_program(const char *program)
{
	char line[1024];
	int fds[2], status;
	FILE *output;
	pid_t child;

	printf("    KTAP version 1\n    # Subtest: %s\n", program);
	fflush(stdout);
	if (pipe(fds))
		return false;
	child = fork();
	if (!child) {
		dup2(fds[1], 1);
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		execl(program, program, NULL);
		_exit(127);
	}
	close(fds[1]);
	output = fdopen(fds[0], "r");
	while (fgets(line, sizeof(line), output))
		if (strncmp(line, "TAP version", 11))
			printf("    %s", line);
	fclose(output);
	return waitpid(child, &status, 0) == child && status == 0;
}

static bool run_iommufd_selftest(void)
{
	return run_program("iommufd_selftest");
}

static const struct {
	const char *name;
	bool (*run)(void);
} suites[] = {
	{ "boot_selftests", run_boot_selftests },
	{ "vfio", run_type1 },
	{ "vfio_scattered", run_type1_scattered },
	{ "iommufd", run_iommufd },
	{ "iommufd_scattered", run_iommufd_scattered },
	{ "iommufd_selftest", run_iommufd_selftest },
};

/* Runs the suite in a process of its own, so that what it holds goes with it. */
static bool run_suite(const char *name)
{
	pid_t child;
	int status;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suites) && strcmp(suites[i].name, name); i++)
		;
	if (i == ARRAY_SIZE(suites))
		return false;
	fflush(stdout);
	child = fork();
	if (!child) {
		bool ok = suites[i].run();

		fflush(stdout);
		_exit(!ok);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

static void mount_all(void)
{
	static const char *const mounts[][2] = {
		{ "proc", "/proc" },
		{ "sysfs", "/sys" },
		{ "devtmpfs", "/dev" },
		{ "tracefs", "/sys/kernel/tracing" },
	};
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(mounts); i++) {
		mkdir(mounts[i][1], 0755);
		mount(mounts[i][0], mounts[i][1], mounts[i][0], 0, NULL);
	}
	/* The kernel had no /dev to open the console in. */
	fd = open("/dev/console", O_RDWR);
	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	setvbuf(stdout, NULL, _IOLBF, 0);
}

int main(void)
{
	char *names, *name, *rest;
	size_t number = 0;

	mount_all();
	/* The kernel hands on what it does not know itself. */
	names = getenv("prove");
	if (names) {
		printf("KTAP version 1\n");
		for (name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
			bool ok = run_suite(name);

			printf("%s %zu %s\n", ok ? "ok" : "not ok", ++number, name);
		}
		printf("1..%zu\n", number);
	}
	printf("prove: done\n");
	fflush(stdout);
	reboot(RB_AUTOBOOT);
	return 1;
}
