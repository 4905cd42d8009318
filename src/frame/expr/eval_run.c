/* eval_run.c — runs a prepared term over all rows: fixed blocks on the pool, vectors of 4096 inside, longer ones where
 * a column is only compared as it lies.
 *
 * Fixed-width results go straight into the final buffers; texts as well, or are collected (text_out.h), per block, and the
 * blocks' heaps joined at the end, unless they are parts of the texts of a column and stay in its heap (eval_views.c).
 *
 * Of several rows that cannot be computed the lowest is reported: when a vector fails at row r, it is run again for the
 * rows before r, until none fails. Blocks are started in order, so the answer does not depend on the threads.
 */
#include "expr/eval_run.h"

#include "base/threads.h"
#include "data/pieced_column.h"
#include "data/text_form.h"
#include "expr/eval_mapped.h"
#include "expr/eval_views.h"
#include "expr/fn.h"
#include "expr/formula.h"
#include "expr/text_scan.h"
#include "kernel/bits.h"
#include "kernel/stream.h"

#include <string.h>

/* ---- workers ----------------------------------------------------------------------------------------------------- */
void fr_run_begin(fr_run *run, fr_call *call)
{
    fr_arena_init(&run->texts, call->context);
    run->matcher.context = call->context;
}

void fr_run_end(fr_run *run)
{
    fr_context *context = run->texts.context;
    fr_run_forget_texts(run);
    for (fr_slot *slot = run->slots, *next; slot; slot = next) {
        next = slot->next;
        fr_free(context, slot, sizeof *slot);
    }
    run->slots = NULL;
    fr_arena_clear(&run->texts);
    fr_matcher_clear(&run->matcher);
}

typedef struct job {
    fr_call    *call;
    fr_typed   *typed;
    fr_term    *term;
    int64_t     n_rows, base;
    size_t      block_rows, vector_rows;
    fr_run     *workers;
    fr_phys phys; /* how the values of the result lie                                               */
    size_t width; /* of one of them; 0: bits                                                        */
    char *values; /* final buffers                                                                  */
    uint64_t   *valid;
    int64_t *nulls;  /* per block                                                                      */
    fr_texts *texts; /* per block, for text                                                            */
    fr_views_fn *views;     /* set: the texts are computed on the views of the first argument                  */
    const fr_column *whole; /* set: the texts are parts of this column's                                       */
    size_t *used;           /* per block: bytes of its heap that are                                           */
    bool mask;       /* bits only: true and valid                                                      */
    bool stream;     /* values are computed in the cache and written past it                           */
    bool is_of_reals;       /* all of it is one loop over doubles                                                */
    fr_formula formula;
} job;

enum { STREAM_VIEWS = 1024 };    /* 16 KB, in the first-level cache */
enum { NARROWED_ROWS = 1024 };
enum { SCAN_ROWS = 1 << 16 };    /* whose bits are read from one column as it lies: kernel/stretches.h */
_Static_assert(SCAN_ROWS / 8 <= sizeof ((fr_slot *)0)->values, "the bits of a scan have room in a slot");

static size_t round_up(size_t x) { return (x + 63) / 64 * 64; }
static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static void begin_vector(fr_run *run, int64_t first, size_t n)
{
    fr_run_forget_texts(run);
    run->first = first;
    run->n = n;
    run->failed = -1;
    run->selected = NULL;
    run->views_done = false;
}

/* ---- storing a vector -------------------------------------------------------------------------------------------- */
/* Whole numbers in fewer bytes than they were computed in. */
static void store_narrow(const job *j, const fr_vector *v, char *to, size_t n)
{
    for (size_t i = 0; i < n && !v->step; i++) fr_integers_copy(j->phys, to + i * j->width, j->term->phys, v->values, 1);
    if (v->step) fr_integers_copy(j->phys, to, j->term->phys, v->values, n);
}

static void copy_values(const job *j, const fr_vector *v, char *to, size_t n)
{
    if (v->values == to) return;
    if (j->phys != j->term->phys) return store_narrow(j, v, to, n);
    if (v->step == 0) for (size_t i = 0; i < n; i++) memcpy(to + i * j->width, v->values, j->width);
    else memcpy(to, v->values, n * j->width);
}

