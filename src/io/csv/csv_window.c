/* csv_window.c — reads a window, counts its chunks in parallel, and cuts it into ranges.
 *
 * Chunks are cut at fixed places, in the middle of whatever stands there. Each is read and counted under both hypotheses
 * (csv_count.h); walking over the counts then tells which hypothesis holds for each chunk, so how many records it has and
 * where its first record ends. A range reaches from the first record that begins in a chunk to the first that begins in the
 * next one, or in a later one while its records are few.
 *
 * What cannot be read at any offset (gzip, UTF-16) comes from one thread, so it is read ahead: the bytes of the next window
 * go behind a copy of this one's rest, in a second buffer, while the ranges of this one are worked on.
 *
 * When a quote stands where none may, or the dialect is not plain, the scanner (csv_record.c) walks through the window
 * instead, one record after the other; the ranges then may hold flawed records, and whoever reads them scans again.
 */
#include "io/csv/csv_window.h"

#include <string.h>

#include "base/context_state.h"
#include "base/memory.h"
#include "base/problem.h"
#include "base/threads.h"
#include "io/csv/csv_index.h"
#include "io/csv/csv_record.h"

#define CHUNK_BYTES  (256u << 10)
#define WINDOW_BYTES (16u << 20)
#define MOST_BYTES   (UINT32_C(1) << 31)         /* field ends are 31 bits; beyond FR_CSV_PLACE only the scanner finds them */
#define FEW_ROWS     16                          /* so that wide tables are read by columns as well, if not by many rows:
                                                    100,000 columns x 100 rows took 6.5 s of CPU one by one, 2.1 s by 16 */

bool fr_csv_window_open(fr_call *call, fr_csv_input *input, const fr_csv_dialect *dialect, size_t window_bytes,
                        int64_t offset, int64_t line, fr_csv_window *out)
{
    uint64_t chunk = call->context->chunk_bytes, limit = fr_context_limits(call->context).field_bytes;
    *out = (fr_csv_window){
        .context = call->context, .input = input, .dialect = dialect, .chunk_bytes = chunk ? chunk : CHUNK_BYTES,
        .window_bytes = window_bytes ? window_bytes : WINDOW_BYTES, .offset = offset, .line = line, .next_line = line,
        .most_bytes = limit < MOST_BYTES ? limit : MOST_BYTES, .few_rows = chunk ? 1 : FEW_ROWS,
    };
    if (chunk) out->window_bytes = 16 * chunk < WINDOW_BYTES ? 16 * chunk : WINDOW_BYTES;
    const int64_t most = fr_csv_input_most(input);          /* one more, so that the end is seen */
    if (most >= 0 && most < (int64_t)out->window_bytes) out->window_bytes = (size_t)most + 1;
    return true;
}

void fr_csv_window_close(fr_csv_window *w)
{
    if (!w->context) return;
    fr_buffer_unref(w->buffer);
    fr_buffer_unref(w->ahead);
    fr_problem_unref(w->ahead_problem);
    fr_free_array(w->context, w->ranges, w->range_capacity, sizeof *w->ranges);
    fr_free_array(w->context, w->counts, w->count_capacity, sizeof *w->counts);
    *w = (fr_csv_window){ 0 };
}

int64_t fr_csv_window_lines(const fr_csv_window *w, size_t from, size_t to)
{
    int64_t lines = 0;
    for (size_t i = from; i < to; i++) lines += w->text[i] == '\n';
    if (w->dialect->any_newline)
        for (size_t i = from; i < to; i++) lines += w->text[i] == '\r' && w->text[i + 1] != '\n';
    return lines;
}

bool fr_csv_window_fail_long(fr_call *call, const fr_csv_window *w, int64_t line, int64_t row)
{
    return fr_fail_at(call, fr_place_at(.path = w->input->path, .line = line, .row = row,
                                        .hint = "is a quote opened there and never closed?"), FR_ERR_LIMIT,
                      "a record is longer than %llu bytes (limit field_bytes)", (unsigned long long)w->most_bytes);
}

/* ---- filling ------------------------------------------------------------------------------------------------------ */
/* A buffer holds the rest of the window before, `fresh` new bytes, a line end and 64 bytes more. */
static bool make_room(fr_call *call, fr_buffer **buffer, size_t needed)
{
    if (*buffer && (*buffer)->size_bytes >= needed) return true;
    if (*buffer) return fr_buffer_resize(call, *buffer, needed);
    *buffer = fr_buffer_new(call, needed);
    return *buffer != NULL;
}

/* The rest is an incomplete record, perhaps with the CR of its line end, and must not be too long already. */
static bool is_too_long(const fr_csv_window *w, size_t rest, size_t fresh)
{
    return rest > w->most_bytes + 2 || rest + fresh + 1 > MOST_BYTES;
}

