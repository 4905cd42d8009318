/* job_value.c — single values in job files, such that each comes back with the same bytes.
 *
 * Whole numbers, floats, booleans and texts are written as TOML writes them. The rest are tables that say their kind:
 *
 *     { type = "null" }   { type = "date", value = 19723 }   { type = "u64", value = "18446744073709551615" }
 */
#include <string.h>

#include "base/number.h"
#include "plan/job.h"

static const char *const units[] = { "us", "s", "ms", "ns" };

static const char *const words[FR_KIND_COUNT] = {
    [FR_NULL] = "null", [FR_BOOL] = "bool", [FR_I8] = "i8", [FR_I16] = "i16", [FR_I32] = "i32", [FR_I64] = "i64",
    [FR_U8] = "u8", [FR_U16] = "u16", [FR_U32] = "u32", [FR_U64] = "u64", [FR_F32] = "f32", [FR_F64] = "f64",
    [FR_STR] = "str", [FR_CAT] = "cat", [FR_BINARY] = "binary", [FR_DATE] = "date", [FR_TIME] = "time",
    [FR_DATETIME] = "datetime", [FR_DURATION] = "duration", [FR_DECIMAL] = "decimal", [FR_LIST] = "list",
    [FR_STRUCT] = "struct",
};

/* ---- writing --------------------------------------------------------------------------------------------------- */
bool fr_job_write_real(fr_call *call, fr_text *out, double x)
{
    char room[FR_NUMBER_BYTES];
    return fr_text_append(call, out, room, fr_print_f64(x, room));
}

/* The parts of a value that are not its number: kind, unit and scale, so that it comes back with the same bytes. */
static bool write_kind(fr_call *call, fr_text *out, const fr_value *value)
{
    if (!fr_text_format(call, out, "{ type = \"%s\"", words[value->kind])) return false;
    if (value->unit && !fr_text_format(call, out, ", unit = \"%s\"", units[value->unit & 3])) return false;
    return !value->scale || fr_text_format(call, out, ", scale = %d", value->scale);
}

static bool write_number(fr_call *call, fr_text *out, const fr_value *value)
{
    switch (value->kind) {
    case FR_F32: return fr_text_add(call, out, ", value = ") && fr_job_write_real(call, out, value->as.f);
    case FR_CAT: return fr_text_add(call, out, ", value = ") && fr_job_quote(call, out, value->as.s, value->length);
    case FR_BINARY:
        if (!fr_text_add(call, out, ", hex = \"")) return false;
        for (uint32_t i = 0; i < value->length; i++)
            if (!fr_text_format(call, out, "%02x", (unsigned)(unsigned char)value->as.s[i])) return false;
        return fr_text_add(call, out, "\"");
    case FR_DECIMAL:
        return fr_text_format(call, out, ", low = \"%llu\", high = %lld", (unsigned long long)value->as.decimal.low,
                              (long long)value->as.decimal.high);
    case FR_U8: case FR_U16: case FR_U32: case FR_U64:
        return fr_text_format(call, out, ", value = \"%llu\"", (unsigned long long)value->as.u);
    default: return fr_text_format(call, out, ", value = %lld", (long long)value->as.i);
    }
}

bool fr_job_write_value(fr_call *call, fr_text *out, const fr_value *value)
{
    if (value->valid && !value->unit && !value->scale) {
        if (value->kind == FR_I64) return fr_text_format(call, out, "%lld", (long long)value->as.i);
        if (value->kind == FR_F64) return fr_job_write_real(call, out, value->as.f);
        if (value->kind == FR_BOOL) return fr_text_add(call, out, value->as.i ? "true" : "false");
        if (value->kind == FR_STR) return fr_job_quote(call, out, value->as.s, value->length);
    }
    if (!write_kind(call, out, value)) return false;
    if (value->valid && !write_number(call, out, value)) return false;
    return fr_text_add(call, out, " }");
}

/* ---- reading --------------------------------------------------------------------------------------------------- */
static int kind_of(const char *word)
{
    for (int kind = 0; kind < FR_KIND_COUNT; kind++)
        if (!strcmp(word, words[kind])) return kind;
    return -1;
}

static int unit_of(const char *word)
{
    for (int i = 0; i < 4; i++)
        if (!strcmp(word, units[i])) return i;
    return -1;
}

