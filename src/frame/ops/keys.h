/* keys.h — key columns as one unsigned integer a row.
 *
 * Each key column becomes one part (rarely several): a rule that turns its values into codes below a small span, from
 * the column's range, its dictionary, or its texts themselves (data/text_numbers.h). Null has a code of its own, NaN
 * has one, -0 is 0. While the product of the spans fits 64 bits, a row's key is the mixed-radix number of its codes:
 *
 *     region (3 texts)  store 100 … 199     key = code(region) × 100 + code(store)          span 300
 *
 * For sorting, the same with order-preserving codes: the smallest key is the first row. Keys that do not fit are folded
 * by ops/group_codes.c (groups) or sorted run by run (ops/order.c), so no row is ever compared with another.
 *
 * Two sides: a join makes the parts of the build side first and then, with the same rules, those of the probe side.
 * Rows of the probe side whose value lies outside the rules match nothing; they are marked in `dead`.
 */
#ifndef FR_OPS_KEYS_H
#define FR_OPS_KEYS_H

#include "data/frame.h"
#include "kernel/byte_keys.h"
#include "kernel/key_codes.h"

#define FR_KEY_VECTOR 2048                 /* rows whose codes are made at once: 16 KB, stays in L1 */

/* The rows of a block, a vector after the other: `for (fr_stretch s = fr_stretch_of(…); fr_next_stretch(&s);)`. */
typedef struct fr_stretch {
    int64_t first, end;                    /* of the vector; of the block */
    size_t  n;                             /* rows of the vector: 0 before the first */
} fr_stretch;

static inline fr_stretch fr_stretch_of(int64_t n_rows, int64_t block_rows, size_t block)
{
    const int64_t begin = (int64_t)block * block_rows, left = n_rows - begin;
    return (fr_stretch){ .first = begin, .end = left < block_rows ? n_rows : begin + block_rows };
}

static inline bool fr_next_stretch(fr_stretch *s)
{
    s->first += (int64_t)s->n;
    if (s->first >= s->end) return false;
    s->n = s->end - s->first < FR_KEY_VECTOR ? (size_t)(s->end - s->first) : FR_KEY_VECTOR;
    return true;
}

typedef enum fr_key_slice {                /* what of a value a part speaks for                                       */
    FR_KEY_WHOLE,
    FR_KEY_HIGH, FR_KEY_LOW,               /* halves of 64 bits                                                       */
    FR_KEY_WORD1_HIGH, FR_KEY_WORD1_LOW,   /* halves of the upper word of 128 bits                                    */
    FR_KEY_VALID                           /* is there a value                                                        */
} fr_key_slice;

typedef struct fr_key_part {
    const fr_code_kernels *kernels;
    const char     *values;
    size_t          width;                 /* bytes of a value; 0: bits                                               */
    const uint64_t *valid;                 /* NULL: no nulls, or another part speaks for them                         */
    const uint32_t *map;                   /* code in the dictionary → rank, or code in the build side's dictionary    */
    fr_code_rule    rule;
    uint64_t        zero_code;             /* what a null's zero bits become before they are patched                  */
    fr_key_slice    slice;
    const fr_column *column;               /* whose values these are; NULL: nobody's, or they are made on the way      */
    const fr_column *text;                 /* whose texts the values are hashes of; NULL: the values are exact        */
    bool            folded;                /* the values are numbers that others were folded into (fr_keys_fold)      */
} fr_key_part;

typedef struct fr_key_want {               /* zero: equality only, any order                                          */
    bool ordered;                          /* codes sort as the values do                                             */
    bool descending;
    bool nulls_first;
    bool nan_first;                        /* NaN before numbers (else after numbers, before or after null)           */
} fr_key_want;