static void narrow_decimals(const fr_vector *v, int64_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) to[i] = (int64_t)((const fr_i128 *)v->values)[i * v->step];
}

static bool store_texts(job *j, size_t block, const fr_vector *v, fr_view *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fr_piece t = fr_at_text(v, i);
        if (!fr_vector_has(v, i)) to[i] = (fr_view){ .words = { 0, 0 } };
        else if (!fr_texts_add(j->call, j->texts + block, t.text, t.n, to + i)) return false;
    }
    return true;
}

static void store_parts(job *j, size_t block, const fr_vector *v, size_t first, size_t n)
{
    const fr_view *whole = (const fr_view *)j->whole->values + first;
    fr_view *to = (fr_view *)(void *)j->values + first;
    const char *const *bases = j->whole->heap ? j->whole->heap->bases : NULL;
    for (size_t i = 0; i < n; i++) {
        fr_piece t = fr_at_text(v, i);
        to[i] = fr_vector_has(v, i) ? fr_view_part(whole + i, bases, t.text, t.n) : (fr_view){ .words = { 0, 0 } };
    }
    if (bases) j->used[block] += fr_views_long_bytes(to, n);
}

/* `valid` and the values begin at the vector's first row. */
static void zero_nulls(void *values, size_t width, const uint64_t *valid, size_t n)
{
    for (size_t i = 0; i < n; i += 64) {
        uint64_t word = ~valid[i / 64];
        if (n - i < 64) word &= ((uint64_t)1 << (n - i)) - 1;
        if (!width) ((uint64_t *)values)[i / 64] &= ~word;
        else for (; word; word &= word - 1)
            memset((char *)values + (i + (size_t)__builtin_ctzll(word)) * width, 0, width);
    }
}

static void store_mask(job *j, size_t block, const fr_vector *v, uint64_t *to, size_t n)
{
    const fr_bits_kernels *k = FR_ISA_PICK(fr_bits_kernels);
    if (v->valid || v->values != to) k->both(to, v->values, v->valid ? v->valid : v->values, (int64_t)n);
    else if (n % 64) to[n / 64] &= fr_bits_below((int64_t)n / 64, (int64_t)n);
    j->nulls[block] += k->count(to, (int64_t)n);                         /* here: how many are true */
}

/* How many are null. */
static size_t store_valid(const fr_vector *v, uint64_t *to, size_t n)
{
    if (!v->valid) return memset(to, 0xFF, fr_words(n) * 8), (size_t)0;
    memcpy(to, v->valid, fr_words(n) * 8);
    return n - (size_t)fr_bits_count(to, (int64_t)n);
}

static bool store_values(job *j, const fr_run *run, size_t block, const fr_vector *v, char *to, size_t first, size_t n)
{
    if (j->whole) return store_parts(j, block, v, first, n), true;
    if (run->views_done) return true;
    if (j->term->phys == FR_PHYS_VIEW) return store_texts(j, block, v, (fr_view *)(void *)to, n);
    if (j->term->phys == FR_PHYS_I128 && j->width == 8) narrow_decimals(v, (int64_t *)(void *)to, n);
    else if (!j->width) memmove(to, v->values, fr_words(n) * 8);
    else copy_values(j, v, to, n);
    return true;
}