/* The unused rest moves to the front. */
static bool move_rest(fr_call *call, fr_csv_window *w, size_t rest, size_t fresh)
{
    if (is_too_long(w, rest, fresh)) return fr_csv_window_fail_long(call, w, w->next_line, w->next_row);
    if (rest) memmove(w->text, w->text + w->used, rest);
    if (!make_room(call, &w->buffer, rest + fresh + 1)) return false;
    w->text = w->buffer->data;
    return true;
}

static bool grow_counts(fr_call *call, fr_csv_window *w, size_t n)
{
    if (n <= w->count_capacity) return true;
    fr_csv_counts *counts = fr_resize_array(call, w->counts, w->count_capacity, n, sizeof *counts);
    if (!counts) return false;
    w->counts = counts;
    w->count_capacity = n;
    return true;
}

static fr_csv_range *add_range(fr_call *call, fr_csv_window *w)
{
    if (w->n_ranges == w->range_capacity) {
        size_t n = w->range_capacity ? 2 * w->range_capacity : 128;
        fr_csv_range *ranges = fr_resize_array(call, w->ranges, w->range_capacity, n, sizeof *ranges);
        if (!ranges) return NULL;
        w->ranges = ranges;
        w->range_capacity = n;
    }
    return &w->ranges[w->n_ranges++];
}

/* ---- counting chunks, in parallel --------------------------------------------------------------------------------- */
typedef struct filling {
    fr_csv_window *window;
    size_t         rest;             /* bytes in front that were there already                                         */
    int64_t        offset;           /* of the bytes behind them                                                       */
    size_t         fresh;
    bool           read;             /* plain input: each chunk reads its own bytes                                    */
    bool           count;
} filling;

/* Chunk 0 takes the rest along; the others are cut every chunk_bytes. */
static void chunk_bounds(const filling *f, size_t chunk, size_t *begin, size_t *end)
{
    size_t step = f->window->chunk_bytes, n = f->rest + f->fresh;
    *begin = chunk ? f->rest + chunk * step : 0;
    *end = f->rest + (chunk + 1) * step < n ? f->rest + (chunk + 1) * step : n;
}

static bool fill_chunk(fr_call *call, void *state, size_t chunk, size_t worker)
{
    (void)worker;
    filling *f = state;
    fr_csv_window *w = f->window;
    size_t begin, end;
    chunk_bounds(f, chunk, &begin, &end);
    size_t fresh = chunk ? begin : f->rest;
    if (f->read && !fr_csv_input_at(call, w->input, w->text + fresh, end - fresh, f->offset + (int64_t)(fresh - f->rest)))
        return false;
    if (f->count)
        FR_ISA_PICK(fr_csv_count_kernels)->count(w->text + begin, end - begin, w->dialect->sep, w->dialect->quote,
                                                 &w->counts[chunk]);
    return true;
}

/* ---- ranges from counts ------------------------------------------------------------------------------------------- */
bool fr_csv_window_cut_is_fine(const fr_csv_window *w, size_t at, bool inside)
{
    const char *t = w->text, quote = w->dialect->quote, sep = w->dialect->sep;
    if (!quote || inside) return true;              /* inside: the quote that opened was looked at by its own chunk    */
    char before = at ? t[at - 1] : '\n', here = t[at];
    if (here == quote && before != sep && before != '\n' && before != quote) return false;
    if (before == quote && at && here != sep && here != '\n' && here != quote &&
        !(here == '\r' && at + 1 < w->n && t[at + 1] == '\n')) return false;
    return !(before == '\r' && at >= 2 && t[at - 2] == quote && here != '\n');
}

int64_t fr_csv_window_blank_at_cut(const fr_csv_window *w, size_t at, size_t end)
{
    const char *t = w->text;
    if (at >= end) return 0;
    if (at == 0 || t[at - 1] == '\n') return t[at] == '\n' || (t[at] == '\r' && at + 1 < end && t[at + 1] == '\n');
    return t[at - 1] == '\r' && (at == 1 || t[at - 2] == '\n') && t[at] == '\n';
}

typedef struct walk {
    bool    inside;                  /* is the next byte inside quotes?                                                 */
    size_t  begin;                   /* where the current range began                                                   */
    size_t  end;                     /* behind the last record end seen                                                 */
    int64_t row, rows;               /* records before the current range, in it                                         */
    int64_t line;                    /* of the current range's beginning                                                */
    int64_t lines, blanks;           /* of the window so far                                                            */
    bool    ascii, nul, quotes, cr;  /* of the chunks that the current range touches                                    */
} walk;

