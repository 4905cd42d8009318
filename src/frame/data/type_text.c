/* type_text.c — types as they are written: reading and writing.
 *
 *     type    = name | name "[" unit [ "," zone ] "]" | "decimal(" p "," s ")" | "list[" type "]" | "struct[" fields "]"
 *     fields  = [ field ": " type { "," field ":" type } ]        field = word | `any text, a backtick doubled`
 *
 * What is written is read back as the same type. Names of other libraries (int64, float64, string, category …) are
 * understood, never written.
 */
#include "data/type.h"

#include <stdio.h>
#include <string.h>

#include "base/context_state.h"
#include "base/letters.h"
#include "base/memory.h"
#include "base/suggest.h"

/* ---- words ------------------------------------------------------------------------------------------------------- */

typedef struct word { const char *text; fr_kind kind; } word;

static const word words[] = {      /* the first of a kind is how it is written */
    { "null", FR_NULL },    { "bool", FR_BOOL },       { "i8", FR_I8 },       { "i16", FR_I16 },   { "i32", FR_I32 },
    { "i64", FR_I64 },      { "u8", FR_U8 },           { "u16", FR_U16 },     { "u32", FR_U32 },   { "u64", FR_U64 },
    { "f32", FR_F32 },      { "f64", FR_F64 },         { "str", FR_STR },     { "cat", FR_CAT },
        { "binary", FR_BINARY },
    { "date", FR_DATE },    { "time", FR_TIME },       { "datetime", FR_DATETIME }, { "duration", FR_DURATION },
    { "decimal", FR_DECIMAL }, { "list", FR_LIST },    { "struct", FR_STRUCT },
    { "int8", FR_I8 },      { "int16", FR_I16 },       { "int32", FR_I32 },   { "int64", FR_I64 }, { "int", FR_I64 },
    { "uint8", FR_U8 },     { "uint16", FR_U16 },      { "uint32", FR_U32 },  { "uint64", FR_U64 },
    { "float32", FR_F32 },  { "float64", FR_F64 },     { "float", FR_F64 },   { "double", FR_F64 },
    { "boolean", FR_BOOL }, { "string", FR_STR },      { "utf8", FR_STR },    { "category", FR_CAT },
    { "categorical", FR_CAT }, { "bytes", FR_BINARY }, { "timestamp", FR_DATETIME }, { "timedelta", FR_DURATION },
};
static const char *const units[] = { [FR_US] = "us", [FR_S] = "s", [FR_MS] = "ms", [FR_NS] = "ns" };

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* ---- writing ----------------------------------------------------------------------------------------------------- */

typedef struct sink { char *text; size_t room, length; } sink;      /* counts on when the room is full */

static void put(sink *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++, out->length++)
        if (out->length + 1 < out->room) out->text[out->length] = text[i];
}

static void say(sink *out, const char *text)
{
    put(out, text, strlen(text));
}

static void say_number(sink *out, int value)
{
    if (value >= 10) say_number(out, value / 10);
    put(out, &(char){ (char)('0' + value % 10) }, 1);
}

static void say_name(sink *out, const char *name)
{
    bool plain = is_letter(*name);
    for (const char *c = name; *c; c++) plain &= is_letter(*c) || is_digit(*c);
    if (plain) {
        say(out, name);
        return;
    }
    say(out, "`");
    for (const char *c = name; *c; c++) {
        if (*c == '`') say(out, "`");
        put(out, c, 1);
    }
    say(out, "`");
}

static void say_type(sink *out, const fr_type *type);

static void say_fields(sink *out, const fr_type *type)
{
    for (size_t i = 0; i < type->n_fields; i++) {
        if (i) say(out, ", ");
        if (type->kind == FR_STRUCT) {
            say_name(out, type->fields[i].name);
            say(out, ": ");
        }
        say_type(out, type->fields[i].type);
    }
}

