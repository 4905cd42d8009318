/* csv_shape.c — looks at the first records of a file and decides how to read the rest.
 *
 * Separator: of comma, semicolon, tab and bar the first that gives every record of the sample the same number of fields,
 * at least two; when none does, a comma if there is one, else whichever splits the first record most.
 *
 * Header: absent when the first record holds a number, date or truth value in a column whose other values are of that
 * kind too. When nothing tells (all columns are text) the first record is the header, with a warning. An empty first record
 * is a header without names. A first line sep=; is no row: it says the separator.
 */
#include "io/csv/csv_shape.h"

#include <string.h>

#include "base/context_state.h"
#include "base/hash.h"
#include "base/letters.h"
#include "base/problem.h"
#include "base/utf8.h"
#include "io/csv/csv_field.h"
#include "io/csv/csv_foreign.h"
#include "io/csv/csv_record.h"

#define SAMPLE_RECORDS 1000
#define KEPT_ENDS      16384
#define NAME_BYTES     65536           /* a longer one is no name                                                       */

/* Records that the trial of the separator found to have equally many fields are not scanned again. */
typedef struct known_records {
    fr_csv_record *records;                /* [SAMPLE_RECORDS]                                                            */
    uint32_t      *ends;                   /* [KEPT_ENDS]: n_fields of each record                                        */
    size_t         n, n_fields, taken;     /* taken: by next_fields                                                       */
} known_records;

typedef struct sample {
    fr_call              *call;
    const char           *text, *path;
    size_t                n, first;        /* first: where the first record begins                                     */
    size_t                begin;           /* where the lines to be looked at begin: blank ones, then the first record   */
    int64_t               begin_line;
    bool                  last;
    char                  noted_sep;       /* by the file itself; 0: by nobody                                           */
    const fr_csv_options *options;
    fr_arena             *arena;
    fr_csv_shape         *shape;
    known_records         known;
    bool                  rejected;        /* the record whose fields were cut last                                      */
} sample;

/* ---- where it begins ---------------------------------------------------------------------------------------------- */
static size_t line_end(const sample *s, size_t at)
{
    while (at < s->n && s->text[at] != '\n' && s->text[at] != '\r') at++;
    if (at + 1 < s->n && s->text[at] == '\r' && s->text[at + 1] == '\n') at++;
    return at < s->n ? at + 1 : s->n;
}

static fr_csv_shape_result skip_lines(sample *s)
{
    for (int64_t i = 0; i < s->options->skip_rows; i++) {
        size_t next = line_end(s, s->first);
        if (next >= s->n && !s->last) return FR_CSV_SHAPE_NEEDS_MORE;
        s->shape->data_line++;
        s->first = next;
    }
    return FR_CSV_SHAPE_FOUND;
}

/* Excel's note to itself in the first line, "sep=;", quoted or not: the separator, and no row of the table. */
static fr_csv_shape_result read_note(sample *s)
{
    const char *text = s->text + s->first;
    const size_t left = s->n - s->first, quoted = left && text[0] == '"', end = 5 + 2 * quoted;
    if (s->options->skip_rows || s->options->lenient) return FR_CSV_SHAPE_FOUND;
    if (left <= end) return s->last ? FR_CSV_SHAPE_FOUND : FR_CSV_SHAPE_NEEDS_MORE;
    const char sep = text[4 + quoted];
    if (!fr_same_word(text + quoted, 4, "sep=") || (quoted && text[end - 1] != '"')) return FR_CSV_SHAPE_FOUND;
    if (!sep || !strchr("\t !#$%&*+,-./:;<=>@^_|~", sep) || (text[end] != '\n' && text[end] != '\r')) return FR_CSV_SHAPE_FOUND;
    s->noted_sep = sep;
    s->first = line_end(s, s->first);
    s->shape->data_line++;
    return FR_CSV_SHAPE_FOUND;
}