typedef struct fr_keys {
    fr_context  *context;
    int64_t      n_rows;
    size_t       n_parts, capacity;
    fr_key_part *parts;                    /* owned array, from the part on that is the first after folding …         */
    size_t       gap;                      /* … behind so many                                                        */
    size_t       n_kept, kept_capacity;
    fr_column  **kept;                     /* owned references: columns made on the way                               */
    fr_buffer   *dead;                     /* bitmap of rows that belong nowhere; NULL: none                          */
} fr_keys;
#define FR_KEYS_INIT(call, n_rows_) { .context = (call)->context, .n_rows = (n_rows_) }

/* Append the parts of a column; lists and structs by their numbers (ops/nested_keys.h). Where order is not wanted, many
 * texts may be spoken for by hashes (ops/text_hashes.h): such parts are for fr_grouping_of_keys, which makes sure of
 * them, and their span, 2^62, is too wide for those who use codes as addresses. */
bool fr_keys_add(fr_call *call, fr_keys *keys, const fr_column *column, const fr_key_want *want, const char *name)
    FR_MUST_USE;
/* Append the parts of both sides of a join's key; the columns have one type and, for text, are coded: by one dictionary,
 * or each by its own, and then a text that build's lacks has a code that no row of `build` has. Other values of `probe`
 * that no row of `build` can have make its row dead. */
bool fr_keys_add_pair(fr_call *call, fr_keys *build, fr_keys *probe, const fr_column *build_column,
                      const fr_column *probe_column, const char *name) FR_MUST_USE;
/* Does some part hold hashes? */
bool fr_keys_are_hashed(const fr_keys *keys);
/* The same parts and dead rows once more, as long as `keys` are kept: to begin again after folding. */
bool fr_keys_copy(fr_call *call, fr_keys *copy, const fr_keys *keys) FR_MUST_USE;
/* Numbers of a dictionary in place of hashes. */
bool fr_keys_spell_out(fr_call *call, fr_keys *keys) FR_MUST_USE;
/* Hold a column until the keys are cleared; the reference is taken over, also on failure. */
bool fr_keys_keep(fr_call *call, fr_keys *keys, fr_column *column) FR_MUST_USE;
/* Make the rows dead in which the column is null. */
bool fr_keys_kill_nulls(fr_call *call, fr_keys *keys, const fr_column *column) FR_MUST_USE;
/* The bitmap of dead rows, zeroed when there was none. */
uint64_t *fr_keys_dead(fr_call *call, fr_keys *keys) FR_MUST_USE;
/* Append a part that holds numbers below span. `column` is u32 or u64, kept by the keys. */
bool fr_keys_insert_ids(fr_call *call, fr_keys *keys, size_t at, fr_column *ids, uint64_t span) FR_MUST_USE;
/* The same in place of n > 0 parts; those before them, few, move up, so a fold costs what it folds. */
bool fr_keys_fold(fr_call *call, fr_keys *keys, size_t at, size_t n, fr_column *ids, uint64_t span) FR_MUST_USE;
void fr_keys_remove(fr_keys *keys, size_t at, size_t n);
void fr_keys_clear(fr_keys *keys);         /* works as FR_CLEANUP */

/* How many parts from `at` on fit one 64-bit code, and below which number the code then is (0 parts: 1). */
size_t fr_keys_fit(const fr_keys *keys, size_t at, uint64_t *span);
/* Codes of parts at … at+n_parts-1 for rows first … first+n-1; first is a multiple of 64, n ≤ FR_KEY_VECTOR. */
void   fr_keys_codes(const fr_keys *keys, size_t at, size_t n_parts, int64_t first, size_t n, uint64_t *out);
/* The same of all parts in 32 bits; false when they cannot be made so. */
bool   fr_keys_slots(const fr_keys *keys, int64_t first, size_t n, uint32_t *out);
/* All parts as keys of bytes; → how many, 0 when they are not, or their span is beyond FR_BYTE_PLACES. */
size_t fr_keys_bytes(const fr_keys *keys, fr_byte_key bytes[static FR_BYTE_KEYS]);

#endif