static void say_type(sink *out, const fr_type *type)
{
    say(out, words[type->kind].text);
    switch (type->kind) {
    case FR_DATETIME:
    case FR_TIME:
    case FR_DURATION:
        if (type->kind == FR_TIME && type->unit == FR_US) break;
        say(out, "[");
        say(out, units[type->unit]);
        if (type->zone) {
            say(out, ", ");
            say(out, type->zone);
        }
        say(out, "]");
        break;
    case FR_DECIMAL:
        say(out, "(");
        say_number(out, type->precision);
        say(out, ",");
        say_number(out, type->scale);
        say(out, ")");
        break;
    case FR_LIST:
    case FR_STRUCT:
        say(out, "[");
        say_fields(out, type);
        say(out, "]");
        break;
    default:
        break;
    }
}

size_t fr_type_text(const fr_type *type, char *text, size_t n)
{
    sink out = { text, n, 0 };
    if (fr_ok(type)) say_type(&out, type);
    if (n) text[out.length < n ? out.length : n - 1] = 0;
    return out.length;
}

const char *fr_type_name(const fr_type *type, char room[FR_TYPE_TEXT_BYTES])
{
    size_t n = fr_type_text(type, room, FR_TYPE_TEXT_BYTES);
    if (n < FR_TYPE_TEXT_BYTES) return room;
    size_t cut = FR_TYPE_TEXT_BYTES - 4;                         /* room for the dots: three bytes and the terminator */
    while (((unsigned char)room[cut] & 0xc0) == 0x80) cut--;     /* not inside a character */
    memcpy(room + cut, "…", 4);
    return room;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

typedef struct reader { const char *text; size_t n, at, depth; } reader;

static const fr_type *read_type(fr_call *call, reader *in);

/* What types of other languages are called here, where the name alone does not lead there. */
static const struct { const char *name, *here; } foreign[] = {
    { "integer", "i64" },  { "bigint", "i64" },    { "long", "i64" },  { "smallint", "i16" }, { "tinyint", "i8" },
    { "object", "str" },   { "text", "str" },      { "varchar", "str" }, { "char", "str" },   { "character", "str" },
    { "number", "f64" },    { "numeric", "decimal(18,2)" }, { "logical", "bool" },
    { "factor", "cat" },   { "enum", "cat" },      { "blob", "binary" }, { "interval", "duration[us]" },
    { "datetime64", "datetime, with its unit: datetime[ns]" },
    { "timedelta64", "duration, with its unit: duration[ns]" }, { "array", "list[i64]" },
};

static const char *name_here(const char *text, size_t n)
{
    for (size_t i = 0; i < FR_COUNT_OF(foreign); i++)
        if (fr_same_word(text, n, foreign[i].name)) return foreign[i].here;
    for (size_t i = 0; i < FR_COUNT_OF(words); i++)               /* Int64, STRING */
        if (fr_same_word(text, n, words[i].text)) return words[words[i].kind].text;
    return NULL;
}

static const char *hint_for(const char *text, size_t n, char room[FR_HINT_ROOM])
{
    const char *names[FR_COUNT_OF(words)], *here = name_here(text, n);
    char wanted[64];
    if (here) return snprintf(room, FR_HINT_ROOM, "here it is %s", here), room;
    if (!n || n >= sizeof wanted) return NULL;
    memcpy(wanted, text, n);
    wanted[n] = 0;
    for (size_t i = 0; i < FR_COUNT_OF(words); i++) names[i] = words[i].text;
    return fr_suggest_hint(room, wanted, names, FR_COUNT_OF(names));
}

static bool fail(fr_call *call, const reader *in, const char *wanted)
{
    return fr_fail_at(call, fr_place_at(.source = in->text, .position = (int64_t)in->at), FR_ERR_SYNTAX,
                      "not a type: expected %s", wanted);
}

static void skip_space(reader *in)
{
    while (in->at < in->n && (in->text[in->at] == ' ' || in->text[in->at] == '\t' || in->text[in->at] == '\n'))
        in->at++;
}

static bool next_is(reader *in, char c)
{
    skip_space(in);
    if (in->at >= in->n || in->text[in->at] != c) return false;
    in->at++;
    return true;
}

static bool expect(fr_call *call, reader *in, char c)
{
    return next_is(in, c) || fail(call, in, (const char[]){ '\'', c, '\'', 0 });
}

static size_t read_word(reader *in)
{
    skip_space(in);
    size_t start = in->at;
    while (in->at < in->n && (is_letter(in->text[in->at]) || (in->at > start && is_digit(in->text[in->at])))) in->at++;
    return in->at - start;
}

static bool read_small_number(fr_call *call, reader *in, int *out)
{
    skip_space(in);
    size_t start = in->at;
    int value = 0;
    while (in->at < in->n && is_digit(in->text[in->at]) && value < 1000)
        value = value * 10 + (in->text[in->at++] - '0');
    *out = value;
    return in->at > start || fail(call, in, "a number");
}

static bool read_unit(fr_call *call, reader *in, fr_unit *unit)
{
    size_t n = read_word(in);
    for (size_t i = 0; i < FR_COUNT_OF(units); i++)
        if (strlen(units[i]) == n && !memcmp(units[i], in->text + in->at - n, n)) {
            *unit = (fr_unit)i;
            return true;
        }
    in->at -= n;
    return fail(call, in, "a unit: s, ms, us or ns");
}

static const fr_type *read_temporal(fr_call *call, reader *in, fr_kind kind)
{
    fr_unit unit = FR_US;
    FR_CLEANUP(fr_text_clear) fr_text zone = FR_TEXT_INIT(call);
    if (next_is(in, '[')) {
        if (!read_unit(call, in, &unit)) return NULL;
        if (kind == FR_DATETIME && next_is(in, ',')) {
            skip_space(in);
            size_t start = in->at;
            while (in->at < in->n && in->text[in->at] != ']') in->at++;
            size_t n = in->at - start;
            while (n && in->text[start + n - 1] == ' ') n--;
            if (!n) {
                fail(call, in, "a time zone");
                return NULL;
            }
            if (!fr_text_append(call, &zone, in->text + start, n)) return NULL;
        }
        if (!expect(call, in, ']')) return NULL;
    }
    if (kind == FR_TIME) return fr_type_time(call, unit);
    return kind == FR_DURATION ? fr_type_duration(call, unit) : fr_type_datetime(call, unit, zone.bytes);
}

static const fr_type *read_decimal(fr_call *call, reader *in)
{
    int precision, scale = 0;
    if (!next_is(in, '('))
        return fr_fail_at(call, fr_place_at(.source = in->text, .position = (int64_t)in->at, .hint = "decimal(18,2): all digits, "
                          "those behind the point"), FR_ERR_SYNTAX, "not a type: expected '('"), NULL;
    if (!read_small_number(call, in, &precision)) return NULL;
    if (next_is(in, ',') && !read_small_number(call, in, &scale)) return NULL;
    return expect(call, in, ')') ? fr_type_decimal(call, precision, scale) : NULL;
}

static const fr_type *read_list(fr_call *call, reader *in)
{
    if (!expect(call, in, '[')) return NULL;
    FR_OWNED const fr_type *item = read_type(call, in);
    return item && expect(call, in, ']') ? fr_type_list(call, item) : NULL;
}

static bool read_field_name(fr_call *call, reader *in, fr_text *out)
{
    if (!next_is(in, '`')) {
        size_t n = read_word(in);
        return n ? fr_text_append(call, out, in->text + in->at - n, n) : fail(call, in, "a field's name");
    }
    for (; in->at < in->n; in->at++) {
        bool tick = in->text[in->at] == '`';
        if (tick && !(in->at + 1 < in->n && in->text[in->at + 1] == '`')) return next_is(in, '`');
        in->at += tick;
        if (!fr_text_append(call, out, in->text + in->at, 1)) return false;
    }
    return fail(call, in, "'`'");
}

typedef struct field_list { fr_context *context; fr_field *items; size_t n, capacity; } field_list;

static void free_list(field_list *list)
{
    fr_fields_free(list->context, list->items, list->capacity);
}

static bool read_field(fr_call *call, reader *in, field_list *list)
{
    if (list->n == list->capacity) {
        size_t more = list->capacity ? 2 * list->capacity : 8;
        fr_field *items = fr_new_array(call, more, sizeof *items);
        if (!items) return false;
        if (list->n) memcpy(items, list->items, list->n * sizeof *items);
        fr_free_array(list->context, list->items, list->capacity, sizeof *items);
        list->items = items;
        list->capacity = more;
    }
    FR_CLEANUP(fr_text_clear) fr_text name = FR_TEXT_INIT(call);
    if (!read_field_name(call, in, &name) || !expect(call, in, ':')) return false;
    for (size_t i = 0; i < list->n; i++)
        if (!strcmp(list->items[i].name, name.bytes ? name.bytes : ""))
            return fail(call, in, "another name: fields differ");

    FR_OWNED const fr_type *type = read_type(call, in);
    if (!type) return false;
    fr_field *field = &list->items[list->n];
    field->name = fr_copy_text(call, name.bytes ? name.bytes : "");
    if (!field->name) return false;
    field->type = fr_steal(type);
    field->nullable = true;
    list->n++;
    return true;
}

static const fr_type *read_struct(fr_call *call, reader *in)
{
    FR_CLEANUP(free_list) field_list list = { .context = call->context };
    if (!expect(call, in, '[')) return NULL;
    if (!next_is(in, ']')) {
        do {
            if (!read_field(call, in, &list)) return NULL;
        } while (next_is(in, ','));
        if (!expect(call, in, ']')) return NULL;
    }
    return fr_type_struct(call, list.items, list.n);
}

static const fr_type *read_of_kind(fr_call *call, reader *in, fr_kind kind)
{
    switch (kind) {
    case FR_TIME:
    case FR_DATETIME:
    case FR_DURATION: return read_temporal(call, in, kind);
    case FR_DECIMAL:  return read_decimal(call, in);
    case FR_LIST:     return read_list(call, in);
    case FR_STRUCT:   return read_struct(call, in);
    default:          return fr_type_of(kind);
    }
}

static const fr_type *read_type(fr_call *call, reader *in)
{
    uint64_t deepest = fr_context_limits(call->context).nesting;
    if (++in->depth > deepest) {
        fr_fail(call, FR_ERR_LIMIT, "type nested deeper than %llu (limits.nesting)", (unsigned long long)deepest);
        return NULL;
    }
    size_t n = read_word(in);
    const char *start = in->text + in->at - n;
    for (size_t i = 0; i < FR_COUNT_OF(words); i++)
        if (strlen(words[i].text) == n && !memcmp(words[i].text, start, n)) {
            const fr_type *type = read_of_kind(call, in, words[i].kind);
            in->depth--;
            return type;
        }
    in->at -= n;
    char room[FR_HINT_ROOM];
    fr_fail_at(call, fr_place_at(.source = in->text, .position = (int64_t)in->at, .hint = hint_for(start, n, room)),
               FR_ERR_SYNTAX, "not a type: expected a type such as i64, str or datetime[us]");
    return NULL;
}

const fr_type *fr_type_read(fr_call *call, const char *text, size_t n)
{
    FR_CLEANUP(fr_text_clear) fr_text copy = FR_TEXT_INIT(call);     /* terminated, for messages */
    if (!fr_text_append(call, &copy, text, n)) return NULL;
    reader in = { .text = copy.bytes, .n = n };
    FR_OWNED const fr_type *type = read_type(call, &in);
    if (!type) return NULL;
    skip_space(&in);
    if (in.at < n) {
        fail(call, &in, "the end");
        return NULL;
    }
    return fr_steal(type);
}

fr_type *fr_type_parse(const char *text)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, -1);
    if (!text) fr_fail(&call, FR_ERR_ARGUMENT, "fr_type_parse: no text");
    fr_type *type = text ? (fr_type *)(uintptr_t)fr_type_read(&call, text, strlen(text)) : NULL;
    if (!type) type = fr_object_failed(&call, &fr_type_class);
    fr_call_end(&call);
    return type;
}