/* Does the first line end with a carriage return alone? */
static bool ends_with_cr(const sample *s)
{
    bool inside = false;
    for (size_t i = s->first; i + 1 < s->n; i++) {
        char c = s->text[i];
        if (s->options->quote && c == s->options->quote) inside = !inside;
        if (!inside && c == '\n') return false;
        if (!inside && c == '\r') return s->text[i + 1] != '\n';
    }
    return s->n > s->first && s->last && s->text[s->n - 1] == '\r';
}

/* Lines from `from` to `to`, for line numbers. */
static int64_t count_lines(const sample *s, size_t from, size_t to)
{
    int64_t lines = 0;
    for (size_t i = from; i < to; i++)
        lines += s->text[i] == '\n' || (s->shape->dialect.any_newline && s->text[i] == '\r' &&
                                        !(i + 1 < s->n && s->text[i + 1] == '\n'));
    return lines;
}

/* ---- the separator ------------------------------------------------------------------------------------------------ */
typedef struct trial { size_t first_fields; bool same, any; } trial;

/* Keep a record whose fields' ends were written behind those of the records before it. */
static void keep_record(sample *s, const fr_csv_record *r, size_t records)
{
    if (records == 0) s->known.n_fields = r->n_fields;
    if (records != s->known.n || r->flaw || r->n_fields != s->known.n_fields) return;
    s->known.records[s->known.n++] = *r;
}

/* Room for the ends of another record like those that are kept; 0: it is not kept. */
static size_t room_for_ends(const sample *s, size_t records)
{
    const size_t used = s->known.n * s->known.n_fields;
    return s->known.records && records == s->known.n && used < KEPT_ENDS ? KEPT_ENDS - used : 0;
}

/* Split the sample at `sep`: how many fields has the first record, have all others as many? */
static trial try_separator(sample *s, char sep)
{
    fr_csv_dialect d = s->shape->dialect;
    d.sep = sep;
    trial t = { .same = true };
    size_t at = s->first;
    s->known.n = s->known.n_fields = 0;
    for (size_t records = 0; at < s->n && records < SAMPLE_RECORDS; ) {
        fr_csv_record r;
        const size_t room = room_for_ends(s, records);
        fr_csv_scan_record(&d, s->text, at, s->n, s->last, room ? s->known.ends + s->known.n * s->known.n_fields : NULL, room,
                           &r);
        if (r.flaw == FR_CSV_CUT) break;
        at = r.next;
        if (r.blank || r.comment) continue;
        if (room && r.n_fields <= room) keep_record(s, &r, records);
        if (records++ == 0) t.first_fields = r.n_fields;
        t.same &= r.flaw == FR_CSV_FINE && r.n_fields == t.first_fields;
        t.any |= r.n_fields > 1;
    }
    return t;
}

/* Is not even the first record complete, whatever separates it? Then the trials would be in vain: a line of 1 GB. */
static bool first_is_cut(const sample *s)
{
    return !memchr(s->text + s->first, '\n', s->n - s->first) && !memchr(s->text + s->first, '\r', s->n - s->first);
}

static bool is_taken(const fr_csv_options *o, char c)
{
    return c == o->quote || c == o->escape || c == o->comment || c == o->decimal;
}

static const char *sep_name(char sep)
{
    return sep == '\t' ? "tab" : sep == ',' ? "comma" : sep == ';' ? "semicolon" : "bar";
}

static void take_separator(sample *s, char sep, const char *evidence)
{
    s->shape->dialect.sep = sep;
    s->shape->sep_evidence = evidence;
}

static bool choose_separator(sample *s)
{
    static const char candidates[] = { ',', ';', '\t', '|' };
    if (s->options->sep) return take_separator(s, s->options->sep, "given"), true;
    if (s->noted_sep) return take_separator(s, s->noted_sep, "the first line says sep="), true;
    if (s->options->lenient) return take_separator(s, ',', "lenient reading takes a comma unless told"), true;
    trial best = { 0 };
    char best_sep = is_taken(s->options, ',') ? ';' : ',';
    bool comma_occurs = false;
    for (size_t i = 0; i < sizeof candidates; i++) {
        char sep = candidates[i];
        if (is_taken(s->options, sep)) continue;
        trial t = try_separator(s, sep);
        if (t.same && t.first_fields > 1) {
            const char *why = fr_arena_format(s->call, s->arena, "every record of the sample has %zu fields at each %s",
                                              t.first_fields, sep_name(sep));
            take_separator(s, sep, why);
            return why != NULL;
        }
        if (sep == ',') comma_occurs = t.any;
        if (!comma_occurs && t.first_fields > best.first_fields && t.any) best = t, best_sep = sep;
    }
    bool one = best.first_fields == 0 && !comma_occurs;
    s->known.n = 0;
    take_separator(s, best_sep, one ? "no separator occurs: one column" : "it occurs, though not equally often in each record");
    return true;
}

