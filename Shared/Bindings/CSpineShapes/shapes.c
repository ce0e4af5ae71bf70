#include "CSpineShapes.h"

// SwiftPM's own way, an array literal of Swift, takes the compiler minutes for megabytes.
static const unsigned char bytes[] = {
#embed "shapes.bin"
};

const unsigned char *cspineshapes_start(void) { return bytes; }
const size_t cspineshapes_count = sizeof bytes;
