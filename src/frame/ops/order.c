/* order.c — codes, sorted run by run (see order.h). */
#include "ops/order.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/radix_sort.h"

enum { BLOCK_ROWS = 1 << 16 };

typedef struct order_job {
    const fr_keys  *keys;
    size_t          at, n_parts;           /* the run                                                                   */
    uint64_t       *codes;                 /* by row                                                                    */
    uint64_t       *sorted;                /* by place                                                                  */
    fr_row_array    rows;
} order_job;

static size_t rows_of_block(const order_job *job, size_t block, int64_t *begin)
{
    *begin = (int64_t)block * BLOCK_ROWS;
    const int64_t left = job->keys->n_rows - *begin;
    return left < BLOCK_ROWS ? (size_t)left : BLOCK_ROWS;
}

static bool make_codes(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const order_job *job = state;
    int64_t begin;
    const size_t n = rows_of_block(job, block, &begin);
    if (!fr_go_on(call)) return false;
    for (size_t i = 0; i < n; i += FR_KEY_VECTOR) {
        const size_t some = n - i < FR_KEY_VECTOR ? n - i : FR_KEY_VECTOR;
        fr_keys_codes(job->keys, job->at, job->n_parts, begin + (int64_t)i, some, job->codes + begin + (int64_t)i);
    }
    return true;
}

static bool gather_codes(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const order_job *job = state;
    int64_t begin;
    const size_t n = rows_of_block(job, block, &begin);
    const fr_rows rows = fr_rows_view(job->rows.at, job->rows.wide, job->keys->n_rows);
    const size_t end = (size_t)begin + n;
    if (rows.wide)
        for (size_t i = (size_t)begin; i < end; i++) job->sorted[i] = job->codes[rows.wide[i]];
    else
        for (size_t i = (size_t)begin; i < end; i++) job->sorted[i] = job->codes[rows.narrow[i]];
    return true;
}

/* The longest run of parts that ends before `end` and fits one code. */
static size_t run_before(const fr_keys *keys, size_t end, uint64_t *span)
{
    size_t at = end;
    uint64_t product = 1;
    while (at > 0 && !__builtin_mul_overflow(product, keys->parts[at - 1].rule.span, &product)) at--;
    product = 1;
    for (size_t i = at; i < end; i++) product *= keys->parts[i].rule.span;
    *span = product;
    return at;
}

static bool sort_run(fr_call *call, order_job *job, uint64_t span, bool first)
{
    const size_t n = (size_t)job->keys->n_rows, n_blocks = fr_block_count(n, BLOCK_ROWS);
    if (!fr_for_blocks(call, n_blocks, make_codes, job)) return false;
    if (first) return fr_sort_rows(call, job->codes, &job->rows, span - 1);
    return fr_for_blocks(call, n_blocks, gather_codes, job) && fr_sort_rows(call, job->sorted, &job->rows, span - 1);
}

fr_buffer *fr_order_of_keys(fr_call *call, const fr_keys *keys)
{
    const size_t n = (size_t)keys->n_rows;
    const bool wide = fr_rows_are_wide(keys->n_rows);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, n, fr_row_bytes(wide));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *codes = fr_buffer_array(call, n, sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sorted = NULL;
    if (!rows || !codes) return NULL;
    for (size_t i = 0; i < n; i++) fr_row_put(rows->data, wide, i, (int64_t)i);

    order_job job = { .keys = keys, .codes = codes->data, .rows = { .at = rows->data, .wide = wide, .n = n } };
    for (size_t end = keys->n_parts; end > 0; end = job.at) {
        uint64_t span;
        job.at = run_before(keys, end, &span);
        job.n_parts = end - job.at;
        const bool first = end == keys->n_parts;
        if (!first && !sorted) {
            sorted = fr_buffer_array(call, n, sizeof(uint64_t));
            if (!sorted) return NULL;
            job.sorted = sorted->data;
        }
        if (!sort_run(call, &job, span, first)) return NULL;
    }
    fr_buffer *done = rows;
    rows = NULL;
    return done;
}

fr_buffer *fr_order_of(fr_call *call, fr_column *const *columns, const fr_key_want *wants, const char *const *names,
                       size_t n, int64_t n_rows)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, n_rows);
    for (size_t i = 0; i < n; i++)
        if (!fr_keys_add(call, &keys, columns[i], &wants[i], names ? names[i] : NULL)) return NULL;
    return fr_order_of_keys(call, &keys);
}

fr_rows fr_order_rows(const fr_buffer *order, int64_t n)
{
    return fr_rows_view(order->data, fr_rows_are_wide(n), n);
}

bool fr_rows_are_identity(const fr_rows *rows)
{
    for (int64_t i = 0; i < rows->n; i++)
        if (fr_row_at(rows, i) != i) return false;
    return true;
}