/* ---- records of the sample ---------------------------------------------------------------------------------------- */
/* Is it one of those that are put aside? They say nothing about types. */
static bool is_rejected(const sample *s, const fr_csv_record *r)
{
    const size_t n = r->next - r->begin, capacity = s->shape->n_columns;
    if (r->n_fields > capacity || (r->n_fields < capacity && !s->options->pad_short_rows)) return true;
    return fr_utf8_check(s->text + r->begin, n) != n;
}

static bool cut_fields(sample *s, const uint32_t *ends, fr_csv_field *fields, fr_arena *arena, fr_csv_record *r)
{
    const size_t capacity = s->shape->n_columns, n = r->n_fields < capacity ? r->n_fields : capacity;
    size_t begin = r->begin;
    for (size_t i = 0; i < n; i++) {
        bool last = i + 1 == r->n_fields;
        if (!fr_csv_field_at(s->call, arena, &s->shape->dialect, s->text + begin, s->text + ends[i], last, &fields[i]))
            return false;
        begin = ends[i] + (size_t)1;
    }
    s->rejected = is_rejected(s, r);
    r->n_fields = n;
    return true;
}

/* The fields of the next record that is neither blank nor a comment; *at moves behind it. 0 fields: none left. */
static bool next_fields(sample *s, size_t *at, uint32_t *ends, fr_csv_field *fields, fr_arena *arena, fr_csv_record *r)
{
    const fr_csv_dialect *d = &s->shape->dialect;
    if (s->known.taken < s->known.n) {
        const size_t i = s->known.taken++;
        *r = s->known.records[i];
        *at = r->next;
        return cut_fields(s, s->known.ends + i * s->known.n_fields, fields, arena, r);
    }
    r->n_fields = 0;
    while (*at < s->n) {
        size_t capacity = s->shape->n_columns;
        fr_csv_scan_record(d, s->text, *at, s->n, s->last, ends, capacity, r);
        if (r->flaw == FR_CSV_CUT) return r->n_fields = 0, true;
        *at = r->next;
        if (r->flaw || r->comment || (r->blank && !(d->blank_is_row && capacity == 1))) continue;
        return cut_fields(s, ends, fields, arena, r);
    }
    r->n_fields = 0;
    return true;
}

/* The 1-based column of a byte: people count from the start of its line. */
static int64_t column_of(const sample *s, size_t byte)
{
    size_t begin = byte;
    while (begin > s->first && s->text[begin - 1] != '\n' && s->text[begin - 1] != '\r') begin--;
    return (int64_t)(byte - begin) + 1;
}

/* Who says how fields are told apart may read the lines of JSON or XML as a column of text. */
static bool refuse_foreign(const sample *s)
{
    const fr_csv_foreign foreign = fr_csv_foreign_of(s->text, s->n, s->path);
    const bool told = s->options->sep || s->options->quote != '"' || s->options->lenient;
    s->shape->other_format = foreign.looks;
    if (!foreign.what || (foreign.looks && (told || !foreign.certain))) return true;
    return fr_fail_at(s->call, fr_place_at(.path = s->path, .hint = foreign.advice), FR_ERR_UNSUPPORTED,
                      "this is %s, which is not read yet", foreign.what);
}

