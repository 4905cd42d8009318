/* csv_range.c — one worker, one range: rows, their flaws, and the columns one after the other.
 *
 * Rows keep their numbers whatever happens: a flawed row is a row of nulls that is taken out at the very end, so that all
 * ranges can be written side by side.
 */
#include "io/csv/csv_reader.h"

#include <string.h>

#include "base/utf8.h"
#include "io/csv/csv_field.h"
#include "io/csv/csv_unquote.h"

typedef struct task {
    fr_call            *call;
    fr_csv_reader      *reader;
    fr_csv_worker      *worker;
    size_t              worker_number;
    const fr_csv_window *window;          /* that the range lies in                                                     */
    const fr_csv_range *range;
    int64_t             row;              /* number of the block's first record                                         */
    int64_t             n_padded;
} task;

/* ---- flaws -------------------------------------------------------------------------------------------------------- */
static int64_t line_of(task *t, size_t at)
{
    fr_csv_worker *w = t->worker;
    if (at < w->line_at) {
        w->line_at = t->range->begin;
        w->line = t->range->line;
    }
    w->line += fr_csv_window_lines(t->window, w->line_at, at);
    w->line_at = at;
    return w->line;
}

static size_t line_begin(const task *t, size_t at)
{
    const char *text = t->window->text;
    while (at > 0 && text[at - 1] != '\n') at--;
    return at;
}

static fr_csv_record scan_again(const task *t, size_t begin)
{
    const fr_csv_window *w = t->window;
    fr_csv_record r;
    fr_csv_scan_record(w->dialect, w->text, begin, w->n, w->last, NULL, 0, &r);
    return r;
}

static size_t record_length(const task *t, size_t begin)
{
    const fr_csv_window *w = t->window;
    size_t end = scan_again(t, begin).next;
    while (end > begin && (w->text[end - 1] == '\n' || w->text[end - 1] == '\r')) end--;
    return end - begin;
}

static const char *describe(const task *t, size_t row, char *room, size_t n)
{
    const fr_csv_flaw flaw = t->worker->rows.flaws[row];
    size_t columns = t->reader->shape.n_columns, n_fields = scan_again(t, t->worker->rows.begins[row]).n_fields;
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(t->call);
    bool fine = true;
    switch (flaw) {
        case FR_CSV_TOO_FEW: case FR_CSV_TOO_MANY:
            fine = fr_text_format(t->call, &text, "the record has %zu field%s, expected %zu", n_fields,
                                  n_fields == 1 ? "" : "s", columns);
            break;
        case FR_CSV_OPEN_QUOTE: return "a quote that is opened here is never closed";
        case FR_CSV_QUOTE_INSIDE: return "a quote stands inside a field that does not begin with one";
        case FR_CSV_TEXT_AFTER_QUOTE: return "a quoted field is followed by something else than a separator; is its quote "
                                             "never closed?";
        case FR_CSV_NUL_BYTE: return "a NUL byte stands outside quotes";
        case FR_CSV_BAD_UTF8: return "the text is not valid UTF-8";
        default: return "the record cannot be read";
    }
    size_t length = fine && text.length < n ? text.length : 0;
    memcpy(room, text.bytes ? text.bytes : "", length);
    room[length] = '\0';
    return room;
}

/* Of a first record with more fields than the header, or any with more than one: what stands above may be no header. */
static const char *hint_above(const task *t, int64_t row)
{
    const fr_csv_shape *shape = &t->reader->shape;
    if (!shape->has_header || (row > 0 && shape->n_columns > 1)) return NULL;
    return shape->names[0][0] == '#' ? ".comment = \"#\" leaves out lines that begin with it"
                                     : ".skip_rows leaves out lines above the header, .on_bad = FR_ON_BAD_COLLECT puts such "
                                       "rows aside";
}

static const char *hint_for(const task *t, fr_csv_flaw flaw, int64_t row)
{
    const char *above = flaw == FR_CSV_TOO_MANY ? hint_above(t, row) : NULL;
    if (above) return above;
    switch (flaw) {
        case FR_CSV_TOO_FEW: return ".pad_short_rows fills up with nulls, .on_bad = FR_ON_BAD_COLLECT puts such rows aside";
        case FR_CSV_TOO_MANY: return ".on_bad = FR_ON_BAD_COLLECT puts such rows aside";
        case FR_CSV_QUOTE_INSIDE: return ".quote = \"\" takes quotes as text, .lenient reads what breaks the rules";
        case FR_CSV_NUL_BYTE: return "is it UTF-16? .encoding = \"utf-16\"";
        case FR_CSV_BAD_UTF8: return ".encoding = \"windows-1252\" may be what it is";
        default: return NULL;
    }
}

