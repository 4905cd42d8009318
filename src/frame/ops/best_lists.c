/* best_lists.c — which rows of a vector are looked at, and their codes (see best_rows.h).
 *
 * Likely rows are told by their values where these can tell, and only theirs become codes (AVX2: 69 → 60 ms, with 5 % of
 * all missing 93 → 83).
 */
#include "ops/best_rows.h"

#include "kernel/bits.h"
#include "kernel/compare.h"
#include "kernel/select.h"

#include <string.h>

void fr_best_make_codes(const fr_best_job *job, size_t n_runs, fr_best_vector *v)
{
    for (size_t r = 0; r < n_runs; r++) {
        fr_keys_codes(job->order, job->run_at[r], job->run_at[r + 1] - job->run_at[r], v->first, v->n, v->codes[r]);
        for (size_t i = 0; job->last && i < v->n; i++) v->codes[r][i] = job->mirror[r] - v->codes[r][i];
    }
}

static void list_bits(fr_best_vector *v, size_t i, uint64_t word)
{
    for (; word; word &= word - 1) v->near[v->n_near++] = (uint32_t)i + (uint32_t)__builtin_ctzll(word);
}

void fr_best_list_all(const fr_best_job *job, fr_best_vector *v)
{
    v->n_near = 0;
    for (size_t i = 0; i < v->n; i += 64) list_bits(v, i, fr_best_left(job, v, i));
}

void fr_best_list_likely(const fr_best_job *job, fr_best_vector *v, bool likely)
{
    uint64_t words[FR_KEY_VECTOR / 64];
    v->n_near = 0;
    FR_ISA_PICK(fr_compare_kernels)->u64[likely ? FR_LESS_EQUAL : FR_GREATER](
        words, (fr_lanes){ v->codes[0], 1 }, (fr_lanes){ &job->guess, 0 }, v->n);
    for (size_t i = 0; i < v->n; i += 64) list_bits(v, i, words[i / 64] & fr_best_left(job, v, i));
}

bool fr_best_compares_values(const fr_best_job *best)
{
    const fr_key_part *part = best->order->parts;
    return best->pass == FR_BEST_LIKELY && !best->last && best->order->n_parts == 1 && part->slice == FR_KEY_WHOLE
        && !part->map && part->kernels->near && part->rule.nan_code > best->guess
        && (!part->valid || part->rule.null_code > best->guess);
}

/* By their values, of which only theirs become codes later. */
static void mark_by_values(const fr_best_job *best, fr_best_vector *v)
{
    const fr_key_part *part = best->order->parts;
    part->kernels->near(v->words, part->values + (size_t)v->first * part->width, v->n, &part->rule, best->guess);
    for (size_t i = 0; part->valid && i < v->n; i += 64) v->words[i / 64] &= part->valid[((size_t)v->first + i) / 64];
}

void fr_best_mark_rows(const fr_best_job *best, bool by_values, fr_best_vector *v)
{
    if (by_values) mark_by_values(best, v);
    else fr_best_make_codes(best, 1, v);
    if (!by_values && best->pass == FR_BEST_ALL) memset(v->words, 0xff, sizeof v->words);
    if (!by_values && best->pass == FR_BEST_LIKELY)
        FR_ISA_PICK(fr_compare_kernels)->u64[FR_LESS_EQUAL](v->words, (fr_lanes){ v->codes[0], 1 },
                                                           (fr_lanes){ &best->guess, 0 }, v->n);
    v->n_near = 0;
    for (size_t i = 0; i < v->n; i += 64) {
        v->words[i / 64] &= fr_best_left(best, v, i);
        v->n_near += fr_count_word(v->words[i / 64]);
    }
}

void fr_best_take_codes(const fr_best_job *best, bool by_values, const fr_best_vector *v, uint64_t *codes)
{
    const fr_select_kernels *kernels = FR_ISA_PICK(fr_select_kernels);
    const fr_key_part *part = best->order->parts;
    uint64_t room[FR_KEY_VECTOR];
    if (!by_values) {
        kernels->keep[fr_select_width(sizeof *codes)](codes, (int64_t)v->n_near, v->codes[0], v->words, (int64_t)v->n);
        return;
    }
    kernels->keep[fr_select_width(part->width)](room, (int64_t)v->n_near, part->values + (size_t)v->first * part->width,
                                                v->words, (int64_t)v->n);
    part->kernels->codes(codes, room, v->n_near, &part->rule, NULL, false);
}

void fr_best_list_rows(const fr_best_job *best, bool by_values, fr_best_vector *v)
{
    if (best->pass == FR_BEST_REST) {
        fr_best_make_codes(best, 1, v);
        for (size_t k = 0; k < v->n_near; k++) v->codes[0][k] = v->codes[0][v->near[k]];
        return;
    }
    uint64_t codes[FR_KEY_VECTOR];
    fr_best_mark_rows(best, by_values, v);
    fr_best_take_codes(best, by_values, v, codes);
    memcpy(v->codes[0], codes, v->n_near * sizeof *codes);
    v->n_near = 0;
    for (size_t i = 0; i < v->n; i += 64) list_bits(v, i, v->words[i / 64]);
}
