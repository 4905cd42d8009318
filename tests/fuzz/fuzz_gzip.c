/* Any bytes behind the first two of a gzip file: an error or a frame, never a crash, and the same in pieces. Any bytes as
 * deflate data: what zlib takes, the module that is faster takes too, to the same bytes, whatever the pieces. */
#include <frame/frame.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "io/csv/csv_inflate.h"
#include "support/torture.h"

#define MOST_BYTES (1u << 20)

static fr_outcome read_with(const uint8_t *bytes, size_t n, uint64_t chunk_bytes)
{
    fr_auto(context) context = fr_context_new(.threads = 1, .chunk_bytes = chunk_bytes,
                                              .limits = { .memory_bytes = 256 << 20, .field_bytes = 1 << 20 });
    fr_auto(frame) frame = fr_read_csv_bytes(bytes, n, .context = context, .on_bad = FR_ON_BAD_SKIP);
    return fr_outcome_of(frame);
}

/* At most `step` bytes in and out at once; → status, with what came out and what was left over. */
static fr_inflate_status inflate_in(fr_call *call, const fr_inflate_api *api, const uint8_t *bytes, size_t n, size_t step,
                                    uint8_t *out, size_t *n_out, size_t *left)
{
    fr_inflate_status status = FR_INFLATE_MORE;
    void *state = calloc(1, api->state_bytes);
    if (!state || !api->open(state, call)) abort();
    size_t at = 0, done = 0;
    for (bool stuck = false; status == FR_INFLATE_MORE && !stuck && done < MOST_BYTES;) {
        size_t some = n - at < step ? n - at : step, room = MOST_BYTES - done < step ? MOST_BYTES - done : step;
        fr_inflate_piece piece = { .in = bytes + at, .n_in = some, .out = out + done, .n_out = room };
        status = api->run(state, &piece);
        stuck = piece.n_out == room && piece.in == bytes + at;
        at = (size_t)(piece.in - bytes);
        done += room - piece.n_out;
    }
    api->close(state);
    free(state);
    *n_out = done;
    *left = n - at;
    return status;
}

static void check_decompressors(const uint8_t *bytes, size_t n)
{
    uint8_t *first = malloc(MOST_BYTES), *second = malloc(MOST_BYTES);
    size_t n_first, n_second, left_first, left_second;
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    fr_inflate_status zlib = inflate_in(&call, &fr_inflate_zlib, bytes, n, MOST_BYTES, first, &n_first, &left_first);
    fr_inflate_status best = inflate_in(&call, fr_inflate_best(&call), bytes, n, n ? 1 + bytes[n - 1] : 1, second, &n_second,
                                        &left_second);
    if (zlib == FR_INFLATE_ENDED && n_first < MOST_BYTES &&
        (best != FR_INFLATE_ENDED || n_first != n_second || memcmp(first, second, n_first) || left_first != left_second))
        __builtin_trap();
    fr_call_end(&call);
    free(second);
    free(first);
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
    check_decompressors(bytes, n);
    return 0;
}
