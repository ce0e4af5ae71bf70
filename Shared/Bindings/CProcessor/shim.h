// Hints to the processor that Swift has no word for: ask for a cache line before it is needed.
#pragma once

static inline void columna_prefetch_to_read(const void *address) { __builtin_prefetch(address, 0, 3); }
static inline void columna_prefetch_to_write(const void *address) { __builtin_prefetch(address, 1, 3); }