static bool store(job *j, const fr_run *run, size_t block, const fr_vector *v, size_t first, size_t n)
{
    uint64_t *valid = j->valid + first / 64;
    if (j->mask) return store_mask(j, block, v, valid, n), true;
    char *to = j->values + (j->width ? first * j->width : first / 8);
    size_t nulls = store_valid(v, valid, n);
    j->nulls[block] += (int64_t)nulls;
    if (j->stream && n % 64 == 0 && v->values == v->room) {
        if (nulls) zero_nulls(v->room, j->width, valid, n);
        return fr_stream(to, v->room, n * j->width), true;
    }
    if (!store_values(j, run, block, v, to, first, n)) return false;
    if (nulls) zero_nulls(to, j->width, valid, n);
    return true;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */
/* The row that failed is known; look for a lower one. */
static bool find_lowest(fr_run *run, const fr_term *term)
{
    while (run->failed > 0) {
        fr_vector out;
        int64_t rows = run->failed;
        run->target = NULL;
        run->views = NULL;
        begin_vector(run, run->first, (size_t)rows);
        if (fr_run_term(run, term, &out)) fr_run_release(run, &out);
        if (run->failed < 0) break;
    }
    return false;
}

/* Does a vector of the term hold the very bytes of the result? */
static bool lies_as_stored(const job *j)
{
    size_t width = j->term->phys == FR_PHYS_I128 ? 16 : fr_phys_width(j->term->phys);
    return !j->mask && j->width && j->width == width && j->term->phys != FR_PHYS_VIEW;
}

/* Where the root's values may be written at once; NULL: nowhere. */
static void *target_of(const job *j, size_t first)
{
    if (j->mask) return j->term->phys == FR_PHYS_BOOL ? j->valid + first / 64 : NULL;
    return lies_as_stored(j) && !j->stream ? j->values + first * j->width : NULL;
}

static bool run_vector(job *j, fr_run *run, size_t block, size_t first, size_t n)
{
    fr_vector out;
    begin_vector(run, (int64_t)first, n);
    run->root = j->term;
    run->target = target_of(j, first);
    run->views = j->texts && !j->whole ? (fr_view *)(void *)j->values + first : NULL;
    run->view_texts = run->views ? j->texts + block : NULL;
    if (!fr_run_term(run, j->term, &out)) return find_lowest(run, j->term);
    bool ok = store(j, run, block, &out, first, n);
    fr_run_release(run, &out);
    return ok;
}

/* Views are made some at a time in the first-level cache and written past the others. */
static bool stream_views(job *j, size_t block, const fr_views *all)
{
    fr_view room[STREAM_VIEWS];
    for (size_t i = 0; i < all->n; i += STREAM_VIEWS) {
        fr_views some = { .from = all->from + i, .bases = all->bases, .to = room, .texts = all->texts,
                          .n = smaller(all->n - i, STREAM_VIEWS) };
        if (!j->views(j->call, j->term, &some)) return false;
        if (all->bases) j->used[block] += fr_views_long_bytes(room, some.n);
        fr_stream(all->to + i, room, some.n * sizeof *room);
    }
    fr_stream_end();
    return true;
}

enum { FORMED_VIEWS = 512 };     /* 8 KB twice, and their numbers */

/* Views of some texts of one form, which become those of the answer: all in the first-level cache. */
static bool run_formed(job *j, size_t block, size_t first, size_t n)
{
    const fr_column *column = j->term->args[0]->column;
    const bool stream = (size_t)j->n_rows * sizeof(fr_view) >= FR_STREAM_MIN_BYTES;
    uint64_t numbers[FORMED_VIEWS], valid[FORMED_VIEWS / 64 + 1];
    fr_window_room room = { .values = numbers, .valid = valid };
    fr_view from[FORMED_VIEWS + FR_BUFFER_SLACK / sizeof(fr_view)], to[FORMED_VIEWS + FR_BUFFER_SLACK / sizeof(fr_view)];
    for (size_t i = 0; i < n; i += FORMED_VIEWS) {
        const size_t some = smaller(n - i, FORMED_VIEWS);
        const fr_window rows = fr_column_window(column, (int64_t)(first + i), (int64_t)some, &room);
        const fr_vector nulls = { .valid = rows.valid };
        fr_views views = { .from = from, .to = to, .texts = j->texts + block, .n = some };
        fr_form_short_views(&column->form->bits, rows.values, rows.valid, some, from);
        j->nulls[block] += (int64_t)store_valid(&nulls, j->valid + (first + i) / 64, some);
        if (!j->views(j->call, j->term, &views)) return false;
        fr_view *out = (fr_view *)(void *)j->values + first + i;
        if (stream) fr_stream(out, to, some * sizeof *to);
        else memcpy(out, to, some * sizeof *to);
    }
    if (stream) fr_stream_end();
    return true;
}

/* Nulls are those of the first argument; an empty text gives an empty one. */
static bool run_views(job *j, size_t block, size_t first, size_t n)
{
    const fr_column *column = j->term->args[0]->column;
    if (column->form) return run_formed(j, block, first, n);
    fr_vector nulls = { .valid = column->valid ? column->valid + first / 64 : NULL };
    fr_views views = { .from = (const fr_view *)column->values + first, .bases = column->heap ? column->heap->bases : NULL,
                       .to = (fr_view *)(void *)j->values + first, .n = n, .texts = j->texts + block };
    j->nulls[block] = (int64_t)store_valid(&nulls, j->valid + first / 64, n);
    const bool large = (size_t)j->n_rows * sizeof(fr_view) >= FR_STREAM_MIN_BYTES;
    if (large && (j->whole || !views.bases)) return stream_views(j, block, &views);
    if (!j->views(j->call, j->term, &views)) return false;
    if (j->whole && views.bases) j->used[block] = fr_views_long_bytes(views.to, n);
    return true;
}

static bool run_reals(const job *j, fr_run *run, size_t block, size_t first, size_t n)
{
    double *to = (double *)(void *)j->values + first;
    size_t nulls = 0;
    const bool ok = fr_formula_run(&j->formula, run, first, n, to, j->valid + first / 64, j->stream, &nulls);
    j->nulls[block] = (int64_t)nulls;
    if (j->stream) fr_stream_end();
    return ok;
}

static bool run_block(fr_call *call, void *state, size_t block, size_t worker)
{
    job *j = state;
    size_t from = block * j->block_rows, until = from + j->block_rows;
    if (until > (size_t)j->n_rows) until = (size_t)j->n_rows;
    if (!fr_go_on(call)) return false;
    if (j->views) return run_views(j, block, from, until - from);
    if (j->is_of_reals) return run_reals(j, j->workers + worker, block, from, until - from);
    for (size_t first = from; first < until; first += j->vector_rows) {
        if (!run_vector(j, j->workers + worker, block, first, smaller(until - first, j->vector_rows))) return false;
        if (j->texts && first == from && until - from > j->vector_rows)
            fr_texts_expect(j->texts + block, (double)(until - from) / (double)j->vector_rows - 1);
    }
    if (j->stream) fr_stream_end();
    return true;
}

static bool reads_text(const fr_term *term)
{
    bool text = term->kind == FR_TERM_CALL && term->n_args && term->args[0]->phys == FR_PHYS_VIEW;
    for (size_t i = 0; i < term->n_args && !text; i++) text = reads_text(term->args[i]);
    return text;
}

/* Is an argument of the last call a vector that lies in the cache? Then the result is better made there as well and
 * streamed out: y = a * b + c / 2 of 10^7 rows takes CPU 16.7 ms instead of 19.3. Where columns become the result in one
 * loop, streaming behind it costs more than it saves: y = a * a takes 7.9 ms and 6.5 written in place. */
static bool reads_vectors(const fr_term *term)
{
    bool vectors = false;
    for (size_t i = 0; i < term->n_args && !term->lazy; i++) {
        const fr_term *arg = term->args[i];
        vectors |= arg->kind == FR_TERM_CALL || (arg->kind == FR_TERM_COLUMN && (fr_is_narrow(arg->column) || arg->column->digits));
    }
    return vectors;
}

/* The entries of a dictionary are few rows that cost much: sixteen blocks, so that all threads have some. */
static size_t rows_of_block(const job *j)
{
    size_t most = round_up(fr_block_rows(j->call)), rows = ((size_t)j->n_rows / 16 / FR_VECTOR_ROWS + 1) * FR_VECTOR_ROWS;
    return rows < most && reads_text(j->term) ? rows : most;
}

static bool begin_texts(job *j, size_t n_blocks)
{
    j->views = fr_views_of(j->term);
    j->whole = fr_whole_of_parts(j->term);
    j->used = fr_new_array(j->call, n_blocks, sizeof *j->used);
    j->texts = j->used ? fr_new_array(j->call, n_blocks, sizeof *j->texts) : NULL;
    for (size_t i = 0; j->texts && i < n_blocks; i++) j->texts[i] = (fr_texts)FR_TEXTS_INIT(j->call);
    return j->texts != NULL;
}

/* Is the result of one call stored narrow? The call's own vector had better stay in the first-level cache: 4,096 rows of
 * eight bytes fill it (10^7 rows, CPU: month of dates 9.4 → 7.0, weekday 7.0 → 3.8). Where several calls follow each other,
 * what each costs a vector is more than that. */
static bool narrows_at_once(const job *j)
{
    bool alone = j->phys != j->term->phys && fr_kind_is_integer(j->term->type->kind) && !j->term->lazy;
    for (size_t i = 0; i < j->term->n_args && alone; i++) alone = j->term->args[i]->kind != FR_TERM_CALL;
    return alone;
}

static bool run_blocks(job *j)
{
    fr_call *call = j->call;
    size_t n_workers = fr_worker_count(call), n_blocks;
    j->block_rows = rows_of_block(j);
    const bool scan = fr_mapped_is_scan(j->term) || fr_compare_is_scan(j->term) || fr_is_text_scan(j->term);
    j->vector_rows = scan ? SCAN_ROWS : narrows_at_once(j) ? NARROWED_ROWS : FR_VECTOR_ROWS;
    n_blocks = fr_block_count((size_t)j->n_rows, j->block_rows);
    j->workers = fr_new_array(call, n_workers, sizeof *j->workers);
    j->nulls = j->workers ? fr_new_array(call, n_blocks, sizeof *j->nulls) : NULL;
    bool ok = j->nulls && (j->term->phys != FR_PHYS_VIEW || j->mask || begin_texts(j, n_blocks));
    for (size_t i = 0; j->workers && i < n_workers; i++) {
        j->workers[i] = (fr_run){ .call = call, .typed = j->typed, .base = j->base, .failed = -1 };
        fr_run_begin(j->workers + i, call);
    }
    ok = ok && fr_for_blocks(call, n_blocks, run_block, j);
    for (size_t i = 0; j->workers && i < n_workers; i++) fr_run_end(j->workers + i);
    fr_free_array(call->context, j->workers, n_workers, sizeof *j->workers);
    return ok;
}

static void end_job(job *j)
{
    size_t n_blocks = j->block_rows ? fr_block_count((size_t)j->n_rows, j->block_rows) : 0;
    for (size_t i = 0; j->texts && i < n_blocks; i++) fr_texts_clear(j->texts + i);
    fr_free_array(j->call->context, j->texts, n_blocks, sizeof *j->texts);
    fr_free_array(j->call->context, j->used, n_blocks, sizeof *j->used);
    fr_free_array(j->call->context, j->nulls, n_blocks, sizeof *j->nulls);
}

/* Views of block i get the numbers of its buffers in the joined heap. */
typedef struct renumbering { job *j; const uint32_t *first; } renumbering;

static bool renumber_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const renumbering *r = state;
    size_t from = block * r->j->block_rows, until = from + r->j->block_rows;
    if (until > (size_t)r->j->n_rows) until = (size_t)r->j->n_rows;
    if (!fr_go_on(call)) return false;
    fr_view *views = (fr_view *)(void *)r->j->values;
    for (size_t i = from; i < until && r->first[block]; i++)
        if (views[i].in.length > FR_VIEW_INLINE) views[i].out.buffer += r->first[block];
    return true;
}

