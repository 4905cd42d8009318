/* csv_result.c — what has been read becomes a frame with its account, rejects and warnings. */
#include "io/csv/csv_marks.h"
#include "io/csv/csv_reader.h"

#include <string.h>

#include "base/threads.h"
#include "data/text_form.h"

static void warn_about(fr_call *call, const fr_csv_reader *r)
{
    if (r->shape.header_is_guess)
        fr_warn(call, "%s: nothing tells the first record from the others; it was taken as %s. Say .header or .no_header.",
                r->input.path ? r->input.path : "CSV", r->shape.has_header ? "the header" : "data");
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        const fr_csv_column *column = &r->columns[c];
        if (r->wanted[c] && !column->declared && column->type->kind == FR_DECIMAL)
            fr_warn(call, "column '%s' holds integers beyond 64 bits and was read as decimal(38,0)", column->name);
    }
}

/* How many values of a text column are integers too long for any type, 0 when some are no integers. */
static int64_t count_huge(const fr_csv_rules *rules, const fr_column *column)
{
    const uint32_t integers = FR_CSV_INT | FR_CSV_UINT | FR_CSV_BIG | FR_CSV_HUGE;
    int64_t n_huge = 0;
    for (int64_t row = 0; row < column->length; row++) {
        size_t n;
        const char *text = fr_column_text(column, row, &n);
        fr_csv_scalar scalar;
        if (!text) continue;
        fr_csv_classify(rules, &(fr_csv_field){ .text = text, .length = (uint32_t)n }, &scalar);
        if (scalar.class_ & FR_CSV_VALUES & ~integers) return 0;
        n_huge += (scalar.class_ & FR_CSV_HUGE) != 0;
    }
    return n_huge;
}

/* Whether the text is to blame is seen in the rows: which classes a text column has been seen to hold depends on when it
 * became one. */
static void warn_about_huge(fr_call *call, const fr_csv_reader *r, fr_column *const *columns)
{
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        const fr_csv_column *read = &r->columns[c];
        if (!columns[c] || r->checked[c] || read->declared || columns[c]->type->kind != FR_STR || columns[c]->form) continue;
        if (!(atomic_load(&read->seen) & FR_CSV_HUGE)) continue;
        const int64_t n = count_huge(&r->rules, columns[c]);
        if (n > 0)
            fr_warn(call, "column '%s' holds %lld integer%s of more than 38 digits and stays text, which is exact", read->name,
                    (long long)n, n == 1 ? "" : "s");
    }
}

/* The column, of formed texts at most so many of the first ones. Owned. */
static fr_column *first_texts(fr_call *call, const fr_column *column, int64_t n)
{
    if (!column->form) return fr_column_ref(column);
    FR_OWNED fr_column *first = fr_column_slice(call, column, 0, n < column->length ? n : column->length);
    return first ? fr_column_unformed(call, first) : NULL;
}

/* Nothing of one file's values is said, so that of several files it is said once. */
static bool warn_about_marks(fr_call *call, const fr_csv_reader *r, fr_column *const *columns)
{
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        if (!columns[c] || r->checked[c] || r->columns[c].declared || columns[c]->type->kind != FR_STR) continue;
        FR_OWNED fr_column *texts = first_texts(call, columns[c], FR_CSV_MARKS_ROWS);
        if (!texts) return false;
        const fr_csv_marks marks = fr_csv_marks_of(&r->rules, texts);
        if (*marks.say)
            fr_warn(call, "column '%s' stays text; its values would be numbers with %s", r->columns[c].name, marks.say);
    }
    return true;
}

enum { LOOKED_AT = 100000 };               /* rows; it is a hint */

/* The word of .na_values that the text is but for blanks around it; -1: it is none. */
static int64_t padded_word(const fr_csv_words *words, const char *text, size_t n)
{
    size_t from = 0, to = n;
    while (from < to && (text[from] == ' ' || text[from] == '\t')) from++;
    while (to > from && (text[to - 1] == ' ' || text[to - 1] == '\t')) to--;
    return from == to || to - from == n ? -1 : fr_csv_words_find(words, text + from, to - from);
}

/* " ?" where "?" is missing: said of the first column, with how to read it, as it is so in all of such a file. */
static bool warn_about_blanks(fr_call *call, const fr_csv_reader *r, fr_column *const *columns)
{
    const fr_csv_words *words = &r->options->na;
    for (size_t c = 0; words->n && c < r->shape.n_columns; c++) {
        if (!columns[c] || r->checked[c] || columns[c]->type->kind != FR_STR) continue;
        FR_OWNED fr_column *texts = first_texts(call, columns[c], LOOKED_AT);
        if (!texts) return false;
        for (int64_t row = 0; row < texts->length && row < LOOKED_AT; row++) {
            size_t n;
            const char *text = fr_column_text(texts, row, &n);
            const int64_t word = text ? padded_word(words, text, n) : -1;
            if (word < 0) continue;
            fr_warn(call, "column '%s' holds '%.*s', which is no missing value: '%s' of .na_values has no blanks. Say .trim.",
                    r->columns[c].name, n < 60 ? (int)n : 60, text, words->items[word].text);
            return true;
        }
    }
    return true;
}

