/* load.h — bytes as they lie, from any address, as a number. */
#ifndef FR_BASE_LOAD_H
#define FR_BASE_LOAD_H

#include <stdint.h>
#include <string.h>

static inline uint64_t fr_load64(const char *p) { uint64_t x; memcpy(&x, p, 8); return x; }
static inline uint32_t fr_load32(const char *p) { uint32_t x; memcpy(&x, p, 4); return x; }

#endif
