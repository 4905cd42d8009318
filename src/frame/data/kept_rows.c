/* kept_rows.c — counting bits once, finding rows by them (see kept_rows.h). */
#include "data/kept_rows.h"

#include <string.h>

#include "base/starts.h"

enum { MARK_ROWS = 1 << 12 };

static int64_t *make_marks(fr_call *call, const uint64_t *bits, int64_t n, size_t n_marks)
{
    int64_t *marks = fr_new_array(call, n_marks, sizeof *marks), before = 0;
    for (size_t i = 0; marks && i < n_marks; i++) {
        const int64_t from = (int64_t)i * MARK_ROWS;
        marks[i] = before;
        if (from < n) before += fr_bits_count(bits + from / 64, fr_smaller(MARK_ROWS, n - from));
    }
    return marks;
}

fr_kept_rows *fr_kept_rows_new(fr_call *call, fr_buffer *bits, int64_t n, int64_t n_kept)
{
    fr_kept_rows *kept = fr_new(call, sizeof *kept);
    if (!kept) return NULL;
    *kept = (fr_kept_rows){ .context = fr_ref(call->context), .bits = fr_buffer_ref(bits),
                            .n_marks = (size_t)n / MARK_ROWS + 1 };
    atomic_init(&kept->refs, 1);
    if (fr_selection_make(call, bits->data, n, n_kept, &kept->selection))
        kept->marks = make_marks(call, bits->data, n, kept->n_marks);
    if (kept->marks) return kept;
    fr_kept_rows_unref(kept);
    return NULL;
}

fr_kept_rows *fr_kept_rows_ref(fr_kept_rows *kept)
{
    if (kept) atomic_fetch_add_explicit(&kept->refs, 1, memory_order_relaxed);
    return kept;
}

void fr_kept_rows_unref(fr_kept_rows *kept)
{
    if (!kept || atomic_fetch_sub_explicit(&kept->refs, 1, memory_order_acq_rel) > 1) return;
    fr_context *context = kept->context;
    fr_selection_clear(&kept->selection);
    if (kept->marks) fr_free_array(context, kept->marks, kept->n_marks, sizeof *kept->marks);
    fr_buffer_unref(kept->bits);
    fr_free(context, kept, sizeof *kept);
    fr_unref(context);
}

void fr_drop_kept_rows(fr_kept_rows **kept)
{
    fr_kept_rows_unref(*kept);
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */
/* Where kept row `row` lies. */
static int64_t find_row(const fr_kept_rows *kept, int64_t row)
{
    const size_t mark = fr_part_at(kept->marks, kept->n_marks, row);
    const uint64_t *word = kept->selection.keep + mark * (MARK_ROWS / 64);
    int64_t left = row - kept->marks[mark];
    for (int64_t here; (here = fr_count_word(*word)) <= left; word++) left -= here;
    uint64_t bits = *word;
    while (left--) bits &= bits - 1;
    return (word - kept->selection.keep) * 64 + __builtin_ctzll(bits);
}

fr_kept_span fr_kept_span_of(const fr_kept_rows *kept, int64_t first, int64_t n)
{
    if (!n) return (fr_kept_span){ 0, 0 };
    return (fr_kept_span){ find_row(kept, first), find_row(kept, first + n - 1) + 1 };
}

/* The word in which a span begins, without the rows before it. */
static uint64_t first_word(const fr_kept_rows *kept, fr_kept_span span)
{
    return kept->selection.keep[span.from / 64] & UINT64_MAX << span.from % 64;
}

fr_kept_rows *fr_kept_rows_cut(fr_call *call, const fr_kept_rows *kept, fr_kept_span span, int64_t n)
{
    const int64_t from = span.from / 64 * 64, n_rows = span.until - from;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_bits_new(call, n_rows);
    if (!bits) return NULL;
    uint64_t *words = bits->data;
    if (n_rows) memcpy(words, kept->selection.keep + from / 64, fr_bits_bytes(n_rows));
    if (n_rows) words[0] = first_word(kept, span);
    return fr_kept_rows_new(call, bits, n_rows, n);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */
void fr_kept_values(const fr_kept_rows *kept, fr_kept_span span, int64_t n, const void *values, size_t width, void *out)
{
    void (*keep)(void *, int64_t, const void *, const uint64_t *, int64_t) =
        FR_ISA_PICK(fr_select_kernels)->keep[fr_select_width(width)];
    const int64_t from = span.from / 64 * 64, until = fr_smaller(from + 64, span.until);
    const uint64_t first = first_word(kept, span) & fr_bits_below(0, until - from);
    const int64_t done = fr_count_word(first);
    keep(out, done, (const char *)values + (size_t)from * width, &first, until - from);
    if (until < span.until)
        keep((char *)out + (size_t)done * width, n - done, (const char *)values + (size_t)until * width,
             kept->selection.keep + until / 64, span.until - until);
}

void fr_kept_bits(const fr_kept_rows *kept, fr_kept_span span, const uint64_t *bits, uint64_t *out)
{
    const fr_bits_kernels *kernels = FR_ISA_PICK(fr_bits_kernels);
    const int64_t from = span.from / 64 * 64, until = fr_smaller(from + 64, span.until);
    const uint64_t first = first_word(kept, span);
    const int64_t done = kernels->keep(out, 0, bits + from / 64, &first, until - from);
    if (until < span.until)
        kernels->keep(out, done, bits + until / 64, kept->selection.keep + until / 64, span.until - until);
}

int64_t fr_kept_nulls(const fr_kept_rows *kept, const uint64_t *valid)
{
    int64_t n = 0;
    for (int64_t i = 0; valid && i < kept->selection.n; i += 64)
        n += fr_count_word(fr_valid_word(kept->selection.keep, i, kept->selection.n) & ~valid[i / 64]);
    return n;
}
