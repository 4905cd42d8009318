/* csv_sniff.c — the decisions of a read with their evidence, as a frame. */
#include <string.h>

#include "base/glob.h"
#include "data/frame.h"
#include "io/csv/csv_marks.h"
#include "io/csv/csv_reader.h"

typedef struct report {
    fr_call    *call;
    fr_builder *columns[3];            /* what, value, evidence                                                        */
    fr_arena    arena;
    bool        fine;
} report;

static void add_row(report *r, const char *what, const char *value, const char *evidence)
{
    const char *const cells[] = { what, value, evidence };
    for (int i = 0; i < 3 && r->fine; i++)
        r->fine = cells[i] && fr_builder_add_text(r->call, r->columns[i], cells[i], strlen(cells[i]));
}

#define FORMAT(r, ...) fr_arena_format((r)->call, &(r)->arena, __VA_ARGS__)

static const char *char_name(report *r, char c)
{
    return !c ? "none" : c == '\t' ? "tab" : c == ' ' ? "blank" : FORMAT(r, "%c", c);
}

static void add_input(report *r, const fr_csv_reader *reader)
{
    static const char *const codes[] = { "utf-8", "latin-1", "windows-1252", "utf-16 (little-endian)",
                                         "utf-16 (big-endian)" };
    const fr_csv_input *in = &reader->input;
    const char *marked = in->code == FR_CSV_CODE_UTF8 ? "the file begins with its byte order mark"
                                                      : "the byte order mark at the beginning";
    add_row(r, "compression", in->gzip ? "gzip" : "none", "the first two bytes");
    add_row(r, "encoding", codes[in->code], in->text_begin ? marked : reader->options->encoding ? "given"
            : "no byte order mark; every text was checked");
}

static void add_dialect(report *r, const fr_csv_reader *reader)
{
    const fr_csv_shape *shape = &reader->shape;
    const fr_csv_dialect *d = &shape->dialect;
    add_row(r, "separator", char_name(r, d->sep), shape->sep_evidence);
    add_row(r, "quote", char_name(r, d->quote), reader->options->quote == '"' ? "the default" : "given");
    add_row(r, "line end", d->any_newline ? "CR" : "LF or CR LF",
            d->any_newline ? "the first line ends with a CR alone" : "the first line ends so");
    add_row(r, "header", shape->has_header ? "yes" : "no", shape->header_evidence);
    add_row(r, "columns", FORMAT(r, "%zu", shape->n_columns), "fields of the first record");
    add_row(r, "rows", FORMAT(r, "%lld", (long long)reader->n_records),
            FORMAT(r, "%lld blank line%s left out, %zu rejected", (long long)reader->blank_lines,
                   reader->blank_lines == 1 ? "" : "s", reader->rejects.n));
}

/* "integers; 8 are not, the first 'three' in line 8,214": which values made a column text that nearly was none. */
static const char *what_is_text(report *r, const fr_csv_reader *reader, const fr_frame *frame, const fr_column *column)
{
    const fr_csv_rules rules = fr_csv_rules_of(reader->options);
    int64_t n_text = 0, first = -1;
    for (int64_t row = 0; row < column->length; row++) {
        size_t n;
        const char *text = fr_column_text(column, row, &n);
        fr_csv_scalar scalar;
        if (!text) continue;
        fr_csv_classify(&rules, &(fr_csv_field){ .text = text, .length = (uint32_t)n }, &scalar);
        if (!(scalar.class_ & FR_CSV_TEXT)) continue;
        if (first < 0) first = row;
        n_text++;
    }
    if (first < 0) return "";
    size_t n;
    const char *text = fr_column_text(column, first, &n);
    const int64_t line = fr_line_of(frame->lines, first);
    return FORMAT(r, "; %lld %s not, the first %s in %s %lld", (long long)n_text, n_text == 1 ? "is" : "are",
                  fr_quoted((fr_room){ 0 }.text, text, n), line < 0 ? "row" : "line", (long long)(line < 0 ? first + 1 : line));
}

/* Other marks that would make numbers of a text column, or the values that are to blame. */
static const char *why_text(report *r, const fr_csv_reader *reader, const fr_frame *frame, const fr_column *column, bool mixed)
{
    if (column->type->kind != FR_STR) return "";
    const fr_csv_marks marks = fr_csv_marks_of(&reader->rules, column);
    if (*marks.say) return FORMAT(r, "; numbers with %s", marks.say);
    return mixed ? what_is_text(r, reader, frame, column) : "";
}