/* The blocks' heaps become one. */
static bool join_heaps(job *j, fr_heap **out)
{
    size_t n_blocks = fr_block_count((size_t)j->n_rows, j->block_rows);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, j->call->context);
    fr_heap **heaps = fr_arena_array(j->call, &arena, n_blocks, sizeof *heaps);
    uint32_t *first = heaps ? fr_arena_array(j->call, &arena, n_blocks, sizeof *first) : NULL;
    bool ok = first != NULL, any = false;
    for (size_t i = 0; ok && i < n_blocks; i++) {
        if (!j->texts[i].n_buffers) continue;
        ok = (heaps[i] = fr_texts_finish(j->call, j->texts + i)) != NULL;
        any = true;
    }
    if (ok && any) ok = (*out = fr_heap_join(j->call, heaps, n_blocks, first)) != NULL;
    if (ok && any) ok = fr_for_blocks(j->call, n_blocks, renumber_block, &(renumbering){ j, first });
    for (size_t i = 0; heaps && i < n_blocks; i++) fr_heap_unref(heaps[i]);
    return ok;
}

/* Parts stay in the heap of their whole, unless they are few. */
static bool share_heap(job *j, fr_heap **out)
{
    size_t used = 0;
    for (size_t i = 0; i < fr_block_count((size_t)j->n_rows, j->block_rows); i++) used += j->used[i];
    if (!used) return true;
    if (!fr_heap_compact(j->call, (fr_view *)(void *)j->values, j->n_rows, used, j->whole->heap, out)) return false;
    if (!*out) *out = fr_heap_ref(j->whole->heap);
    return true;
}

