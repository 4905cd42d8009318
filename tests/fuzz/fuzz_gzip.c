/* Any bytes behind the first two of a gzip file: an error or a frame, never a crash, and the same in pieces. */
#include <frame/frame.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "support/torture.h"

static fr_outcome read_with(const uint8_t *bytes, size_t n, uint64_t chunk_bytes)
{
    fr_auto(context) context = fr_context_new(.threads = 1, .chunk_bytes = chunk_bytes,
                                              .limits = { .memory_bytes = 256 << 20, .field_bytes = 1 << 20 });
    fr_auto(frame) frame = fr_read_csv_bytes(bytes, n, .context = context, .on_bad = FR_ON_BAD_SKIP);
    return fr_outcome_of(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    uint8_t *packed = malloc(n + 2);
    if (!packed) return 0;
    packed[0] = 0x1f;
    packed[1] = 0x8b;
    if (n) memcpy(packed + 2, bytes, n);
    fr_outcome whole = read_with(packed, n + 2, 0), pieces = read_with(packed, n + 2, 7);
    if (whole.code != pieces.code || whole.digest != pieces.digest) __builtin_trap();
    free(packed);
    return 0;
}
