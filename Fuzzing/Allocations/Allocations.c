#include "Allocations.h"

#include <sanitizer/allocator_interface.h>
#include <stdatomic.h>

static atomic_llong live, peak;
static long long base;

static void allocated(const volatile void *place, size_t size) {
    (void)place;
    const long long now = atomic_fetch_add_explicit(&live, (long long)size, memory_order_relaxed) + (long long)size;
    long long highest = atomic_load_explicit(&peak, memory_order_relaxed);
    while (now > highest && !atomic_compare_exchange_weak_explicit(&peak, &highest, now, memory_order_relaxed, memory_order_relaxed)) {}
}

static void freed(const volatile void *place) {
    if (place == NULL) { return; }
    atomic_fetch_sub_explicit(&live, (long long)__sanitizer_get_allocated_size(place), memory_order_relaxed);
}

int allocations_install(void) { return __sanitizer_install_malloc_and_free_hooks(allocated, freed); }

void allocations_begin(void) {
    base = atomic_load_explicit(&live, memory_order_relaxed);
    atomic_store_explicit(&peak, base, memory_order_relaxed);
}

size_t allocations_peak(void) {
    const long long difference = atomic_load_explicit(&peak, memory_order_relaxed) - base;
    return difference > 0 ? (size_t)difference : 0;
}
