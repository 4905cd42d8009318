/* best_rows.h — what the two ways of finding the best rows of groups share (see group_best.c). */
#ifndef FR_OPS_BEST_ROWS_H
#define FR_OPS_BEST_ROWS_H

#include "kernel/prefetch.h"
#include "ops/group_ends.h"

#include <stdatomic.h>

enum { FR_BEST_RUNS = 4 };                 /* codes a row, at most: keys so wide that they need more are sorted */
#define FR_NO_BEST UINT64_MAX              /* above all codes; every word of an entry that no row has taken */

/* The rows a pass looks at: all; those up to the guess; those that may be in groups which then lack rows. */
typedef enum fr_best_pass { FR_BEST_ALL, FR_BEST_LIKELY, FR_BEST_REST } fr_best_pass;

typedef struct fr_best_job {
    const fr_keys *slots, *order;
    fr_left_rows   left;                               /* the others are not there */
    fr_best_pass   pass;
    uint64_t       guess;
    _Atomic(size_t) n_open;                            /* slots with room after the likely rows */
    size_t         span, n, n_runs, width;             /* an entry: n_runs codes, then the row */
    size_t         run_at[FR_BEST_RUNS + 1];           /* parts of `order` */
    uint64_t       mirror[FR_BEST_RUNS];               /* code → mirror - code, for the last rows */
    fr_stripes     stripes;
    bool           last;
    bool           limited;                            /* are numbers of 32 bits enough to tell most rows apart? */
    _Atomic(uint64_t) *keep;
} fr_best_job;

typedef struct fr_best_vector {            /* rows whose codes are made at once */
    int64_t  first;
    size_t   n, n_near;
    uint64_t codes[FR_BEST_RUNS][FR_KEY_VECTOR];
    uint32_t slots[FR_KEY_VECTOR];
    uint32_t near[FR_KEY_VECTOR + 1];      /* rows that may be among the best of their slot … */
    uint64_t words[FR_KEY_VECTOR / 64];    /* … and the bits of those that the pass looks at */
} fr_best_vector;

/* Codes and slots of rows v->first … v->first + v->n - 1. */
void fr_best_make_codes(const fr_best_job *job, size_t n_runs, fr_best_vector *v);
/* Which of them are not beyond the guess, or, false, beyond. */
void fr_best_list_likely(const fr_best_job *job, fr_best_vector *v, bool likely);
void fr_best_list_all(const fr_best_job *job, fr_best_vector *v);
/* Can a value tell whether its row is likely? A lone key whose nulls and NaN are not. */
bool fr_best_compares_values(const fr_best_job *job);
/* The bits of the rows of a pass, how many there are, and, unless by values, the first codes of all. */
void fr_best_mark_rows(const fr_best_job *job, bool by_values, fr_best_vector *v);
/* The first codes of those that are marked. */
void fr_best_take_codes(const fr_best_job *job, bool by_values, const fr_best_vector *v, uint64_t *codes);
/* The rows of the pass, of FR_BEST_REST those that are listed already, and their first codes side by side, not by row. */
void fr_best_list_rows(const fr_best_job *job, bool by_values, fr_best_vector *v);

/* Which of the 64 rows from row v->first + i on are left. */
static inline uint64_t fr_best_left(const fr_best_job *job, const fr_best_vector *v, size_t i)
{
    const int64_t row = v->first + (int64_t)i;
    return fr_valid_word(fr_left_bits(&job->left), row, v->first + (int64_t)v->n);
}

/* The values of n rows, which are read soon. */
FR_TEMPLATE_FN void fr_best_ask_for(const fr_best_job *job, int64_t first, int64_t n)
{
    const fr_keys *both[] = { job->order, job->slots };
    for (size_t k = 0; k < FR_COUNT_OF(both); k++)
        for (size_t i = 0; i < both[k]->n_parts; i++) {
            const fr_key_part *part = &both[k]->parts[i];
            fr_ask_for_stretch(part->values + (size_t)first * part->width, (size_t)n * part->width);
        }
}

static inline void fr_best_keep(const fr_best_job *job, uint64_t row)
{
    atomic_fetch_or_explicit(&job->keep[row / 64], (uint64_t)1 << (row & 63), memory_order_relaxed);
}

/* ---- heaps of n entries, the worst one first --------------------------------------------------------------------- */
static inline bool fr_best_before(const uint64_t *a, const uint64_t *b, size_t width)
{
    size_t i = 0;
    while (i + 1 < width && a[i] == b[i]) i++;
    return a[i] < b[i];
}

static inline void fr_best_put(uint64_t *to, const uint64_t *entry, size_t width)
{
    for (size_t i = 0; i < width; i++) to[i] = entry[i];
}

/* The entry in place of the worst one, when it is better. */
static inline void fr_best_offer(uint64_t *heap, size_t n, const uint64_t *entry, size_t width)
{
    size_t at = 0, child;
    if (!fr_best_before(entry, heap, width)) return;
    while ((child = 2 * at + 1) < n) {
        if (child + 1 < n && fr_best_before(heap + child * width, heap + (child + 1) * width, width)) child++;
        if (!fr_best_before(entry, heap + child * width, width)) break;
        fr_best_put(heap + at * width, heap + child * width, width);
        at = child;
    }
    fr_best_put(heap + at * width, entry, width);
}

/* ---- many groups ------------------------------------------------------------------------------------------------- */
/* The job done part by part, for entries of one code; `guess` and `pass` are set. */
bool fr_best_run_parts(fr_call *call, fr_best_job *job) FR_MUST_USE;
/* The same of all or likely rows by limits, of slots that are done with then, whose bits become set in `closed`; the others
 * are counted in n_open. For one or two rows of each. */
enum { FR_MOST_LIMITED = 2 };
bool fr_best_run_limits(fr_call *call, fr_best_job *job, uint32_t *closed) FR_MUST_USE;

#endif