static bool read_unit(fr_call *call, const char *text, const fr_job_node *table, fr_value *out)
{
    const fr_job_node *unit = fr_job_member(table, "unit"), *scale = fr_job_member(table, "scale");
    const int known = !unit ? 0 : unit->kind == FR_JOB_TEXT ? unit_of(unit->text) : -1;
    if (known < 0)
        return fr_job_fail(call, text, unit, FR_ERR_SYNTAX, "a unit is one of \"s\", \"ms\", \"us\", \"ns\"");
    if (scale && (scale->kind != FR_JOB_INTEGER || scale->integer != (int8_t)scale->integer))
        return fr_job_fail(call, text, scale, FR_ERR_SYNTAX, "a scale is a number of digits behind the point");
    out->unit = (uint8_t)known;
    out->scale = scale ? (int8_t)scale->integer : 0;
    return true;
}

/* Hexadecimal digits become bytes in place: the tree is ours and the result is shorter. */
static bool unhex(const fr_job_node *node, fr_value *out)
{
    char *bytes = (char *)(uintptr_t)node->text;
    if (node->length % 2) return false;
    for (size_t i = 0; i < node->length; i++) {
        char c = node->text[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    for (size_t i = 0; i + 1 < node->length; i += 2) {
        int high = bytes[i] <= '9' ? bytes[i] - '0' : bytes[i] - 'a' + 10;
        int low = bytes[i + 1] <= '9' ? bytes[i + 1] - '0' : bytes[i + 1] - 'a' + 10;
        bytes[i / 2] = (char)(high << 4 | low);
    }
    out->as.s = bytes;
    out->length = (uint32_t)(node->length / 2);
    return true;
}

static bool read_payload(const fr_job_node *table, const fr_job_node *node, fr_value *out)
{
    switch (out->kind) {
    case FR_F32: case FR_F64:
        out->as.f = node->kind == FR_JOB_INTEGER ? (double)node->integer : node->real;
        return node->kind == FR_JOB_REAL || node->kind == FR_JOB_INTEGER;
    case FR_STR: case FR_CAT: case FR_BINARY:
        if (node->kind != FR_JOB_TEXT || node->length > UINT32_MAX) return false;
        out->as.s = node->text;
        out->length = (uint32_t)node->length;
        return out->kind != FR_BINARY || unhex(node, out);
    case FR_DECIMAL:
        out->as.decimal.high = fr_job_integer_of(table, "high");
        return node->kind == FR_JOB_TEXT && fr_parse_u64(node->text, node->length, &out->as.decimal.low) == FR_PARSE_OK;
    case FR_U8: case FR_U16: case FR_U32: case FR_U64:
        return node->kind == FR_JOB_TEXT && fr_parse_u64(node->text, node->length, &out->as.u) == FR_PARSE_OK;
    default:
        out->as.i = node->integer;
        return node->kind == FR_JOB_INTEGER;
    }
}

static bool read_typed_value(fr_call *call, const char *text, const fr_job_node *table, fr_value *out)
{
    const char *word = fr_job_text_of(table, "type");
    int kind = word ? kind_of(word) : -1;
    if (kind < 0)
        return fr_job_fail(call, text, table, FR_ERR_SYNTAX,
                           "a value needs a type, as in { type = \"date\", value = 0 }");
    *out = kind == FR_NULL ? fr_v_null() : (fr_value){ .kind = (uint8_t)kind };
    if (!read_unit(call, text, table, out)) return false;
    const fr_job_node *value = fr_job_member(table, kind == FR_BINARY ? "hex" : kind == FR_DECIMAL ? "low" : "value");
    out->valid = value != NULL;
    if (!value || read_payload(table, value, out)) return true;
    return fr_job_fail(call, text, value, FR_ERR_SYNTAX, "this is no value of type %s", word);
}

bool fr_job_read_value(fr_call *call, const char *text, const fr_job_node *node, fr_value *out)
{
    switch (node->kind) {
    case FR_JOB_INTEGER: *out = fr_v_i64(node->integer); return true;
    case FR_JOB_REAL: *out = fr_v_f64(node->real); return true;
    case FR_JOB_BOOL: *out = fr_v_bool(node->integer != 0); return true;
    case FR_JOB_TEXT: *out = fr_v_text(node->text, node->length); return true;
    case FR_JOB_TABLE: return read_typed_value(call, text, node, out);
    case FR_JOB_LIST: break;
    }
    return fr_job_fail(call, text, node, FR_ERR_SYNTAX, "a single value is expected, not a list");
}