static fr_csv_shape_result fail_flaw(const sample *s, const fr_csv_record *r)
{
    int64_t line = s->shape->data_line + count_lines(s, s->first, r->flaw_at);
    const fr_place *place = fr_place_at(.path = s->path, .line = line, .byte = (int64_t)r->flaw_at, .row = 0,
                                        .position = column_of(s, r->flaw_at),
                                        .hint = s->shape->other_format ? s->shape->other_format
                                              : r->flaw == FR_CSV_QUOTE_INSIDE ? ".quote = \"\" takes quotes as text, "
                                                ".lenient reads what breaks the rules" : NULL);
    const char *what = r->flaw == FR_CSV_OPEN_QUOTE ? "a quote that is opened here is never closed"
                       : r->flaw == FR_CSV_QUOTE_INSIDE ? "a quote stands inside a field that does not begin with one"
                       : "a quoted field is followed by something else than a separator";
    fr_fail_at(s->call, place, FR_ERR_FORMAT, "%s", what);
    return FR_CSV_SHAPE_FAILED;
}

/* How many columns a file without a header and without a row has: as many as are named. 0: nobody tells. */
static size_t columns_told(const fr_csv_options *o)
{
    return !o->no_header ? 0 : o->schema ? o->schema->width : o->names.n;
}

/* The first record fixes the number of columns, or the names that were given where there is none. Blank lines before it
 * are passed over unless there is nothing else, or no header: then they stand among the rows. */
static fr_csv_shape_result find_first(sample *s, fr_csv_record *r)
{
    const size_t begin = s->begin = s->first;
    s->begin_line = s->shape->data_line;
    while (s->first < s->n) {
        fr_csv_scan_record(&s->shape->dialect, s->text, s->first, s->n, s->last, NULL, 0, r);
        if (r->flaw == FR_CSV_CUT) return FR_CSV_SHAPE_NEEDS_MORE;
        if (!r->blank && !r->comment) break;
        s->first = r->next;
    }
    s->shape->n_columns = 1;
    if (s->first == s->n && !s->last) return FR_CSV_SHAPE_NEEDS_MORE;
    if (s->first == s->n) {
        if (columns_told(s->options)) s->shape->n_columns = columns_told(s->options);
        s->first = begin;
        return FR_CSV_SHAPE_FOUND;
    }
    s->shape->data_line += count_lines(s, begin, s->first);
    if (r->flaw) return fail_flaw(s, r);
    s->shape->n_columns = r->n_fields;
    return FR_CSV_SHAPE_FOUND;
}

/* ---- the header --------------------------------------------------------------------------------------------------- */
static bool is_strong(uint32_t class_)
{
    return (class_ & FR_CSV_VALUES & ~(uint32_t)FR_CSV_TEXT) != 0;
}

/* Is the first record one of the data? +1 yes, -1 no, 0 nothing tells. */
static int first_is_data(const sample *s, const fr_csv_field *first, const uint32_t *first_class, const uint32_t *rest,
                         const bool *rest_quoted)
{
    bool any_strong = false, any_value = false;
    for (size_t c = 0; c < s->shape->n_columns; c++) {
        bool strong = is_strong(first_class[c]) && first[c].quoted == rest_quoted[c];
        any_value |= (first_class[c] & FR_CSV_VALUES) != 0;
        fr_kind kind = fr_csv_kind_of(rest[c]);
        if (strong && (s->shape->sample_rows == 0 ||
                       (kind != FR_STR && kind != FR_NULL &&
                        fr_csv_kind_of(rest[c] | first_class[c]) != FR_STR))) return +1;
        any_strong |= kind != FR_STR && kind != FR_NULL;
    }
    if (!any_value) return +1;
    return any_strong ? -1 : 0;
}

/* ,,, at the top is a header that names nothing. */
static bool is_nameless(const sample *s, const fr_csv_field *first)
{
    for (size_t c = 0; c < s->shape->n_columns; c++)
        if (first[c].length) return false;
    return s->shape->n_columns > 1;
}

static bool equals_schema(const fr_schema *schema, const fr_csv_field *first)
{
    for (size_t c = 0; c < schema->width; c++)
        if (strlen(schema->fields[c].name) != first[c].length ||
            memcmp(schema->fields[c].name, first[c].text, first[c].length)) return false;
    return true;
}

static void take_header(sample *s, bool has_header, const char *evidence)
{
    s->shape->has_header = has_header;
    s->shape->header_evidence = evidence;
}