typedef struct trouble {
    int64_t     row;
    size_t      begin, at;           /* of the record; of what is wrong                                                  */
    const char *column, *reason, *hint;
    size_t      place;
    fr_code     code;
    bool        new_flaw;            /* one that an earlier pass over the same rows could not see                        */
} trouble;

/* A row that cannot be read: the end of the call, or one more reject. */
static bool report(task *t, const trouble *x)
{
    fr_csv_reader *r = t->reader;
    if ((r->again && !x->new_flaw) || x->row >= r->limit) return true;
    int64_t line = line_of(t, x->begin);
    bool own_bytes = r->input.code == FR_CSV_CODE_UTF8 && !r->input.gzip && !r->input.is_lenient;
    if (r->options->on_bad == FR_ON_BAD_ERROR) {
        const fr_place place = { .path = r->input.path, .line = line, .row = x->row, .column = x->column, .hint = x->hint,
            .byte = own_bytes ? t->window->offset + r->input.text_begin + (int64_t)x->at : -1,
            .position = (int64_t)(x->at - line_begin(t, x->at)) + 1 };
        return fr_fail_at(t->call, &place, x->code, "%s", x->reason);
    }
    const fr_csv_reject reject = { .row = x->row, .line = line, .place = x->place, .column = x->column, .reason = x->reason,
                                   .text = t->window->text + x->begin, .n_text = record_length(t, x->begin) };
    return fr_csv_rejects_add(t->call, &r->rejects, &reject);
}

static bool report_flaws(task *t)
{
    fr_csv_rows *rows = &t->worker->rows;
    const char *other = t->reader->shape.other_format;
    char room[160];
    for (size_t i = 0; rows->any_flaw && i < rows->n; i++) {
        fr_csv_flaw flaw = rows->flaws[i];
        if (flaw == FR_CSV_PADDED && t->row + (int64_t)i < t->reader->limit) t->n_padded++;
        if (!flaw || flaw == FR_CSV_PADDED) continue;
        const trouble x = {
            .row = t->row + (int64_t)i, .begin = rows->begins[i], .at = rows->flaw_at[i],
            .reason = describe(t, i, room, sizeof room), .hint = other ? other : hint_for(t, flaw, t->row + (int64_t)i),
            .code = flaw == FR_CSV_BAD_UTF8 ? FR_ERR_ENCODING : FR_ERR_FORMAT,
        };
        if (!report(t, &x)) return false;
    }
    return true;
}

/* ---- bytes that no text may hold ---------------------------------------------------------------------------------- */
static size_t row_end(const fr_csv_rows *rows, size_t r)
{
    return fr_csv_rows_end(rows, r, rows->n_columns - 1);
}

static void spoil_bad_utf8(task *t)
{
    fr_csv_rows *rows = &t->worker->rows;
    const char *text = t->window->text;
    size_t begin = rows->begins[0];
    if (fr_utf8_check(text + begin, rows->end - begin) == rows->end - begin) return;
    for (size_t r = 0; r < rows->n; r++) {
        size_t n = row_end(rows, r) - rows->begins[r], fine = fr_utf8_check(text + rows->begins[r], n);
        if (fine < n) fr_csv_rows_spoil(rows, r, FR_CSV_BAD_UTF8, rows->begins[r] + fine);
    }
}

/* A NUL byte inside quotes is text; anywhere else the file is hardly what it seems. */
static void spoil_nul_bytes(task *t)
{
    fr_csv_rows *rows = &t->worker->rows;
    const char *text = t->window->text, quote = rows->dialect->quote;
    size_t begin = rows->begins[0];
    if (!memchr(text + begin, 0, rows->end - begin)) return;
    for (size_t r = 0; r < rows->n; r++) {
        size_t from = rows->begins[r];
        for (size_t c = 0; c < rows->n_columns; c++) {
            size_t end = fr_csv_rows_end(rows, r, c);
            const char *nul = end > from && !(quote && text[from] == quote) ? memchr(text + from, 0, end - from) : NULL;
            if (nul) {
                fr_csv_rows_spoil(rows, r, FR_CSV_NUL_BYTE, (size_t)(nul - text));
                break;
            }
            from = end + 1;
        }
    }
}

