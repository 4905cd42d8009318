/* arrow_type.c — Arrow's format strings to types.
 *
 *     "l" → i64       "tsu:Europe/Berlin" → datetime[us, Europe/Berlin]       "+l" of "vu" → list[str]
 *     "i" with a dictionary of "u" → cat                                     "d:10,2" → decimal(10,2)
 */
#include <string.h>

#include "base/context_state.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "data/arrow_abi.h"

static const fr_type *refuse(fr_call *call, const struct ArrowSchema *schema, fr_code code, const char *why)
{
    const char *format = schema->format ? schema->format : "";
    fr_fail(call, code, "Arrow type %s: %s", fr_quoted((fr_room){ 0 }.text, format, strlen(format)), why);
    return NULL;
}

/* ---- without parameters --------------------------------------------------------------------------------------------- */

typedef struct plain { const char *format; fr_kind kind; } plain;

static const plain plains[] = {
    { "n", FR_NULL }, { "b", FR_BOOL }, { "c", FR_I8 },  { "C", FR_U8 },  { "s", FR_I16 },     { "S", FR_U16 },
    { "i", FR_I32 },  { "I", FR_U32 },  { "l", FR_I64 }, { "L", FR_U64 }, { "f", FR_F32 },     { "g", FR_F64 },
    { "u", FR_STR },  { "U", FR_STR },  { "vu", FR_STR }, { "z", FR_BINARY }, { "Z", FR_BINARY }, { "vz", FR_BINARY },
    { "tdD", FR_DATE }, { "tdm", FR_DATE },
};

static bool read_unit(char letter, fr_unit *unit)
{
    static const char letters[] = { [FR_US] = 'u', [FR_S] = 's', [FR_MS] = 'm', [FR_NS] = 'n' };
    for (size_t i = 0; i < sizeof letters; i++)
        if (letters[i] == letter) {
            *unit = (fr_unit)i;
            return true;
        }
    return false;
}

static const fr_type *temporal(fr_call *call, const struct ArrowSchema *schema)
{
    const char *f = schema->format;
    fr_unit unit;
    if (strlen(f) < 3 || !read_unit(f[2], &unit)) return refuse(call, schema, FR_ERR_UNSUPPORTED, "not known");
    if (f[1] == 't' && !f[3]) return fr_type_time(call, unit);
    if (f[1] == 'D' && !f[3]) return fr_type_duration(call, unit);
    if (f[1] != 's' || f[3] != ':') return refuse(call, schema, FR_ERR_UNSUPPORTED, "not known (intervals are not)");
    size_t n = strlen(f + 4);
    if (fr_utf8_check(f + 4, n) != n || n > 255) return refuse(call, schema, FR_ERR_FORMAT, "its time zone is no text");
    return fr_type_datetime(call, unit, f + 4);
}

static bool read_number(const char **at, int *out)
{
    bool negative = **at == '-';
    if (negative) (*at)++;
    const char *start = *at;
    int value = 0;
    while (**at >= '0' && **at <= '9' && value < 100000) value = value * 10 + (*(*at)++ - '0');
    *out = negative ? -value : value;
    return *at > start;
}

static const fr_type *decimal(fr_call *call, const struct ArrowSchema *schema)
{
    const char *at = schema->format + 2;
    int precision, scale, bits = 128;
    bool ok = read_number(&at, &precision) && *at++ == ',' && read_number(&at, &scale);
    if (ok && *at == ',') at++, ok = read_number(&at, &bits);
    if (!ok || *at) return refuse(call, schema, FR_ERR_FORMAT, "it should be d:precision,scale[,bits]");
    if (bits != 32 && bits != 64 && bits != 128 && bits != 256)
        return refuse(call, schema, FR_ERR_UNSUPPORTED, "decimals have 32, 64, 128 or 256 bits");
    if (precision < 1 || precision > 76 || scale < 0 || scale > 38)
        return refuse(call, schema, FR_ERR_UNSUPPORTED, "the scale must be 0 to 38, the precision 1 to 76");
    if (precision > 38) precision = 38;      /* the values are checked to fit */
    return fr_type_decimal(call, precision < scale ? scale : precision, scale);
}

/* The n of w:n and +w:n: digits to the end, at most what the readers of such arrays take. */
static bool has_width(fr_call *call, const struct ArrowSchema *schema, const char *digits)
{
    size_t n = strspn(digits, "0123456789");
    if (n && n <= 9 && !digits[n]) return true;
    refuse(call, schema, FR_ERR_FORMAT, "its width is no whole number of up to 9 digits");
    return false;
}

/* ---- nested --------------------------------------------------------------------------------------------------------- */

static bool has_children(fr_call *call, const struct ArrowSchema *schema, int64_t wanted)
{
    bool ok = schema->n_children >= 0 && (wanted < 0 || schema->n_children == wanted);
    if (ok && schema->n_children && !schema->children) ok = false;
    for (int64_t i = 0; ok && i < schema->n_children; i++) ok = schema->children[i] != NULL;
    if (!ok) refuse(call, schema, FR_ERR_FORMAT, "its children are missing or too many");
    return ok;
}