static bool check_schema_header(sample *s, const fr_csv_field *first)
{
    const fr_schema *schema = s->options->schema;
    if (!s->shape->has_header || equals_schema(schema, first)) return true;
    for (size_t c = 0; c < schema->width; c++) {
        const char *name = schema->fields[c].name;
        if (strlen(name) == first[c].length && !memcmp(name, first[c].text, first[c].length)) continue;
        return fr_fail_at(s->call, fr_place_at(.path = s->path, .line = s->shape->data_line, .column = name), FR_ERR_FORMAT,
                          "the header says '%.*s' where the schema says '%s'", (int)(first[c].length < 64 ? first[c].length
                          : 64), first[c].text, name);
    }
    return true;
}

static void guess_header(sample *s, const fr_csv_field *first, const uint32_t *first_class, const bool *rest_quoted)
{
    const fr_csv_options *o = s->options;
    if (o->header || o->no_header) return take_header(s, o->header, "given");
    if (o->schema && equals_schema(o->schema, first)) return take_header(s, true, "the first record has the schema's names");
    if (!o->schema && !o->names.n && is_nameless(s, first)) return take_header(s, true, "the first record is empty");
    switch (first_is_data(s, first, first_class, s->shape->seen, rest_quoted)) {
        case +1: return take_header(s, false, "the first record holds values like those below it");
        case -1: return take_header(s, true, "the first record is text above columns that are not");
        default: break;
    }
    take_header(s, !o->names.n, "nothing tells the first record from the others");
    s->shape->header_is_guess = s->shape->sample_rows > 0;
}

/* ---- names -------------------------------------------------------------------------------------------------------- */
/* Names given so far, by open addressing, each with the suffix its next duplicate tries: a file may have 100,000 columns
 * of one name. */
typedef struct name_slot { const char *name; size_t suffix; } name_slot;
typedef struct name_table { name_slot *slots; size_t n_slots; uint64_t seed; } name_table;

static name_slot *slot_of(const name_table *table, const char *name)
{
    size_t i = fr_hash_bytes(name, strlen(name), table->seed) & (table->n_slots - 1);
    while (table->slots[i].name && strcmp(table->slots[i].name, name) != 0) i = (i + 1) & (table->n_slots - 1);
    return &table->slots[i];
}

/* A name that was given, or made of a quoted field, stands nowhere in the text. */
static bool fail_name(const sample *s, const char *bad, size_t column)
{
    const bool in_text = (uintptr_t)bad - (uintptr_t)s->text < s->n;
    const size_t byte = in_text ? (size_t)(bad - s->text) : 0;
    const char *hint = s->shape->other_format ? s->shape->other_format
                       : *bad ? ".encoding = \"windows-1252\" may be what it is" : "is it UTF-16? .encoding = \"utf-16\"";
    const fr_place *place = fr_place_at(.path = s->path, .line = s->shape->data_line, .hint = hint,
                                        .byte = in_text ? (int64_t)byte : -1, .position = in_text ? column_of(s, byte) : -1);
    return fr_fail_at(s->call, place, FR_ERR_ENCODING, *bad ? "the name of column %zu is not valid UTF-8"
                                                            : "a NUL byte stands in the name of column %zu", column + 1);
}

static bool fail_long_name(const sample *s, const char *name, size_t n, size_t column)
{
    const bool in_text = (uintptr_t)name - (uintptr_t)s->text < s->n;
    const fr_place *place = fr_place_at(.path = s->path, .line = s->shape->data_line,
                                        .position = in_text ? column_of(s, (size_t)(name - s->text)) : -1,
                                        .hint = "is the first record data? .no_header says so");
    return fr_fail_at(s->call, place, FR_ERR_LIMIT, "the name of column %zu has %zu bytes, names have at most %d", column + 1, n,
                      NAME_BYTES);
}

static bool check_name(const sample *s, const char *name, size_t n, size_t column)
{
    if (n > NAME_BYTES) return fail_long_name(s, name, n, column);
    for (size_t i = 0; i < n;) {
        size_t length = name[i] ? fr_character_length(name + i, n - i) : 0;
        if (length == 0) return fail_name(s, name + i, column);
        i += length;
    }
    return true;
}

