/*
 * Teaches the thread sanitizer about Swift's Mutex.
 *
 * The fast path, which takes and releases an uncontended mutex, is inlined into the caller, where the sanitizer sees
 * it. The slow path, which waits, is in libswiftSynchronization. That is not built with the sanitizer, which does not
 * know its futexes: without this file, the sanitizer reports every mutex that two threads ever contended for.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

/* Synchronization._MutexHandle._lockSlow(Swift.UInt32) -> () */
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
/* Synchronization._MutexHandle._unlockSlow() -> () */
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

#define SWIFT __attribute__((swiftcall))
/* Swift passes `self` in this register. */
#define SELF __attribute__((swift_context))

typedef SWIFT void lock(uint32_t thread, SELF void *mutex);
typedef SWIFT void unlock(SELF void *mutex);

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT void unlock_slow(SELF void *mutex) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF void *mutex)
{
	((lock *)dlsym(RTLD_NEXT, LOCK))(thread, mutex);
	__tsan_acquire(mutex);
}

SWIFT void unlock_slow(SELF void *mutex)
{
	__tsan_release(mutex);
	((unlock *)dlsym(RTLD_NEXT, UNLOCK))(mutex);
}
