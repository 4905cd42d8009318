/* csv_json_read.c — JSON text becomes a list or struct of a type that is known.
 *
 * One walk does both: without a builder it says whether the text fits, with one it adds the value. The type guides it, so it
 * goes no deeper than the type does, whatever the text holds.
 *
 *     fields of a struct     in any order, each at most once; one that is missing is null, one that the type lacks does not fit
 *     scalars                read as fields of declared types are (csv_typed.c), bare or in quotes
 */
#include "io/csv/csv_json.h"

#include <string.h>

#include "base/threads.h"
#include "base/utf8.h"
#include "io/csv/csv_value.h"

typedef struct json {
    fr_call    *call;
    const char *at, *end;
    fr_text     text;              /* of a string with escapes                                                        */
    bool        build;
} json;

static bool read_value(json *j, const fr_type *type, fr_builder *to);

static void skip_blanks(json *j)
{
    while (j->at < j->end && (*j->at == ' ' || *j->at == '\t' || *j->at == '\n' || *j->at == '\r')) j->at++;
}

/* A mark, and the blanks around it. */
static bool take(json *j, char mark)
{
    skip_blanks(j);
    if (j->at == j->end || *j->at != mark) return false;
    j->at++;
    skip_blanks(j);
    return true;
}

static bool take_word(json *j, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(j->end - j->at) < n || memcmp(j->at, word, n) != 0) return false;
    j->at += n;
    return true;
}

/* ---- strings -------------------------------------------------------------------------------------------------------- */
static bool read_unit(json *j, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, j->at++) {
        char c = j->at < j->end ? *j->at : 'x';
        bool digit = c >= '0' && c <= '9', letter = (c | 32) >= 'a' && (c | 32) <= 'f';
        if (!digit && !letter) return false;
        *unit = *unit << 4 | (uint32_t)(digit ? c - '0' : (c | 32) - 'a' + 10);
    }
    return true;
}