/* Duplicates become a, a_1, a_2; nameless columns column_1 … by their place. */
static bool set_name(sample *s, const name_table *used, size_t column, const char *name, size_t n)
{
    if (!check_name(s, name, n, column)) return false;
    const char *plain = n ? fr_arena_text(s->call, s->arena, name, n)
                          : fr_arena_format(s->call, s->arena, "column_%zu", column + 1);
    if (!plain) return false;
    name_slot *slot = slot_of(used, plain), *free_slot = slot;
    const char *unique = plain;
    while (unique && free_slot->name) {
        unique = fr_arena_format(s->call, s->arena, "%s_%zu", plain, ++slot->suffix);
        if (unique) free_slot = slot_of(used, unique);
    }
    if (!unique) return false;
    free_slot->name = s->shape->names[column] = unique;
    return true;
}

static bool fail_width(const sample *s, const char *option, size_t n)
{
    return fr_fail_at(s->call, fr_place_at(.path = s->path, .line = s->shape->data_line), FR_ERR_FORMAT,
                      "%s has %zu columns, the file's first record has %zu", option, n, s->shape->n_columns);
}

static bool set_names(sample *s, const fr_csv_field *first)
{
    const fr_csv_options *o = s->options;
    size_t n = s->shape->n_columns;
    name_table used = { .n_slots = 16, .seed = fr_context_seed(s->call->context) };
    while (used.n_slots < 2 * n) used.n_slots *= 2;
    used.slots = fr_arena_array(s->call, s->arena, used.n_slots, sizeof *used.slots);
    if (!used.slots) return false;
    for (size_t c = 0; c < n; c++) {
        const char *name = "";
        size_t length = 0;
        if (o->schema) name = o->schema->fields[c].name, length = strlen(name);
        else if (o->names.n) name = o->names.items[c].text, length = o->names.items[c].length;
        else if (s->shape->has_header) name = first[c].text, length = first[c].length;
        if (!set_name(s, &used, c, name, length)) return false;
    }
    return true;
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */
typedef struct work {
    uint32_t     *ends, *first_class;
    fr_csv_field *first, *fields;
    bool         *rest_quoted;
} work;

static bool make_work(sample *s, work *w)
{
    size_t n = s->shape->n_columns;
    w->ends = fr_arena_array(s->call, s->arena, n, sizeof *w->ends);
    w->first_class = fr_arena_array(s->call, s->arena, n, sizeof *w->first_class);
    w->first = fr_arena_array(s->call, s->arena, n, sizeof *w->first);
    w->fields = fr_arena_array(s->call, s->arena, n, sizeof *w->fields);
    w->rest_quoted = fr_arena_array(s->call, s->arena, n, sizeof *w->rest_quoted);
    s->shape->seen = fr_arena_array(s->call, s->arena, n, sizeof *s->shape->seen);
    s->shape->names = fr_arena_array(s->call, s->arena, n, sizeof *s->shape->names);
    return w->ends && w->first_class && w->first && w->fields && w->rest_quoted && s->shape->seen && s->shape->names;
}

/* Classes of the first record and, column by column, of all others in the sample. */
static bool look_at_records(sample *s, work *w, size_t *behind_first)
{
    const fr_csv_rules rules = fr_csv_rules_of(s->options);
    fr_csv_record r;
    fr_csv_scalar scalar;
    size_t at = s->first;
    if (!next_fields(s, &at, w->ends, w->first, s->arena, &r)) return false;
    *behind_first = at;
    for (size_t c = 0; c < r.n_fields; c++) {
        fr_csv_classify(&rules, &w->first[c], &scalar);
        w->first_class[c] = scalar.class_;
    }
    FR_CLEANUP(fr_arena_clear) fr_arena scratch;
    fr_arena_init(&scratch, s->call->context);
    int64_t limit = SAMPLE_RECORDS;
    while (s->shape->sample_rows < limit) {
        if (!next_fields(s, &at, w->ends, w->fields, &scratch, &r)) return false;
        if (r.n_fields == 0) break;
        s->shape->sample_rows++;
        for (size_t c = 0; c < r.n_fields; c++) {
            fr_csv_classify(&rules, &w->fields[c], &scalar);
            if (!s->rejected) s->shape->seen[c] |= scalar.class_;
            w->rest_quoted[c] |= w->fields[c].quoted;
        }
    }
    return true;
}

static bool check_width(sample *s)
{
    const fr_csv_options *o = s->options;
    size_t n = s->shape->n_columns;
    uint64_t limit = fr_context_limits(s->call->context).columns;
    if (n > limit) return fr_fail_at(s->call, fr_place_at(.path = s->path), FR_ERR_LIMIT,
                                     "the file has %zu columns, the limit (columns) is %llu", n, (unsigned long long)limit);
    if (o->schema && o->schema->width != n) return fail_width(s, ".schema", o->schema->width);
    return !o->names.n || o->names.n == n || fail_width(s, ".names", o->names.n);
}

static bool decide(sample *s)
{
    work w;
    size_t behind_first = s->first;
    if (!check_width(s) || !make_work(s, &w) || !look_at_records(s, &w, &behind_first)) return false;
    guess_header(s, w.first, w.first_class, w.rest_quoted);
    if (s->options->schema && !check_schema_header(s, w.first)) return false;
    if (!set_names(s, w.first)) return false;
    if (s->shape->has_header) {
        s->shape->data_begin = behind_first;
        s->shape->data_line += count_lines(s, s->first, behind_first);
        return true;
    }
    s->shape->data_begin = s->begin;
    s->shape->data_line = s->begin_line;
    for (size_t c = 0; c < s->shape->n_columns; c++) s->shape->seen[c] |= w.first_class[c];
    return true;
}

fr_csv_shape_result fr_csv_shape_find(fr_call *call, const char *text, size_t n, bool last, const char *path,
                                      const fr_csv_options *options, fr_arena *arena, fr_csv_shape *out)
{
    *out = (fr_csv_shape){ .data_line = 1 };
    sample s = { .call = call, .text = text, .path = path, .n = n, .last = last, .options = options, .arena = arena,
                 .shape = out };
    out->dialect = (fr_csv_dialect){ .sep = options->sep, .quote = options->quote, .escape = options->escape,
                                     .comment = options->comment, .trim = options->trim,
                                     .blank_is_row = options->keep_blank_lines };
    if (!refuse_foreign(&s)) return FR_CSV_SHAPE_FAILED;
    fr_csv_record r;
    fr_csv_shape_result found = skip_lines(&s);
    if (found == FR_CSV_SHAPE_FOUND) found = read_note(&s);
    if (found != FR_CSV_SHAPE_FOUND) return found;
    if (s.first == n && last && !columns_told(options)) {
        const fr_place *place = fr_place_at(.path = path, .hint = ".no_header and .names read it as a table of no rows");
        fr_fail_at(call, place, FR_ERR_FORMAT, n ? "nothing follows the skipped rows" : "the file is empty");
        return FR_CSV_SHAPE_FAILED;
    }
    out->dialect.any_newline = ends_with_cr(&s);
    if (!last && first_is_cut(&s)) return FR_CSV_SHAPE_NEEDS_MORE;
    FR_CLEANUP(fr_arena_clear) fr_arena room;
    fr_arena_init(&room, call->context);
    s.known.records = fr_arena_array(call, &room, SAMPLE_RECORDS, sizeof *s.known.records);
    s.known.ends = fr_arena_array(call, &room, KEPT_ENDS, sizeof *s.known.ends);
    if (!s.known.records || !s.known.ends) return FR_CSV_SHAPE_FAILED;
    if (!choose_separator(&s)) return FR_CSV_SHAPE_FAILED;
    found = find_first(&s, &r);
    if (found != FR_CSV_SHAPE_FOUND) return found;
    if (out->n_columns == 1) out->dialect.blank_is_row = true;
    return decide(&s) ? FR_CSV_SHAPE_FOUND : FR_CSV_SHAPE_FAILED;
}
