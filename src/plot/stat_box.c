/* stat_box.c — Tukey's box: quartiles, whiskers to the last datum within 1.5 of the box's length, outliers.
 *
 *     1 2 3 4 5 6 7 8 9 40     q1 3.25  median 5.5  q3 7.75, fences -3.5 and 14.5: whiskers 1 … 9, outlier 40
 */
#include "plot/stat.h"

#define WHISKER 1.5

/* k of n places, evenly, both ends among them. */
static size_t even_place(size_t i, size_t k, size_t n) { return k < 2 ? 0 : i * (n - 1) / (k - 1); }

typedef struct side { const double *values; size_t n, kept; } side;

/* Room is shared in proportion, and a side that has outliers keeps at least its outermost. */
static void share_room(side *low, side *high, size_t most)
{
    const size_t all = low->n + high->n;
    low->kept  = low->n;
    high->kept = high->n;
    if (all <= most) return;
    low->kept = (size_t)((double)most * (double)low->n / (double)all);
    if (low->n && low->kept == 0) low->kept = 1;
    high->kept = most > low->kept ? most - low->kept : 0;
    if (high->n && high->kept == 0) high->kept = 1;
    if (high->kept > high->n) high->kept = high->n;
}

/* Outermost first in rank: of the low side the first, of the high side the last. */
static void keep(const side *s, bool is_high, fr_box_stat *out)
{
    for (size_t i = 0; i < s->kept; i++) {
        const size_t at = even_place(i, s->kept, s->n), last = s->n - 1;
        out->outliers[out->n_outliers_kept++] = s->values[is_high && s->kept == 1 ? last : at];
    }
}

static void set_whiskers(const double *sorted, size_t n, fr_box_stat *out, side *below, side *above)
{
    const double reach = WHISKER * (out->q3 - out->q1);
    size_t first = 0, last = n - 1;
    while (sorted[first] < out->q1 - reach) first++;
    while (sorted[last] > out->q3 + reach) last--;
    out->low  = sorted[first];
    out->high = sorted[last];
    *below = (side){ .values = sorted, .n = first };
    *above = (side){ .values = sorted + last + 1, .n = n - 1 - last };
}

bool fr_box_stat_make(fr_call *call, fr_arena *arena, const fr_numbers *numbers, size_t most_outliers, fr_box_stat *out)
{
    const double none = (double)NAN;
    size_t n = 0;
    side below, above;
    *out = (fr_box_stat){ none, none, none, none, none, .n = 0 };
    FR_CLEANUP(fr_arena_clear) fr_arena scratch;
    fr_arena_init(&scratch, call->context);
    const double *sorted = fr_sorted_values(call, &scratch, numbers, &n, &out->left);
    if (!sorted) return false;
    if (n == 0) return true;
    out->n      = (int64_t)n;
    out->q1     = fr_sorted_quantile(sorted, n, 0.25);
    out->median = fr_sorted_quantile(sorted, n, 0.5);
    out->q3     = fr_sorted_quantile(sorted, n, 0.75);
    set_whiskers(sorted, n, out, &below, &above);
    out->n_outliers = (int64_t)(below.n + above.n);
    share_room(&below, &above, most_outliers);
    out->outliers = fr_arena_array(call, arena, below.kept + above.kept, sizeof *out->outliers);
    if (!out->outliers) return false;
    keep(&below, false, out);
    keep(&above, true, out);
    return true;
}