/* Classes say why this type and no other. */
static const char *why_type(report *r, const fr_csv_column *c, const char *strays, int64_t n_nulls, int64_t n_rows)
{
    static const struct { uint32_t class_; const char *name; } names[] = {
        { FR_CSV_BOOL, "truth values" }, { FR_CSV_INT, "integers" }, { FR_CSV_UINT, "integers beyond 2^63" },
        { FR_CSV_BIG, "integers beyond 2^64" }, { FR_CSV_HUGE, "integers of more than 38 digits" },
        { FR_CSV_FLOAT, "decimal fractions" }, { FR_CSV_DATE, "ISO dates" },
        { FR_CSV_DATETIME, "ISO datetimes" }, { FR_CSV_ZONED, "ISO datetimes with offset" },
        { FR_CSV_EMPTY_QUOTED, "quoted empty fields" },
    };
    if (c->declared) return "given";
    if (n_rows == 0) return "no rows";
    uint32_t seen = atomic_load(&c->seen);
    const char *text = "";
    for (size_t i = 0; text && i < FR_COUNT_OF(names); i++)
        if (seen & names[i].class_) text = FORMAT(r, "%s%s%s", text, *text ? ", " : "", names[i].name);
    if (text && seen & FR_CSV_TEXT) text = FORMAT(r, "%s%s", *text ? text : "text", strays);
    if (text && seen & FR_CSV_NA_WORD && fr_csv_kind_of(seen) != FR_STR) text = FORMAT(r, "%s, words for null", text);
    if (text && c->date_shape >= 0) text = "dates spelt one way";
    if (!text) return NULL;
    return n_nulls ? FORMAT(r, "%s%s%lld null", text, *text ? "; " : "", (long long)n_nulls) : *text ? text : "nothing but nulls";
}

static void add_columns(report *r, const fr_csv_reader *reader, const fr_frame *frame)
{
    size_t field = 0;
    for (size_t c = 0; c < reader->shape.n_columns; c++) {
        if (!reader->wanted[c]) continue;
        const fr_column *column = frame->columns[field++];
        const uint32_t seen = atomic_load(&reader->columns[c].seen);
        const bool mixed = column->type->kind == FR_STR && seen & FR_CSV_TEXT && seen & FR_CSV_VALUES & ~(uint32_t)FR_CSV_TEXT;
        const char *strays = why_text(r, reader, frame, column, mixed);
        char type[FR_TYPE_TEXT_BYTES];
        add_row(r, reader->columns[c].name, fr_type_name(column->type, type),
                strays ? why_type(r, &reader->columns[c], strays, column->null_count, frame->length) : NULL);
    }
}

static fr_frame *finish(report *r, const fr_frame *parent)
{
    static const char *const names[] = { "what", "value", "evidence" };
    fr_column *columns[3] = { NULL };
    for (int i = 0; i < 3 && r->fine; i++) r->fine = (columns[i] = fr_builder_finish(r->call, r->columns[i])) != NULL;
    fr_frame *frame = r->fine ? fr_frame_of(r->call, parent, names, columns, 3, columns[0]->length) : NULL;
    for (int i = 0; i < 3; i++) fr_column_unref(columns[i]);
    return frame;
}

/* The file is read as a read would, since types come from all of it. */
static fr_frame *sniff(fr_call *call, const char *path, const fr_csv_options *options)
{
    fr_csv_reader reader;
    report r = { .call = call, .fine = true };
    fr_arena_init(&r.arena, call->context);
    for (int i = 0; i < 3 && r.fine; i++) r.fine = (r.columns[i] = fr_builder_new(call, fr_type_of(FR_STR), 16)) != NULL;
    fr_frame *frame = NULL, *result = NULL;
    if (fr_csv_reader_open(call, &reader, path, options) && r.fine) frame = fr_csv_reader_frame(call, &reader);
    if (frame && fr_frame_settle(call, frame)) {
        add_input(&r, &reader);
        add_dialect(&r, &reader);
        add_columns(&r, &reader, frame);
        result = finish(&r, frame);
    }
    fr_frame_unref(frame);
    fr_csv_reader_close(call, &reader);
    for (int i = 0; i < 3; i++) fr_builder_unref(r.columns[i]);
    fr_arena_clear(&r.arena);
    return result;
}

static fr_frame *sniff_path(fr_call *call, const char *path, const fr_csv_options *options)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_paths paths = { 0 };
    if (!path) return fr_fail(call, FR_ERR_ARGUMENT, "the path is NULL"), NULL;
    if (!fr_paths_add(call, &arena, path, &paths)) return NULL;
    if (paths.n == 1) return sniff(call, paths.items[0], options);
    return fr_fail_at(call, fr_place_at(.path = path, .hint = fr_arena_format(call, &arena, "such as %s", paths.items[0])),
                      FR_ERR_ARGUMENT, "the pattern names %zu files; one is sniffed at a time", paths.n), NULL;
}

fr_frame *fr_csv_sniff(const char *path, const fr_csv_args *args)
{
    fr_call call;
    fr_call_begin(&call, args ? args->context : NULL, args ? args->file_ : NULL, args ? args->line_ : 0);
    call.step = "sniff_csv";
    fr_csv_options options = { 0 };
    fr_frame *frame = !fr_failed(&call) && fr_csv_options_read(&call, args, &options)
                    ? sniff_path(&call, path, &options) : NULL;
    fr_csv_options_clear(&options);
    if (!frame) frame = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return frame;
}