/* ---- columns ------------------------------------------------------------------------------------------------------ */
/* Where fields are; they are cut out when somebody asks (csv_fields.h). A CR is looked for only if the range has one, and
 * fields are looked at one by one only where a block has doubled quotes. */
static bool gather_cut(task *t, size_t column)
{
    const fr_csv_rows *rows = &t->worker->rows;
    fr_csv_field *fields = t->worker->fields;
    fr_csv_fields *f = &t->worker->block.fields;
    const uint32_t *ends = rows->table + column * rows->stride;
    const bool cr = t->range->cr && column + 1 == rows->n_columns;
    f->places = (fr_csv_places){ .text = t->window->text, .before = column ? ends - rows->stride : rows->begins,
                                 .ends = ends, .step = column > 0, .quoted = t->range->quotes, .n = rows->n };
    if (cr) FR_ISA_PICK(fr_csv_unquote_kernels)->last_fields(&f->places, fields);
    f->cut = cr;
    if (!fr_csv_rows_doubled(rows)) return true;
    fr_csv_fields_cut(f);
    for (size_t r = 0; r < rows->n; r++)
        if (fields[r].quoted && !fr_csv_field_undouble(t->call, &t->worker->arena, rows->dialect, &fields[r])) return false;
    return true;
}

static bool gather_marked(task *t, size_t column)
{
    const fr_csv_rows *rows = &t->worker->rows;
    const char *text = t->window->text;
    const bool last = column + 1 == rows->n_columns;
    for (size_t r = 0; r < rows->n; r++) {
        const char *begin = text + fr_csv_rows_begin_of(rows, r, column), *end = text + fr_csv_rows_end(rows, r, column);
        if (!fr_csv_field_at(t->call, &t->worker->arena, rows->dialect, begin, end, last, &t->worker->fields[r])) return false;
    }
    t->worker->block.fields.cut = true;
    return true;
}

static bool gather_fields(task *t, size_t column)
{
    t->worker->block.fields.items = t->worker->fields;
    const bool marked = t->worker->rows.careful || t->worker->rows.dialect->trim;
    return marked ? gather_marked(t, column) : gather_cut(t, column);
}

/* The field after a value did not fit: where it is, for the message. */
static bool report_value(task *t, const fr_csv_column *c, size_t i)
{
    const fr_csv_rows *rows = &t->worker->rows;
    const fr_csv_field *f = &t->worker->fields[i];
    char type[FR_TYPE_TEXT_BYTES], room[320];
    FR_CLEANUP(fr_text_clear) fr_text reason = FR_TEXT_INIT(t->call);
    uint32_t shown = f->length < 64 ? f->length : 64;
    while (shown > 0 && shown < f->length && (f->text[shown] & 0xc0) == 0x80) shown--;
    if (!fr_text_format(t->call, &reason, "'%.*s'%s is no %s", (int)shown, f->text, shown < f->length ? " …" : "",
                        fr_type_name(c->type, type))) return false;
    if (!c->declared && t->reader->sample_rows && !fr_text_format(t->call, &reason, ", which the first %lld rows are",
                                                                  (long long)t->reader->sample_rows)) return false;
    size_t n = reason.length < sizeof room - 1 ? reason.length : sizeof room - 1;
    memcpy(room, reason.bytes, n);
    room[n] = '\0';
    const trouble x = { .row = t->row + (int64_t)i, .begin = rows->begins[i],
                        .at = fr_csv_rows_begin_of(rows, i, c->place), .column = c->name, .place = c->place + 1,
                        .reason = room, .code = FR_ERR_PARSE, .new_flaw = c->date_shape >= 0 };
    return report(t, &x);
}

/* What the fields of a column are that is not being converted. */
static void classify_rest(task *t, fr_csv_column *c, size_t from)
{
    fr_csv_block *b = &t->worker->block;
    uint32_t seen = b->seen;
    const fr_csv_field *fields = fr_csv_fields_cut(&b->fields);
    for (size_t i = from; i < b->n && !(seen & FR_CSV_TEXT); i++) {
        fr_csv_scalar scalar;
        fr_csv_classify(&t->reader->rules, &fields[i], &scalar);
        seen |= scalar.class_;
    }
    b->seen = seen;
    (void)c;
}

/* Nearly always they were seen before: an atomic change would wait until all values before it are stored. */
static void note_seen(fr_csv_column *c, uint32_t seen)
{
    if (seen & ~atomic_load_explicit(&c->seen, memory_order_relaxed))
        atomic_fetch_or_explicit(&c->seen, seen, memory_order_relaxed);
}