/* Arrow's key-value metadata carry no total length: int32 pairs, then int32 length and bytes of each key and value. */
static bool metadata_bytes(fr_call *call, const struct ArrowSchema *schema, size_t *out)
{
    *out = 0;
    if (!schema->metadata) return true;
    int32_t pairs, n;
    memcpy(&pairs, schema->metadata, sizeof pairs);
    size_t at = sizeof pairs;
    for (int64_t i = 0; i < 2 * (int64_t)pairs; i++) {
        memcpy(&n, schema->metadata + at, sizeof n);
        if (n < 0) break;
        at += sizeof n + (size_t)n;
        if (i + 1 == 2 * (int64_t)pairs) *out = at;
    }
    if (*out || pairs == 0) return true;
    refuse(call, schema, FR_ERR_FORMAT, "its metadata have a negative length");
    return false;
}

bool fr_arrow_fields(fr_call *call, const struct ArrowSchema *schema, size_t depth, fr_field *fields)
{
    for (int64_t i = 0; i < schema->n_children; i++) {
        const struct ArrowSchema *child = schema->children[i];
        const char *name = child->name ? child->name : "";
        size_t n = strlen(name);
        if (fr_utf8_check(name, n) != n)
            return fr_fail(call, FR_ERR_ENCODING, "field name %s is not UTF-8", fr_quoted((fr_room){ 0 }.text, name, n));
        fields[i] = (fr_field){ .name = name, .nullable = child->flags & ARROW_FLAG_NULLABLE, .metadata = child->metadata };
        if (!metadata_bytes(call, child, &fields[i].metadata_bytes)) return false;
        fields[i].type = fr_arrow_type(call, child, depth + 1);
        if (!fields[i].type) return false;
    }
    return true;
}

static const fr_type *structure(fr_call *call, const struct ArrowSchema *schema, size_t depth)
{
    if (!has_children(call, schema, -1)) return NULL;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    size_t n = (size_t)schema->n_children;
    fr_field *fields = fr_arena_array(call, &arena, n, sizeof *fields);
    if (!fields) return NULL;
    const fr_type *type = fr_arrow_fields(call, schema, depth, fields) ? fr_type_struct(call, fields, n) : NULL;
    for (size_t i = 0; i < n; i++) fr_type_unref(fields[i].type);
    return type;
}

static const fr_type *list(fr_call *call, const struct ArrowSchema *schema, size_t depth)
{
    if (!has_children(call, schema, 1)) return NULL;
    FR_OWNED const fr_type *item = fr_arrow_type(call, schema->children[0], depth + 1);
    return item ? fr_type_list(call, item) : NULL;
}

static const fr_type *nested(fr_call *call, const struct ArrowSchema *schema, size_t depth)
{
    const char *f = schema->format;
    if (!strcmp(f, "+s")) return structure(call, schema, depth);
    if (!strcmp(f, "+l") || !strcmp(f, "+L") || !strcmp(f, "+vl") || !strcmp(f, "+vL")) return list(call, schema, depth);
    if (!strncmp(f, "+w:", 3)) return has_width(call, schema, f + 3) ? list(call, schema, depth) : NULL;
    if (strcmp(f, "+m") != 0) return refuse(call, schema, FR_ERR_UNSUPPORTED, "unions and run-end encoding are not built");
    const fr_type *type = list(call, schema, depth);
    if (!type || type->fields[0].type->kind == FR_STRUCT) return type;
    fr_type_unref(type);
    return refuse(call, schema, FR_ERR_FORMAT, "a map holds a struct");
}

static const fr_type *of_dictionary(fr_call *call, const struct ArrowSchema *schema, size_t depth)
{
    if (!schema->format[0] || schema->format[1] || !strchr("cCsSiIlL", schema->format[0]))
        return refuse(call, schema, FR_ERR_FORMAT, "dictionary indices are integers");
    FR_OWNED const fr_type *value = fr_arrow_type(call, schema->dictionary, depth + 1);
    if (!value) return NULL;
    return fr_type_ref(fr_kind_is_text(value->kind) ? fr_type_of(FR_CAT) : value);
}

const fr_type *fr_arrow_type(fr_call *call, const struct ArrowSchema *schema, size_t depth)
{
    if (!schema->release || !schema->format) return refuse(call, schema, FR_ERR_FORMAT, "the schema was released or is empty");
    if (depth > fr_context_limits(call->context).nesting)
        return refuse(call, schema, FR_ERR_LIMIT, "nested deeper than limits.nesting");
    if (schema->dictionary) return of_dictionary(call, schema, depth);
    const char *f = schema->format;
    for (size_t i = 0; i < FR_COUNT_OF(plains); i++)
        if (!strcmp(plains[i].format, f)) return fr_type_of(plains[i].kind);
    if (f[0] == 't') return temporal(call, schema);
    if (f[0] == 'd' && f[1] == ':') return decimal(call, schema);
    if (f[0] == 'w' && f[1] == ':') return has_width(call, schema, f + 2) ? fr_type_of(FR_BINARY) : NULL;
    if (f[0] == '+') return nested(call, schema, depth);
    return refuse(call, schema, FR_ERR_UNSUPPORTED, f[0] == 'e' ? "float16 is not built: cast it to float32" : "not known");
}
