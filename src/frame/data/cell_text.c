/* cell_text.c — one cell as text: exact, free of locale, ISO for dates, JSON-like for lists and structs.
 *
 *     i64 -3          -3                     datetime[us]        2024-02-29 12:30:05.250
 *     f64 0.1         0.1                    datetime[s, UTC]    2024-02-29 12:30:05+00:00
 *     decimal(9,2)    -12.50                 duration            1 days 02:03:04
 *     list[str]       ["a", null]            struct              {name: "a", tags: []}
 *
 * A datetime with a time zone is written by that zone's clock, with its offset; in UTC where tzdata do not know the
 * zone.
 */
#include "data/cell_text.h"

#include <string.h>

#include "base/date_text.h"
#include "base/decimal.h"
#include "base/problem.h"
#include "base/utf8.h"
#include "data/zone_file.h"

static bool append_value(fr_call *call, fr_text *out, const fr_column *column, int64_t row, const fr_cell_style *style,
                         bool nested);

static bool cut(const fr_text *out, size_t start, const fr_cell_style *style)
{
    return style->most_bytes && out->length - start > style->most_bytes;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* The text as it is, or with what a terminal would act on escaped; cut before a character. */
static bool append_text(fr_call *call, fr_text *out, const char *text, size_t n, const fr_cell_style *style)
{
    size_t shown = n;
    if (style->most_bytes && n > style->most_bytes) shown = fr_utf8_before(text, style->most_bytes);
    if (!style->escape) {
        if (!fr_text_append(call, out, text, shown)) return false;
    } else {
        for (size_t i = 0, step; i < shown; i += step) {      /* in pieces, each in a small room */
            char piece[256];
            step = shown - i < 60 ? shown - i : fr_utf8_before(text + i, 60);
            if (!step) step = 1;
            if (!fr_text_append(call, out, piece, fr_printable(text + i, step, piece, sizeof piece))) return false;
        }
    }
    return shown == n || fr_text_add(call, out, "…");
}

static bool append_bytes(fr_call *call, fr_text *out, const char *bytes, size_t n, const fr_cell_style *style)
{
    static const char hex[] = "0123456789abcdef";
    size_t shown = style->most_bytes && n > style->most_bytes / 2 ? style->most_bytes / 2 : n;
    if (!fr_text_add(call, out, "0x")) return false;
    for (size_t i = 0; i < shown; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (!fr_text_append(call, out, (char[]){ hex[byte >> 4], hex[byte & 15] }, 2)) return false;
    }
    return shown == n || fr_text_add(call, out, "…");
}

/* In double quotes, as JSON has it. */
static bool append_quoted(fr_call *call, fr_text *out, const char *text, size_t n, const fr_cell_style *style)
{
    const fr_cell_style escaped = { .most_bytes = style->most_bytes, .escape = true };
    if (!fr_text_add(call, out, "\"")) return false;
    for (size_t from = 0; from <= n;) {
        size_t to = from;
        while (to < n && text[to] != '"' && text[to] != '\\') to++;
        if (!append_text(call, out, text + from, to - from, &escaped)) return false;
        if (to < n && !fr_text_append(call, out, (char[]){ '\\', text[to] }, 2)) return false;
        from = to + 1;
    }
    return fr_text_add(call, out, "\"");
}

/* ---- numbers and times ------------------------------------------------------------------------------------------- */

static int64_t per_second(fr_unit unit)
{
    return unit == FR_S ? 1 : unit == FR_MS ? 1000 : unit == FR_US ? 1000000 : 1000000000;
}

static size_t datetime_text(const fr_type *type, int64_t ticks, const fr_cell_style *style, char *room)
{
    int64_t second = per_second(type->unit);
    if (!type->zone) return fr_print_datetime(ticks, second, room);
    bool known = style->zone && !strcmp(style->zone_name, type->zone);
    int32_t offset = known ? fr_zone_utc_to_offset(style->zone, fr_floor_div(ticks, second)) : 0;
    return fr_print_datetime_offset(ticks, second, offset, room);
}

bool fr_cell_find_zone(fr_call *call, fr_arena *arena, const fr_type *type, fr_cell_style *style)
{
    if (type->zone && !style->zone_name) {
        style->zone_name = type->zone;
        return fr_zone_read(call, arena, type->zone, &style->zone);
    }
    for (size_t i = 0; i < type->n_fields; i++)
        if (!fr_cell_find_zone(call, arena, type->fields[i].type, style)) return false;
    return true;
}

/* ---- kept with the column --------------------------------------------------------------------------------------- */
typedef struct fr_cell_zone {
    fr_arena       arena;
    const fr_zone *zone;
} fr_cell_zone;

void fr_cell_zone_free(fr_cell_zone *zone)
{
    if (!zone) return;
    fr_context *context = zone->arena.context;
    fr_arena_clear(&zone->arena);
    fr_free(context, zone, sizeof *zone);
}

static const char *zone_name_in(const fr_type *type)
{
    const char *name = type->zone;
    for (size_t i = 0; i < type->n_fields && !name; i++) name = zone_name_in(type->fields[i].type);
    return name;
}

/* Made under the column's context, to which it belongs. */
static fr_cell_zone *read_zone(fr_call *call, const char *name)
{
    fr_cell_zone *kept = fr_new(call, sizeof *kept);
    if (!kept) return NULL;
    fr_arena_init(&kept->arena, call->context);
    if (fr_zone_read(call, &kept->arena, name, &kept->zone)) return kept;
    fr_cell_zone_free(kept);
    return NULL;
}

bool fr_cell_zone_of(fr_call *call, const fr_column *column, fr_cell_style *style)
{
    style->zone_name = zone_name_in(column->type);
    if (!style->zone_name) return true;
    fr_column *shared = (fr_column *)(uintptr_t)column;
    fr_cell_zone *kept = atomic_load_explicit(&shared->late_zone, memory_order_acquire), *none = NULL;
    if (!kept) {
        fr_call own;
        fr_call_begin_within(&own, column->object.context, call);
        kept = read_zone(&own, style->zone_name);
        if (!kept) fr_fail_with(call, fr_call_take_problem(&own));
        else if (!atomic_compare_exchange_strong(&shared->late_zone, &none, kept)) fr_cell_zone_free(kept), kept = none;
        fr_call_end(&own);
    }
    if (kept) style->zone = kept->zone;
    return kept != NULL;
}

static size_t number_text(const fr_type *type, const fr_value *value, const fr_cell_style *style, char *room)
{
    fr_i128 decimal;
    switch (type->kind) {
    case FR_BOOL:
        memcpy(room, value->as.i ? "true " : "false", 5);
        return value->as.i ? 4 : 5;
    case FR_U8:
    case FR_U16:
    case FR_U32:
    case FR_U64:      return fr_print_u64(value->as.u, room);
    case FR_F32:      return fr_print_f32((float)value->as.f, room);
    case FR_F64:      return fr_print_f64(value->as.f, room);
    case FR_DATE:     return fr_print_date(value->as.i, room);
    case FR_TIME:     return fr_print_time(value->as.i, per_second(type->unit), room);
    case FR_DATETIME: return datetime_text(type, value->as.i, style, room);
    case FR_DURATION: return fr_print_duration(value->as.i, per_second(type->unit), room);
    case FR_DECIMAL:
        memcpy(&decimal, &value->as.decimal, sizeof decimal);
        return fr_print_decimal(decimal, type->scale, room);
    default:          return fr_print_i64(value->as.i, room);
    }
}

/* ---- nested ------------------------------------------------------------------------------------------------------ */

static bool append_list(fr_call *call, fr_text *out, const fr_column *column, int64_t row, const fr_cell_style *style)
{
    const int64_t *offsets = column->values;
    size_t start = out->length;
    if (!fr_text_add(call, out, "[")) return false;
    for (int64_t i = offsets[row]; i < offsets[row + 1]; i++) {
        if (i > offsets[row] && !fr_text_add(call, out, ", ")) return false;
        if (cut(out, start, style)) return fr_text_add(call, out, "…]");
        if (!append_value(call, out, column->children[0], i, style, true)) return false;
    }
    return fr_text_add(call, out, "]");
}

static bool append_struct(fr_call *call, fr_text *out, const fr_column *column, int64_t row, const fr_cell_style *style)
{
    size_t start = out->length;
    if (!fr_text_add(call, out, "{")) return false;
    for (size_t i = 0; i < column->n_children; i++) {
        const char *name = column->type->fields[i].name;
        if (i && !fr_text_add(call, out, ", ")) return false;
        if (cut(out, start, style)) return fr_text_add(call, out, "…}");
        if (!append_text(call, out, name, strlen(name), style) || !fr_text_add(call, out, ": ")) return false;
        if (!append_value(call, out, column->children[i], row, style, true)) return false;
    }
    return fr_text_add(call, out, "}");
}

static bool append_value(fr_call *call, fr_text *out, const fr_column *column, int64_t row, const fr_cell_style *style,
                         bool nested)
{
    if (!fr_is_valid(column, row)) return !nested || fr_text_add(call, out, "null");
    if (column->phys == FR_PHYS_LIST) return append_list(call, out, column, row, style);
    if (column->phys == FR_PHYS_STRUCT) return append_struct(call, out, column, row, style);
    if (column->dictionary || column->phys == FR_PHYS_VIEW) {
        size_t n;
        const char *text = fr_column_text(column, row, &n);
        if (column->type->kind == FR_BINARY) return append_bytes(call, out, text, n, style);
        return nested ? append_quoted(call, out, text, n, style) : append_text(call, out, text, n, style);
    }
    _Static_assert(FR_DATE_BYTES >= FR_NUMBER_BYTES, "one room for both");
    char room[FR_DATE_BYTES];
    fr_value value = fr_column_value(column, row);
    return fr_text_append(call, out, room, number_text(column->type, &value, style, room));
}

bool fr_cell_append(fr_call *call, fr_text *out, const fr_column *column, int64_t row, const fr_cell_style *style)
{
    return append_value(call, out, column, row, style, false);
}
