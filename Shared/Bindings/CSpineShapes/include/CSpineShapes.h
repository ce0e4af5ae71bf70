// The packed bank of bones, as bytes of the program: nothing has to lie beside it. NOTICE says where the bones are from.
#pragma once

#include <stddef.h>

/// The first byte; Swift would take an array of unknown length for one byte.
const unsigned char *cspineshapes_start(void);
extern const size_t cspineshapes_count;