static int64_t total(const job *j)
{
    int64_t sum = 0;
    for (size_t i = 0; i < fr_block_count((size_t)j->n_rows, j->block_rows); i++) sum += j->nulls[i];
    return sum;
}

/* ---- a prepared term → column ------------------------------------------------------------------------------------ */
fr_column *fr_run_column(fr_call *call, fr_typed *typed, fr_term *term, fr_phys phys, int64_t n_rows, int64_t base)
{
    const fr_type *type = term->type->kind == FR_CAT ? fr_type_of(FR_STR) : term->type;
    if (phys == FR_PHYS_U32 && fr_kind_is_text(term->type->kind)) phys = FR_PHYS_VIEW;
    job j = { .call = call,
              .typed = typed,
              .term = term,
              .n_rows = n_rows,
              .base = base,
              .phys = phys,
              .width = phys == FR_PHYS_BOOL ? 0 : fr_phys_width(phys) };
    FR_CLEANUP(fr_drop_buffer)
    fr_buffer *values =
        j.width ? fr_buffer_array(call, (size_t)n_rows, j.width) : fr_buffer_new(call, fr_words((size_t)n_rows) * 8);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = values ? fr_buffer_new(call, fr_words((size_t)n_rows) * 8) : NULL;
    FR_CLEANUP(fr_drop_heap) fr_heap *heap = NULL;
    if (!valid) return NULL;
    j.values = values->data;
    j.is_of_reals = fr_formula_of(term, &j.formula);
    j.stream = (size_t)n_rows * j.width >= FR_STREAM_MIN_BYTES && lies_as_stored(&j)
            && (j.is_of_reals || reads_vectors(term));
    j.valid = valid->data;
    fr_column *column = NULL;
    bool ok = run_blocks(&j);
    if (ok && term->phys == FR_PHYS_VIEW) ok = j.whole ? share_heap(&j, &heap) : join_heaps(&j, &heap);
    if (ok) {
        int64_t nulls = total(&j);
        column = fr_column_new(call, &(fr_column_parts){ .type = type,
                                                         .phys = phys,
                                                         .length = n_rows,
                                                         .null_count = nulls,
                                                         .values = values,
                                                         .valid = nulls ? valid : NULL,
                                                         .heap = heap });
    }
    end_job(&j);
    return column;
}

fr_buffer *fr_run_mask(fr_call *call, fr_typed *typed, fr_term *term, int64_t n_rows, int64_t base,
                              int64_t *n_true)
{
    job j = { .call = call, .typed = typed, .term = term, .n_rows = n_rows, .base = base, .mask = true };
    fr_buffer *bits = fr_buffer_new(call, fr_words((size_t)n_rows) * 8);
    if (!bits) return NULL;
    j.valid = bits->data;
    bool ok = run_blocks(&j);
    if (ok) *n_true = total(&j);
    end_job(&j);
    if (ok) return bits;
    fr_buffer_unref(bits);
    return NULL;
}