static bool close_range(fr_call *call, fr_csv_window *w, walk *k, size_t end)
{
    if (k->rows > 0) {
        fr_csv_range *range = add_range(call, w);
        if (!range) return false;
        *range = (fr_csv_range){ .begin = k->begin, .end = end, .row = k->row, .n_rows = k->rows, .line = k->line,
                                 .ascii = k->ascii, .nul = k->nul, .quotes = k->quotes, .cr = k->cr };
    }
    k->row += k->rows;
    k->rows = 0;
    k->begin = end;
    return true;
}

static bool walk_over_chunk(fr_call *call, fr_csv_window *w, walk *k, const filling *f, size_t chunk)
{
    size_t begin, end;
    chunk_bounds(f, chunk, &begin, &end);
    const fr_csv_counts *counts = &w->counts[chunk];
    const fr_csv_half *half = &counts->half[k->inside];
    bool skip_blanks = !w->dialect->blank_is_row;
    int64_t first_blank = skip_blanks && !k->inside ? fr_csv_window_blank_at_cut(w, begin, end) : 0;
    int64_t blanks = skip_blanks ? half->blanks + first_blank : 0;
    k->ascii &= counts->ascii;
    k->nul |= counts->nul;
    k->quotes |= counts->quotes;
    k->cr |= counts->cr;
    k->inside ^= counts->odd_quotes;
    int64_t line = w->line + k->lines;
    k->lines += counts->lines;
    k->blanks += blanks;
    if (half->ends == 0) return true;
    k->end = begin + (size_t)half->last + 1;
    if (k->rows < w->few_rows) {
        k->rows += half->ends - blanks;
        return true;
    }
    k->rows += 1 - first_blank;                       /* the record that ends here began in an earlier chunk */
    size_t next = begin + (size_t)half->first + 1;
    if (!close_range(call, w, k, next)) return false;
    k->line = line + fr_csv_window_lines(w, begin, next);
    k->ascii = counts->ascii;
    k->nul = counts->nul;
    k->quotes = counts->quotes;
    k->cr = counts->cr;
    k->rows = half->ends - 1 - (blanks - first_blank);
    return true;
}

/* Ranges of the whole window; *fine becomes false when the scanner must do it. */
static bool cut_by_counts(fr_call *call, fr_csv_window *w, const filling *f, size_t n_chunks, bool *fine)
{
    walk k = { .row = w->next_row, .line = w->line, .ascii = true };
    for (size_t c = 0; c < n_chunks; c++) {
        size_t begin, end;
        chunk_bounds(f, c, &begin, &end);
        if (w->counts[c].half[k.inside].bad || !fr_csv_window_cut_is_fine(w, begin, k.inside)) return *fine = false, true;
        if (!walk_over_chunk(call, w, &k, f, c)) return false;
    }
    if (w->last && k.inside) return *fine = false, true;
    if (!close_range(call, w, &k, k.end)) return false;
    w->used = k.end;
    w->blank_lines += k.blanks;
    for (size_t i = w->used; i < w->n; i++) k.lines -= w->text[i] == '\n';
    w->next_row = k.row;
    w->next_line = w->line + k.lines;
    return true;
}

/* ---- ranges by scanning ------------------------------------------------------------------------------------------- */
static bool cut_by_scanning(fr_call *call, fr_csv_window *w)
{
    walk k = { .row = w->next_row, .line = w->line };
    size_t at = 0;
    while (at < w->n) {
        fr_csv_record r;
        fr_csv_scan_record(w->dialect, w->text, at, w->n, w->last, NULL, 0, &r);
        if (r.flaw == FR_CSV_CUT) break;
        at = r.next;
        bool blank = r.blank && !w->dialect->blank_is_row;
        w->blank_lines += blank;
        k.rows += !blank && !r.comment;
        k.nul = k.quotes = k.cr = true;                     /* not known: whoever reads the range looks itself */
        if (at - k.begin < w->chunk_bytes || k.rows < w->few_rows) continue;
        if (!fr_go_on(call)) return false;
        int64_t lines = fr_csv_window_lines(w, k.begin, at);
        if (!close_range(call, w, &k, at)) return false;
        k.line += lines;
    }
    w->next_line = k.line + fr_csv_window_lines(w, k.begin, at);
    if (!close_range(call, w, &k, at)) return false;
    w->used = at;
    w->next_row = k.row;
    return true;
}