typedef struct finishing {
    fr_csv_reader *reader;
    int64_t        rows;
    size_t        *first_parts;      /* of each column, and of one more: their codes are settled by parts                */
    fr_column    **columns;
} finishing;

static bool merge_column(fr_call *call, void *state, size_t c, size_t worker)
{
    (void)worker;
    const finishing *f = state;
    return !f->reader->wanted[c] || fr_csv_column_merge(call, &f->reader->columns[c], f->rows);
}

static bool settle_part(fr_call *call, void *state, size_t part, size_t worker)
{
    (void)call;
    (void)worker;
    const finishing *f = state;
    size_t low = 0, high = f->reader->shape.n_columns;             /* the last column whose first part is no later      */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (f->first_parts[middle] <= part) low = middle;
        else high = middle;
    }
    fr_csv_column_settle(&f->reader->columns[low], part - f->first_parts[low]);
    return true;
}

static bool finish_column(fr_call *call, void *state, size_t c, size_t worker)
{
    (void)worker;
    finishing *f = state;
    if (!f->reader->wanted[c]) return true;
    f->columns[c] = fr_csv_column_finish(call, &f->reader->columns[c], f->rows);
    return f->columns[c] != NULL;
}

/* The columns side by side, but codes by parts: most of them may be those of one column. Merging dictionaries and settling codes
 * is 6 % of all the work. */
static bool finish_columns(fr_call *call, finishing *f)
{
    const fr_csv_reader *r = f->reader;
    const size_t width = r->shape.n_columns, n_values = (size_t)f->rows * width;
    if (!fr_for_blocks_of(call, n_values, width, merge_column, f)) return false;
    for (size_t c = 0; c < width; c++)
        f->first_parts[c + 1] = f->first_parts[c] + (r->wanted[c] ? fr_csv_column_parts(&r->columns[c]) : 0);
    return fr_for_blocks_of(call, n_values, f->first_parts[width], settle_part, f)
        && fr_for_blocks_of(call, n_values, width, finish_column, f);
}

/* Late where texts are numbers of a form, or numbers are scaled. */
static fr_frame *frame_of(fr_call *call, const char *const *names, fr_column *const *columns, size_t n, int64_t rows)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    bool formed = false;
    for (size_t i = 0; i < n; i++) formed |= fr_is_formed(columns[i]);
    if (!formed) return fr_frame_of(call, NULL, names, columns, n, rows);
    fr_field *fields = fr_arena_array(call, &arena, n, sizeof *fields);
    for (size_t i = 0; fields && i < n; i++)
        fields[i] = (fr_field){ .name = names[i], .type = columns[i]->type, .nullable = true };
    FR_OWNED fr_schema *schema = fields ? fr_schema_make(call, fields, n) : NULL;
    return schema ? fr_frame_late_of(call, NULL, schema, columns, rows) : NULL;
}

/* `whole`: all rows of the text, not a batch. */
static fr_frame *make_frame(fr_call *call, fr_csv_reader *r, int64_t rows, bool whole)
{
    size_t width = r->shape.n_columns, n = 0;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const char **names = fr_arena_array(call, &arena, width, sizeof *names);
    fr_column **columns = fr_arena_array(call, &arena, width, sizeof *columns);
    finishing f = { .reader = r, .rows = rows, .columns = fr_arena_array(call, &arena, width, sizeof *columns),
                    .first_parts = fr_arena_array(call, &arena, width + 1, sizeof *f.first_parts) };
    if (!names || !columns || !f.columns || !f.first_parts) return NULL;
    bool fine = finish_columns(call, &f);
    for (size_t c = 0; c < width; c++) {
        if (!f.columns[c] || r->checked[c]) continue;
        names[n] = r->columns[c].name;
        columns[n++] = f.columns[c];
    }
    if (fine && whole) {
        warn_about_huge(call, r, f.columns);
        fine = warn_about_marks(call, r, f.columns) && warn_about_blanks(call, r, f.columns);
    }
    fr_frame *frame = fine ? frame_of(call, names, columns, n, rows) : NULL;
    for (size_t c = 0; c < width; c++) fr_column_unref(f.columns[c]);
    return frame;
}

/* Rejected rows are in the frame as rows of nulls; take them out. `first`: the first reject of this batch. */
static fr_frame *drop_rejected(fr_call *call, fr_csv_reader *r, fr_frame *frame, size_t first)
{
    int64_t n = frame->length;
    fr_buffer *bits FR_CLEANUP(fr_drop_buffer) = fr_buffer_new(call, (size_t)(n / 64 + 1) * sizeof(uint64_t));
    if (!bits) return NULL;
    uint64_t *keep = bits->data;
    memset(keep, 0xff, bits->size_bytes);
    for (size_t i = first; i < r->rejects.n; i++) {
        int64_t row = r->rejects.items[i].row - r->base_row;
        keep[row / 64] &= ~((uint64_t)1 << (row % 64));
    }
    return fr_frame_keep(call, frame, bits, n - (int64_t)(r->rejects.n - first));
}

