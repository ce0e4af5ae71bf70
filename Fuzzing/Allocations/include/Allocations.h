/* Counts what malloc hands out, in Swift, C++ and the libraries, through the hooks of AddressSanitizer. */
#ifndef COLUMNA_ALLOCATIONS_H
#define COLUMNA_ALLOCATIONS_H

#include <stddef.h>

/* Installs the hooks; once, at the start. Returns 0 where they cannot be installed. */
int allocations_install(void);

/* Begins a measurement: the peak becomes what is allocated now. */
void allocations_begin(void);

/* Bytes allocated at most at one time since the beginning, beyond those of the beginning. */
size_t allocations_peak(void);

#endif
