/* set_lanes.inc.h — which bits of a byte are set: byte i of entry m is the number of the i-th set bit of m.
 *
 * A table of 2 KB, since pext, which would make an entry in two steps, takes a hundred cycles and more on AMD processors
 * before Zen 3.
 */
#include <stdint.h>

#define LANE(m, i)  (((m) >> (i) & 1) * ((uint64_t)(i) << 8 * __builtin_popcount((m) & ((1u << (i)) - 1))))
#define LANES(m)    (LANE(m, 0) | LANE(m, 1) | LANE(m, 2) | LANE(m, 3) | LANE(m, 4) | LANE(m, 5) | LANE(m, 6) | LANE(m, 7))
#define LANES4(m)   LANES((m)), LANES((m) + 1), LANES((m) + 2), LANES((m) + 3)
#define LANES16(m)  LANES4(m), LANES4((m) + 4), LANES4((m) + 8), LANES4((m) + 12)
#define LANES64(m)  LANES16(m), LANES16((m) + 16), LANES16((m) + 32), LANES16((m) + 48)
static const uint64_t set_lanes[256] = { LANES64(0u), LANES64(64u), LANES64(128u), LANES64(192u) };