static bool convert_column(task *t, fr_csv_column *c)
{
    fr_csv_block *b = &t->worker->block;
    const size_t n = t->worker->rows.n;
    b->n = n;
    b->worker = t->worker_number;
    b->room = t->worker->room;
    b->any_null = false;
    b->seen = 0;
    memset(b->nulls, 0, (n + 63) / 64 * sizeof *b->nulls);
    b->row = t->reader->dry ? (int64_t)t->worker_number * FR_CSV_BLOCK_ROWS : t->row - t->reader->base_row;
    size_t from = 0;
    if (c->late) {
        classify_rest(t, c, 0);
        from = n;
    }
    while (from < n) {
        size_t at = fr_csv_convert(t->call, &t->reader->rules, c, b, from);
        if (at == SIZE_MAX) return false;
        if (at < n && !c->declared && !c->settled && c->date_shape < 0) {
            atomic_store_explicit(&c->misfit, true, memory_order_relaxed);
            classify_rest(t, c, at);
            break;
        }
        if (at < n && !report_value(t, c, at)) return false;
        from = at + 1;
    }
    const bool keep = !c->late && !t->reader->dry;
    if (keep && !fr_csv_column_keep(t->call, c, b)) return false;
    if (keep && b->any_null) fr_csv_column_mark_nulls(c, b->row, b->nulls, n);
    note_seen(c, b->seen);
    return true;
}

/* Only a range that is longer than a record may be can hold one that is. */
static bool check_lengths(task *t)
{
    const fr_csv_window *w = t->window;
    const fr_csv_rows *rows = &t->worker->rows;
    if (t->range->end - t->range->begin <= w->most_bytes) return true;
    for (size_t r = 0; r < rows->n && t->row + (int64_t)r < t->reader->limit; r++) {
        size_t begin = rows->begins[r], end = row_end(rows, r);
        if (end > begin && w->text[end - 1] == '\r') end--;
        if (end - begin > w->most_bytes)
            return fr_csv_window_fail_long(t->call, w, line_of(t, begin), t->row + (int64_t)r);
    }
    return true;
}

static bool convert_block(task *t)
{
    fr_csv_reader *r = t->reader;
    fr_csv_rows *rows = &t->worker->rows;
    if (t->range->uneven && !r->again)
        fr_csv_lines_mark(&r->lines, t->window, rows->begins, rows->n, &t->worker->marked_at, &t->worker->marked_line);
    if (!check_lengths(t)) return false;
    if (!t->range->ascii) spoil_bad_utf8(t);
    if (t->range->nul) spoil_nul_bytes(t);
    if (!report_flaws(t)) return false;
    if (t->row + (int64_t)rows->n > r->limit) rows->n = (size_t)(r->limit - t->row);
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        if (!r->active[c]) continue;
        if (!gather_fields(t, c) || !convert_column(t, &r->columns[c])) return false;
        if (t->worker->arena.last) fr_arena_clear(&t->worker->arena);
    }
    return true;
}

/* Which rows of coded columns get codes of this worker. */
static void claim_rows(const task *t, size_t number)
{
    fr_csv_reader *r = t->reader;
    int64_t end = t->range->row + t->range->n_rows;
    if (end > r->limit) end = r->limit;
    const fr_csv_span span = { .row = t->range->row - r->base_row, .n = end > t->range->row ? end - t->range->row : 0,
                               .worker = t->worker_number };
    for (size_t c = 0; c < r->shape.n_columns; c++)
        if (r->active[c] && !r->columns[c].late && r->columns[c].coded) fr_csv_codes_set_span(&r->columns[c].codes, number, span);
}

bool fr_csv_read_range(fr_call *call, void *state, const fr_csv_window *window, const fr_csv_range *range, size_t number,
                       size_t worker)
{
    fr_csv_reader *r = state;
    task t = { .call = call, .reader = r, .worker = &r->workers[worker], .worker_number = worker, .window = window,
               .range = range, .row = range->row };
    fr_csv_rows *rows = &t.worker->rows;
    t.worker->line_at = t.worker->marked_at = range->begin;
    t.worker->line = t.worker->marked_line = range->line;
    claim_rows(&t, number);
    fr_csv_rows_begin(rows, window, range);
    while (t.row < r->limit && fr_csv_rows_next(rows)) {
        size_t n = rows->n;
        if (!fr_go_on(call) || !convert_block(&t)) return false;
        t.row += (int64_t)n;
    }
    if (!r->again) atomic_fetch_add_explicit(&r->padded, t.n_padded, memory_order_relaxed);
    return true;
}
