/* join_found.c — marks of keys, and left rows that look theirs up (see join_found.h).
 *
 * Bytes are marked, not bits, because two workers may mark one word at once, and a store costs a fifth of an atomic or.
 */
#include "ops/join_found.h"

#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/codes.h"
#include "kernel/prefetch.h"

#include <string.h>

enum { BLOCK_ROWS = 1 << 16,
       BLOCK_MARKS = 1 << 18 };

typedef struct finding {
    const fr_keys   *right, *left;
    uint64_t         span;
    uint8_t         *marks;                /* by code: 1, or 0 */
    uint64_t        *bits;                 /* the same */
    uint64_t        *found;
    _Atomic(int64_t) n_found;
} finding;

static const uint64_t *dead_rows(const fr_keys *keys)
{
    return keys->dead ? keys->dead->data : NULL;
}

static bool clear_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const finding *f = state;
    const uint64_t from = (uint64_t)block * BLOCK_MARKS, left = f->span - from;
    memset(f->marks + from, 0, (size_t)(left < BLOCK_MARKS ? left : BLOCK_MARKS));
    return fr_go_on(call);
}

static bool mark_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const finding *f = state;
    const uint64_t *dead = dead_rows(f->right);
    const bool far = f->span >= FR_FAR_BYTES;
    uint64_t codes[FR_KEY_VECTOR];
    for (fr_stretch s = fr_stretch_of(f->right->n_rows, BLOCK_ROWS, block); fr_next_stretch(&s);) {
        fr_keys_codes(f->right, 0, f->right->n_parts, s.first, s.n, codes);
        for (size_t i = 0; i < s.n; i++) {
            if (far && i + FR_AHEAD < s.n) fr_ask_for(f->marks, codes[i + FR_AHEAD], 1);
            if (dead && fr_bit(dead, s.first + (int64_t)i)) continue;
            __atomic_store_n(&f->marks[codes[i]], 1, __ATOMIC_RELAXED);
        }
    }
    return fr_go_on(call);
}

static bool pack_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const finding *f = state;
    const uint64_t from = (uint64_t)block * BLOCK_MARKS, left = f->span - from;
    FR_ISA_PICK(fr_codes_kernels)->equal[0](f->bits + from / 64, f->marks + from, 1,
                                            (int64_t)(left < BLOCK_MARKS ? left : BLOCK_MARKS));
    return fr_go_on(call);
}

/* Codes beyond the span belong to rows that are dead. */
static inline uint64_t find_word(const finding *f, const uint64_t *codes, size_t n)
{
    uint64_t word = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t code = codes[i] < f->span ? codes[i] : 0;
        word |= (f->bits[code / 64] >> code % 64 & 1) << i;
    }
    return word;
}

/* A vector of rows is whole words of bits. */
static void find_words(const finding *f, const uint64_t *codes, size_t n, uint64_t *found)
{
    const bool far = f->span / 8 >= FR_FAR_BYTES;
    for (size_t i = 0; i < n; i += 64) {
        for (size_t ahead = i + FR_AHEAD; far && ahead < i + FR_AHEAD + 64 && ahead < n; ahead++)
            fr_ask_for(f->bits, codes[ahead] / 64, sizeof *f->bits);
        found[i / 64] = find_word(f, codes + i, n - i < 64 ? n - i : 64);
    }
}

static bool find_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    finding *f = state;
    const fr_bits_kernels *bits = FR_ISA_PICK(fr_bits_kernels);
    const uint64_t *dead = dead_rows(f->left);
    uint64_t codes[FR_KEY_VECTOR];
    int64_t n = 0;
    for (fr_stretch s = fr_stretch_of(f->left->n_rows, BLOCK_ROWS, block); fr_next_stretch(&s);) {
        uint64_t *found = f->found + s.first / 64;
        fr_keys_codes(f->left, 0, f->left->n_parts, s.first, s.n, codes);
        find_words(f, codes, s.n, found);
        if (dead) bits->only_first(found, found, dead + s.first / 64, (int64_t)s.n);
        n += bits->count(found, (int64_t)s.n);
    }
    atomic_fetch_add_explicit(&f->n_found, n, memory_order_relaxed);
    return fr_go_on(call);
}

bool fr_join_find_keys(fr_call *call, const fr_keys *right, const fr_keys *left, uint64_t span, fr_join_match *out)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *marks = fr_buffer_scattered(call, (size_t)span, 1);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = marks ? fr_buffer_scattered(call, (size_t)span / 64 + 1, 8) : NULL;
    if (bits) out->found = fr_buffer_new(call, fr_bits_bytes(left->n_rows));
    if (!out->found) return false;
    const size_t n_pieces = fr_block_count((size_t)span, BLOCK_MARKS);
    finding f = { .right = right, .left = left, .span = span, .marks = marks->data, .bits = bits->data,
                  .found = out->found->data };
    if (!fr_for_blocks(call, n_pieces, clear_block, &f)) return false;
    if (!fr_for_blocks(call, fr_block_count((size_t)right->n_rows, BLOCK_ROWS), mark_block, &f)) return false;
    if (!fr_for_blocks(call, n_pieces, pack_block, &f)) return false;
    fr_buffer_unref(fr_steal(marks));
    if (!fr_for_blocks(call, fr_block_count((size_t)left->n_rows, BLOCK_ROWS), find_block, &f)) return false;
    out->n_found = f.n_found;
    out->unique = true;
    return true;
}