/* ---- one window --------------------------------------------------------------------------------------------------- */
static bool read_fresh(fr_call *call, fr_csv_window *w, filling *f)
{
    if (!move_rest(call, w, f->rest, f->fresh)) return false;
    if (f->read) {
        int64_t size = fr_csv_input_size(w->input), left = size - f->offset;
        f->fresh = left < (int64_t)f->fresh ? (size_t)left : f->fresh;
        w->last = f->offset + (int64_t)f->fresh == size;
        return true;
    }
    size_t wanted = f->fresh;
    int64_t n = fr_csv_input_read(call, w->input, w->text + f->rest, wanted);
    if (n < 0) return false;
    f->fresh = (size_t)n;
    w->last = f->fresh < wanted;
    return true;
}

/* What was read ahead begins with the rest. */
static bool take_ahead(fr_call *call, fr_csv_window *w, filling *f)
{
    w->has_ahead = false;
    if (w->ahead_problem) return fr_fail_with(call, fr_steal(w->ahead_problem));
    fr_buffer *before = w->buffer;
    w->buffer = w->ahead;
    w->ahead = before;
    w->text = w->buffer->data;
    w->last = w->n_ahead < f->rest + f->fresh;
    f->fresh = w->n_ahead - f->rest;
    return true;
}

bool fr_csv_window_wants_ahead(const fr_csv_window *w)
{
    return !w->last && !w->has_ahead && w->input->seekable && !w->input->plain &&
           !is_too_long(w, w->n - w->used, w->window_bytes);
}

void fr_csv_window_read_ahead(fr_call *call, fr_csv_window *w)
{
    size_t rest = w->n - w->used;
    if (!make_room(call, &w->ahead, rest + w->window_bytes + 1)) {
        fr_call_forgive(call);                        /* one buffer must do: the window after this one is read in turn */
        return;
    }
    char *text = w->ahead->data;
    memcpy(text, w->text + w->used, rest);
    int64_t n = fr_csv_input_read(call, w->input, text + rest, w->window_bytes);
    w->has_ahead = true;
    if (n < 0) w->ahead_problem = fr_call_take_problem(call);
    else w->n_ahead = rest + (size_t)n;
}

/* The last record of a file may lack its line end: it gets one, and its chunk is counted again. */
static bool end_last_line(fr_call *call, fr_csv_window *w, filling *f, size_t *n_chunks)
{
    bool add = w->last && f->count && w->n > 0 && w->text[w->n - 1] != '\n';
    w->text[w->n] = '\n';
    memset(w->text + w->n + 1, 0, FR_BUFFER_SLACK - 1);
    if (!add) return true;
    w->n++;
    f->fresh++;
    f->read = false;
    *n_chunks = (f->fresh + w->chunk_bytes - 1) / w->chunk_bytes;
    return grow_counts(call, w, *n_chunks) && fill_chunk(call, f, *n_chunks - 1, 0);
}

static bool cut(fr_call *call, fr_csv_window *w, const filling *f, size_t n_chunks)
{
    int64_t blank_lines = w->blank_lines;
    bool fine = f->count && w->n <= FR_CSV_PLACE;
    w->n_ranges = 0;
    if (fine && !cut_by_counts(call, w, f, n_chunks, &fine)) return false;
    w->careful = !fine;
    if (fine) return true;
    w->n_ranges = 0;
    w->blank_lines = blank_lines;
    return cut_by_scanning(call, w);
}

static bool fill(fr_call *call, fr_csv_window *w, size_t fresh)
{
    size_t rest = w->n - w->used;
    filling f = { .window = w, .rest = rest, .offset = w->offset + (int64_t)w->n, .fresh = fresh,
                  .read = w->input->plain, .count = fr_csv_dialect_is_plain(w->dialect) };
    if (!(w->has_ahead ? take_ahead(call, w, &f) : read_fresh(call, w, &f))) return false;
    w->offset += (int64_t)w->used;
    w->line = w->next_line;
    w->row = w->next_row;
    w->used = 0;
    w->n = rest + f.fresh;
    size_t n_chunks = f.fresh ? (f.fresh + w->chunk_bytes - 1) / w->chunk_bytes : 1;
    return grow_counts(call, w, n_chunks) && fr_for_blocks(call, n_chunks, fill_chunk, &f) &&
           end_last_line(call, w, &f, &n_chunks) && cut(call, w, &f, n_chunks);
}

bool fr_csv_window_next(fr_call *call, fr_csv_window *w)
{
    size_t fresh = w->window_bytes;
    do {
        if (w->last || !fr_go_on(call) || !fill(call, w, fresh)) return false;
        size_t rest = w->n - w->used;                 /* a record longer than the window: double it, up to the limit */
        fresh = rest < w->most_bytes / 2 ? rest : w->most_bytes > rest ? (size_t)(w->most_bytes - rest) : 0;
        if (fresh < w->window_bytes) fresh = w->window_bytes;
    } while (w->n_ranges == 0);
    return true;
}