/* What follows \u: one unit, or two that make up one character. */
static bool read_character(json *j)
{
    uint32_t c, low;
    char bytes[4];
    if (!read_unit(j, &c) || (c >= 0xdc00 && c <= 0xdfff)) return false;
    if (c >= 0xd800 && c <= 0xdbff) {
        if (!take_word(j, "\\u") || !read_unit(j, &low) || low < 0xdc00 || low > 0xdfff) return false;
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    return fr_text_append(j->call, &j->text, bytes, fr_utf8_encode(c, bytes));
}

static bool read_escape(json *j)
{
    static const char letters[] = "\"\\/bfnrt", plain[] = "\"\\/\b\f\n\r\t";
    if (j->at == j->end) return false;
    char c = *j->at++;
    if (c == 'u') return read_character(j);
    const char *letter = c ? strchr(letters, c) : NULL;
    return letter && fr_text_append(j->call, &j->text, plain + (letter - letters), 1);
}

/* A string; its text is lent until the next one. */
static bool read_string(json *j, const char **text, size_t *n)
{
    if (j->at == j->end || *j->at != '"') return false;
    const char *begin = ++j->at;
    while (j->at < j->end && *j->at != '"' && *j->at != '\\') j->at++;
    *text = begin;
    *n = (size_t)(j->at - begin);
    if (j->at < j->end && *j->at == '"') return j->at++, true;
    j->text.length = 0;
    if (*n && !fr_text_append(j->call, &j->text, begin, *n)) return false;
    while (j->at < j->end && *j->at != '"') {
        const char *from = j->at;
        while (j->at < j->end && *j->at != '"' && *j->at != '\\') j->at++;
        if (j->at > from && !fr_text_append(j->call, &j->text, from, (size_t)(j->at - from))) return false;
        if (j->at < j->end && *j->at == '\\' && (j->at++, !read_escape(j))) return false;
    }
    *text = j->text.bytes ? j->text.bytes : "";
    *n = j->text.length;
    return j->at < j->end && j->at++;
}

/* ---- scalars -------------------------------------------------------------------------------------------------------- */
/* The bytes of a column's value as a value; see fr_value_bytes for the way back. */
static fr_value value_of(const fr_type *type, const void *bytes)
{
    fr_value v = { .kind = (uint8_t)type->kind, .valid = true, .unit = (uint8_t)type->unit, .scale = (int8_t)type->scale };
    const size_t width = type->kind == FR_BOOL ? 1 : fr_phys_width(fr_type_phys(type));
    int8_t one;
    int16_t two;
    int32_t four;
    int64_t eight;
    float narrow;
    if (type->kind == FR_F32) return memcpy(&narrow, bytes, 4), v.as.f = (double)narrow, v;
    if (type->kind >= FR_U8 && type->kind <= FR_U64) return v.as.u = 0, memcpy(&v.as.u, bytes, width), v;
    switch (width) {
        case 1: memcpy(&one, bytes, 1), v.as.i = one; break;
        case 2: memcpy(&two, bytes, 2), v.as.i = two; break;
        case 4: memcpy(&four, bytes, 4), v.as.i = four; break;
        case 8: memcpy(&eight, bytes, 8), v.as.i = eight; break;
        default: memcpy(&v.as.decimal, bytes, 16); break;
    }
    if (type->kind == FR_DECIMAL && width < 16) v.as.decimal.low = (uint64_t)v.as.i, v.as.decimal.high = v.as.i < 0 ? -1 : 0;
    return v;
}

static bool read_scalar(json *j, const fr_type *type, fr_builder *to)
{
    static const fr_csv_words no_words = { 0 };
    static const fr_csv_rules rules = { .decimal = '.', .default_na = true, .na = &no_words, .yes = &no_words, .no = &no_words };
    _Alignas(16) char bytes[16] = { 0 };
    const char *text = j->at;
    size_t n;
    if (j->at < j->end && *j->at == '"') {
        if (!read_string(j, &text, &n)) return false;
    } else {
        while (j->at < j->end && !strchr(",]} \t\r\n\"[{:", *j->at)) j->at++;
        n = (size_t)(j->at - text);
    }
    const fr_csv_field field = { .text = text, .length = (uint32_t)n };
    if (!n || fr_csv_read_typed(&rules, type, &field, bytes) != FR_CSV_READ) return false;
    return !j->build || fr_builder_add(j->call, to, value_of(type, bytes));
}

static bool hex_digit(char c, unsigned *out)
{
    bool digit = c >= '0' && c <= '9', letter = (c | 32) >= 'a' && (c | 32) <= 'f';
    *out = (unsigned)(digit ? c - '0' : (c | 32) - 'a' + 10);
    return digit || letter;
}

/* Two digits a byte; they are turned into bytes where they stand, in a copy. */
static bool read_binary(json *j, fr_builder *to)
{
    const char *text;
    size_t n;
    if (!read_string(j, &text, &n) || n % 2) return false;
    FR_CLEANUP(fr_text_clear) fr_text bytes = FR_TEXT_INIT(j->call);
    for (size_t i = 0; i < n; i += 2) {
        unsigned high, low;
        if (!hex_digit(text[i], &high) || !hex_digit(text[i + 1], &low)) return false;
        if (j->build && !fr_text_append(j->call, &bytes, (char[]){ (char)(high << 4 | low) }, 1)) return false;
    }
    return !j->build || fr_builder_add_text(j->call, to, bytes.bytes ? bytes.bytes : "", bytes.length);
}

static bool read_text(json *j, fr_builder *to)
{
    const char *text;
    size_t n;
    return read_string(j, &text, &n) && (!j->build || fr_builder_add_text(j->call, to, text, n));
}

/* ---- lists and structs ---------------------------------------------------------------------------------------------- */
static bool read_list(json *j, const fr_type *type, fr_builder *to)
{
    fr_builder *items = j->build ? fr_builder_child(to, 0) : NULL;
    if (!take(j, '[')) return false;
    if (!take(j, ']')) {
        do {
            if (!read_value(j, type->fields[0].type, items)) return false;
        } while (take(j, ','));
        if (!take(j, ']')) return false;
    }
    return !j->build || fr_builder_end_list(j->call, to);
}

static size_t find_field(const fr_type *type, const char *name, size_t n)
{
    size_t i = 0;
    while (i < type->n_fields && (strlen(type->fields[i].name) != n || memcmp(type->fields[i].name, name, n) != 0)) i++;
    return i;
}

/* seen: one byte a field. */
static bool read_fields(json *j, const fr_type *type, fr_builder *to, bool *seen)
{
    if (take(j, '}')) return true;
    do {
        const char *name;
        size_t n;
        if (!read_string(j, &name, &n)) return false;
        size_t i = find_field(type, name, n);
        if (i == type->n_fields || seen[i] || !take(j, ':')) return false;
        seen[i] = true;
        if (!read_value(j, type->fields[i].type, j->build ? fr_builder_child(to, i) : NULL)) return false;
    } while (take(j, ','));
    return take(j, '}');
}

static bool read_struct(json *j, const fr_type *type, fr_builder *to)
{
    if (!take(j, '{')) return false;
    bool *seen = fr_new(j->call, type->n_fields);
    bool fine = seen && read_fields(j, type, to, seen);
    for (size_t i = 0; fine && j->build && i < type->n_fields; i++)
        if (!seen[i]) fine = fr_builder_add_null(j->call, fr_builder_child(to, i));
    if (seen) fr_free(j->call->context, seen, type->n_fields);
    return fine && (!j->build || fr_builder_end_struct(j->call, to));
}

static bool read_value(json *j, const fr_type *type, fr_builder *to)
{
    if (take_word(j, "null")) return !j->build || fr_builder_add_null(j->call, to);
    switch (type->kind) {
        case FR_LIST: return read_list(j, type, to);
        case FR_STRUCT: return read_struct(j, type, to);
        case FR_STR: case FR_CAT: return read_text(j, to);
        case FR_BINARY: return read_binary(j, to);
        case FR_NULL: return false;
        default: return read_scalar(j, type, to);
    }
}

static bool read_all(json *j, const fr_type *type, fr_builder *to)
{
    skip_blanks(j);
    bool fine = read_value(j, type, to);
    skip_blanks(j);
    return fine && j->at == j->end;
}

bool fr_csv_json_fits(fr_call *call, const fr_type *type, const char *text, size_t n)
{
    json j = { .call = call, .at = text, .end = text + n, .text = FR_TEXT_INIT(call) };
    bool fine = read_all(&j, type, NULL);
    fr_text_clear(&j.text);
    return fine;
}

/* ---- columns -------------------------------------------------------------------------------------------------------- */
static bool add_row(fr_call *call, const fr_type *type, const fr_column *texts, int64_t row, fr_builder *to)
{
    size_t n;
    const char *text = fr_column_text(texts, row, &n);
    if (!text) return fr_builder_add_null(call, to);
    json j = { .call = call, .at = text, .end = text + n, .text = FR_TEXT_INIT(call), .build = true };
    bool fine = read_all(&j, type, to);
    fr_text_clear(&j.text);
    return fine || fr_failed(call) || fr_fail(call, FR_ERR_INTERNAL, "a field that was JSON is none any more");
}

static fr_column *build(fr_call *call, const fr_type *type, const fr_column *texts, int64_t from, int64_t to)
{
    fr_builder *builder = fr_builder_new(call, type, to - from);
    bool fine = builder != NULL;
    for (int64_t row = from; row < to && fine; row++)
        fine = add_row(call, type, texts, row, builder) && !fr_failed(call);
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

typedef struct work { const fr_type *type; const fr_column *texts; fr_column **parts; int64_t block_rows; } work;

static bool build_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    work *w = state;
    int64_t from = (int64_t)block * w->block_rows, to = from + w->block_rows;
    if (to > w->texts->length) to = w->texts->length;
    return (w->parts[block] = build(call, w->type, w->texts, from, to)) != NULL;
}

fr_column *fr_csv_json_column(fr_call *call, const fr_type *type, const fr_column *texts)
{
    work w = { .type = type, .texts = texts, .block_rows = (int64_t)fr_block_rows(call) };
    size_t n = fr_block_count((size_t)texts->length, (size_t)w.block_rows);
    if (n <= 1) return build(call, type, texts, 0, texts->length);
    w.parts = fr_new_array(call, n, sizeof(fr_column *));
    if (!w.parts) return NULL;
    fr_column *column = fr_for_blocks(call, n, build_block, &w)
                      ? fr_column_concat(call, (const fr_column *const *)w.parts, n) : NULL;
    for (size_t i = 0; i < n; i++) fr_column_unref(w.parts[i]);
    fr_free_array(call->context, w.parts, n, sizeof(fr_column *));
    return column;
}
