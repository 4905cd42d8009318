/* first_rows.c — counting the bits, then listing them block by block (see first_rows.h). */
#include "ops/first_rows.h"

#include "base/threads.h"

enum { BLOCK_WORDS = 1 << 11 };            /* 2^17 rows: written together */

typedef struct first_job { const fr_first_rows *r; int64_t *firsts; size_t n_words; } first_job;

static bool write_firsts(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const first_job *job = state;
    const size_t begin = block * BLOCK_WORDS, end = begin + BLOCK_WORDS < job->n_words ? begin + BLOCK_WORDS : job->n_words;
    int64_t *first = job->firsts + job->r->before[begin];
    for (size_t w = begin; w < end; w++)
        for (uint64_t bits = job->r->bits[w]; bits; bits &= bits - 1)
            *first++ = (int64_t)(w * 64 + (size_t)__builtin_ctzll(bits));
    return true;
}

bool fr_count_first_rows(fr_call *call, fr_grouping *g, fr_first_rows *r, size_t n_words)
{
    uint64_t n = 0;
    for (size_t w = 0; w < n_words; w++) {
        r->before[w] = (uint32_t)n;
        n += fr_count_word(r->bits[w]);
    }
    if (n >= FR_NO_ID)
        return fr_fail(call, FR_ERR_LIMIT, "%llu groups, more than %u", (unsigned long long)n, FR_NO_ID - 1);
    g->n_groups = (uint32_t)n;
    return true;
}

bool fr_list_first_rows(fr_call *call, fr_grouping *g, const fr_first_rows *r, size_t n_words)
{
    g->firsts = fr_buffer_array(call, g->n_groups, sizeof(int64_t));
    if (!g->firsts) return false;
    first_job job = { .r = r, .firsts = g->firsts->data, .n_words = n_words };
    return fr_for_blocks(call, fr_block_count(n_words, BLOCK_WORDS), write_firsts, &job);
}

bool fr_number_first_rows(fr_call *call, fr_grouping *g, fr_first_rows *r, size_t n_words)
{
    return fr_count_first_rows(call, g, r, n_words) && fr_list_first_rows(call, g, r, n_words);
}