static bool add_lines(fr_call *call, const fr_csv_reader *r, fr_frame *frame)
{
    if (r->input.is_lenient) return true;
    frame->lines = fr_csv_lines_finish(call, &r->lines, r->input.path);
    return frame->lines != NULL;
}

/* The frame of `rows` rows without those rejected from number `first` on. */
static fr_frame *make_clean_frame(fr_call *call, fr_csv_reader *r, int64_t rows, size_t first, bool whole)
{
    fr_frame *frame = make_frame(call, r, rows, whole);
    if (frame && !add_lines(call, r, frame)) {
        fr_frame_unref(frame);
        return NULL;
    }
    if (!frame || r->rejects.n == first) return frame;
    fr_frame *kept = drop_rejected(call, r, frame, first);
    fr_frame_unref(frame);
    return kept;
}

static bool note_counts(fr_call *call, const fr_csv_reader *r, fr_text *note)
{
    long long padded = atomic_load(&r->padded), blank = r->blank_lines;
    if (padded && !fr_text_format(call, note, "%lld short row%s padded", padded, padded == 1 ? "" : "s")) return false;
    return !blank || fr_text_format(call, note, "%s%lld blank line%s left out", padded ? "; " : "", blank,
                                    blank == 1 ? "" : "s");
}

static bool add_account(fr_call *call, fr_csv_reader *r, fr_frame *frame)
{
    int64_t rejected = (int64_t)r->rejects.n;
    FR_CLEANUP(fr_text_clear) fr_text note = FR_TEXT_INIT(call);
    if (!note_counts(call, r, &note)) return false;
    const fr_account_entry entry = { .step = "read_csv", .rows_in = r->n_records, .rows_kept = r->n_records - rejected,
                                     .rejected = rejected, .converted = r->n_dates, .note = note.bytes };
    if (!fr_frame_add_account(call, frame, &entry)) return false;
    if (r->options->on_bad != FR_ON_BAD_COLLECT || rejected == 0) return true;
    fr_frame *rejects = fr_csv_rejects_frame(call, &r->rejects);
    bool fine = rejects && fr_frame_add_rejects(call, frame, rejects);
    fr_frame_unref(rejects);
    return fine;
}

static fr_frame *with_account(fr_call *call, fr_csv_reader *r, fr_frame *frame)
{
    if (!frame || add_account(call, r, frame)) return frame;
    fr_frame_unref(frame);
    return NULL;
}

fr_frame *fr_csv_reader_frame(fr_call *call, fr_csv_reader *r)
{
    int64_t sample = r->options->sample_types;
    if (sample && !fr_csv_pass_types(call, r, sample)) return NULL;
    return fr_csv_reader_settled_frame(call, r);
}

/* Types that are known and dates that are not looked for need only one pass. */
static bool one_pass_will_do(const fr_csv_reader *r)
{
    bool known = !r->options->all_dates && !r->options->dates.n;
    for (size_t c = 0; c < r->shape.n_columns; c++) known &= !r->wanted[c] || r->columns[c].declared || r->columns[c].settled;
    return known;
}

fr_frame *fr_csv_reader_settled_frame(fr_call *call, fr_csv_reader *r)
{
    if (one_pass_will_do(r)) fr_csv_input_last_time(&r->input);
    if (!fr_csv_pass_all(call, r) || !fr_csv_rejects_settle(call, &r->rejects, r->limit)) return NULL;
    warn_about(call, r);
    r->base_row = 0;
    return with_account(call, r, make_clean_frame(call, r, r->n_records, 0, true));
}

/* Flaws of one batch come after all of the batches before; sorting the whole list keeps those in place. */
fr_frame *fr_csv_reader_batch(fr_call *call, fr_csv_reader *r)
{
    bool any;
    size_t first = r->rejects.n;
    if (r->finished || !fr_csv_pass_batch(call, r, &any)) return NULL;
    if (!any) r->base_row = r->n_records;
    if (!fr_csv_rejects_settle(call, &r->rejects, r->limit)) return NULL;
    r->finished = !any || r->window.last || r->n_records >= r->limit;
    for (size_t c = 0; !any && c < r->shape.n_columns; c++) {
        const fr_type *type = fr_type_ref(r->columns[c].type);
        bool fine = fr_csv_column_begin(call, &r->columns[c], type, 0);
        fr_type_unref(type);
        if (!fine) return NULL;
    }
    if (r->finished) warn_about(call, r);
    fr_frame *batch = make_clean_frame(call, r, r->n_records - r->base_row, first, false);
    return r->finished ? with_account(call, r, batch) : batch;
}
