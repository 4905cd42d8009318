/* channel.c — columns and expressions as numbers; see channel.h. */
#include "plot/channel.h"

#include <math.h>
#include <string.h>

#include <frame/steps.h>

#include "data/cell_text.h"
#include "data/frame.h"
#include "data/zone_file.h"
#include "plot/order_rows.h"

/* ---- finding and computing --------------------------------------------------------------------------------------- */
#define RESULT "fr plot value"

/* The engine's error, with the text the user wrote instead of the assignment that was made of it. */
static bool fail_as_user(fr_call *call, const fr_frame *failed, const char *source, size_t prefix)
{
    const fr_error_info *info = fr_error(failed);
    fr_place place = FR_NOWHERE;
    place.column = info->column;
    place.hint = info->hint;
    place.row = info->row;
    place.source = info->source ? source : NULL;
    place.position = info->position >= (int64_t)prefix ? info->position - (int64_t)prefix : -1;
    return fr_fail_at(call, &place, info->code, "%s", info->message);
}

static const fr_frame *evaluate(fr_call *call, fr_arena *arena, const fr_frame *frame, const char *source)
{
    static const char prefix[] = "`" RESULT "` = ";
    char *assign = fr_arena_format(call, arena, "%s%s", prefix, source);
    if (!assign) return NULL;
    const fr_step steps[] = {
        { .verb = FR_VERB_WITH, .args.with = { .size_ = sizeof(fr_with_args), .assign = assign } }, { .verb = 0 } };
    fr_auto(frame) made = fr_pipe_steps(frame, steps, sizeof *steps, call->file, (int)call->line);
    if (!fr_ok(made)) return fail_as_user(call, made, source, sizeof prefix - 1), NULL;
    return fr_steal(made);
}

static bool find(fr_call *call, fr_arena *arena, const fr_frame *frame, fr_channel *out)
{
    int64_t index = fr_find(frame, out->source);
    if (index >= 0) {
        out->frame = fr_ref(frame);
    } else {
        out->frame = evaluate(call, arena, frame, out->source);
        if (!out->frame) return false;
        index = fr_find(out->frame, RESULT);
    }
    out->column = (size_t)index;
    return index >= 0 || fr_fail(call, FR_ERR_INTERNAL, "the value of '%s' got lost", out->source);
}

void fr_channel_release(fr_channel *channel)
{
    fr_unref(channel->frame);
    channel->frame = NULL;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

#define COPY(TAG, suffix, T)                                                                          \
    static void copy_##suffix(const void *in, int64_t n, double *out)                                 \
    {                                                                                                 \
        for (int64_t i = 0; i < n; i++) out[i] = (double)((const T *)in)[i];                          \
    }
FR_NUMBER_LAYOUTS(COPY)
#undef COPY

static void copy_i128(const void *in, int64_t n, double *out)
{
    for (int64_t i = 0; i < n; i++) out[i] = (double)((const fr_i128 *)in)[i];
}

static void copy_bool(const void *in, int64_t n, double *out)
{
    for (int64_t i = 0; i < n; i++) out[i] = fr_bit(in, i);
}

static void copy_numbers(const fr_column *column, double *out)
{
    static void (*const copies[FR_PHYS_COUNT])(const void *, int64_t, double *) = {
#define CELL(TAG, suffix, T) [FR_PHYS_##TAG] = copy_##suffix,
        FR_NUMBER_LAYOUTS(CELL)
#undef CELL
        [FR_PHYS_I128] = copy_i128, [FR_PHYS_BOOL] = copy_bool };
    copies[column->phys](column->values, column->length, out);
    double unit = column->type->kind == FR_DECIMAL ? pow(10, column->type->scale) : 1;
    for (int64_t i = 0; unit != 1 && i < column->length; i++) out[i] /= unit;
}

/* NaN where a value is null; infinities stay for the layer to count. */
static void blank_nulls(const fr_column *column, fr_channel *channel)
{
    for (int64_t i = 0; column->valid && i < channel->n; i++)
        if (!fr_bit(column->valid, i)) channel->values[i] = (double)NAN;
}

static int64_t tick_at(const fr_column *column, int64_t i)
{
    if (column->phys == FR_PHYS_I32) return (int64_t)((const int32_t *)column->values)[i] * 86400;
    return ((const int64_t *)column->values)[i];
}

static bool read_ticks(fr_call *call, const fr_column *column, fr_channel *channel)
{
    static const int64_t per_second[] = { [FR_US] = 1000000, [FR_S] = 1, [FR_MS] = 1000, [FR_NS] = 1000000000 };
    bool day = column->type->kind == FR_DATE, first = true;
    channel->per_second = day ? 1 : per_second[column->type->unit];
    channel->date_only = day;
    channel->no_date = column->type->kind == FR_TIME;
    for (int64_t i = 0; i < channel->n && column->type->kind != FR_DURATION; i++) {      /* durations count from zero */
        if (!fr_is_valid(column, i)) continue;
        int64_t tick = tick_at(column, i);
        if (first || tick < channel->origin) channel->origin = tick;
        first = false;
    }
    for (int64_t i = 0; i < channel->n; i++) {
        channel->values[i] = (double)NAN;
        if (fr_is_valid(column, i))
            channel->values[i] = (double)((uint64_t)tick_at(column, i) - (uint64_t)channel->origin);
    }
    return fr_go_on(call);
}

static bool read_zone(fr_call *call, fr_arena *arena, const fr_type *type, fr_channel *channel)
{
    if (!type->zone) return true;
    channel->zone_name = fr_arena_text(call, arena, type->zone, strlen(type->zone));
    return channel->zone_name && fr_zone_read(call, arena, type->zone, &channel->zone);
}

/* ---- categories -------------------------------------------------------------------------------------------------- */

/* Text: codes renumbered in order of first appearance; unused entries of the dictionary go. */
static bool read_texts(fr_call *call, fr_arena *arena, const fr_column *column, fr_channel *channel)
{
    FR_OWNED fr_column *coded = fr_column_as_codes(call, column);
    if (!coded) return false;
    const fr_dictionary *dictionary = coded->dictionary;
    uint32_t *number = fr_arena_array(call, arena, (size_t)dictionary->length + 1, sizeof *number);
    channel->names = fr_arena_array(call, arena, (size_t)dictionary->length + 1, sizeof *channel->names);
    if (!number || !channel->names) return false;
    for (int64_t i = 0; i < channel->n; i++) {
        bool valid = fr_is_valid(coded, i);
        uint32_t code = valid ? fr_column_code(coded, i) : 0;
        if (valid && !number[code]) {
            size_t n;
            const char *text = fr_dictionary_text(dictionary, code, &n);
            if (!(channel->names[channel->n_names] = fr_arena_text(call, arena, text, n))) return false;
            number[code] = (uint32_t)++channel->n_names;
        }
        channel->values[i] = valid ? (double)number[code] - 1 : (double)NAN;
    }
    return true;
}

typedef struct naming { const fr_column *column; fr_cell_style style; } naming;

/* As a cell of the row is printed. */
static char *name_of(fr_call *call, fr_arena *arena, const naming *cells, int64_t row)
{
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    if (!fr_cell_append(call, &text, cells->column, row, &cells->style)) return NULL;
    return fr_arena_text(call, arena, text.bytes ? text.bytes : "", text.length);
}

/* Distinct values get numbers in ascending order; `rows` are those that have a value, by value. */
static bool name_distinct(fr_call *call, fr_arena *arena, fr_channel *channel, const uint32_t *rows, size_t n)
{
    double *values = channel->values, last = (double)NAN;
    size_t distinct = 0;
    naming cells = { .column = fr_frame_column(call, channel->frame, channel->column) };
    if (!cells.column || !fr_cell_find_zone(call, arena, cells.column->type, &cells.style)) return false;
    for (size_t i = 0; i < n; i++) distinct += i == 0 || values[rows[i]] != values[rows[i - 1]];
    channel->names = fr_arena_array(call, arena, distinct + 1, sizeof *channel->names);
    if (!channel->names) return false;
    for (size_t i = 0; i < n; i++) {
        double value = values[rows[i]];
        if (i == 0 || value != last) {
            char *name = name_of(call, arena, &cells, rows[i]);
            if (!name) return false;
            channel->names[channel->n_names++] = name;
        }
        last = value;
        values[rows[i]] = (double)(channel->n_names - 1);
    }
    return true;
}

bool fr_channel_as_categories(fr_call *call, fr_arena *arena, fr_channel *channel)
{
    if (channel->kind == FR_CHANNEL_CATEGORY || channel->kind == FR_CHANNEL_NONE) return true;
    size_t n = 0, all = (size_t)channel->n;
    uint32_t *rows = fr_new_array(call, all, sizeof *rows);
    if (!rows) return false;
    for (size_t i = 0; i < all; i++)
        if (!isnan(channel->values[i])) rows[n++] = (uint32_t)i;
    bool fine = fr_order_doubles(call, channel->values, rows, n) && name_distinct(call, arena, channel, rows, n);
    fr_free_array(call->context, rows, all, sizeof *rows);
    channel->kind = FR_CHANNEL_CATEGORY;
    channel->in_order = true;
    return fine;
}

/* ---- all kinds --------------------------------------------------------------------------------------------------- */

static bool read_column(fr_call *call, fr_arena *arena, const fr_column *column, fr_channel *channel)
{
    fr_kind kind = column->type->kind;
    if (fr_kind_is_text(kind)) {
        channel->kind = FR_CHANNEL_CATEGORY;
        return read_texts(call, arena, column, channel);
    }
    if (fr_kind_is_number(kind) || kind == FR_BOOL) {
        channel->kind = FR_CHANNEL_NUMBER;
        channel->whole = fr_kind_is_integer(kind) || kind == FR_BOOL;
        channel->truth = kind == FR_BOOL;
        copy_numbers(column, channel->values);
        blank_nulls(column, channel);
        return true;
    }
    if (fr_kind_is_temporal(kind)) {
        channel->kind = kind == FR_DURATION ? FR_CHANNEL_DURATION : FR_CHANNEL_TIME;
        return read_zone(call, arena, column->type, channel) && read_ticks(call, column, channel);
    }
    if (kind == FR_NULL) {
        channel->kind = FR_CHANNEL_NUMBER;
        for (int64_t i = 0; i < channel->n; i++) channel->values[i] = (double)NAN;
            return true;
    }
    char room[FR_TYPE_TEXT_BYTES];
    return fr_fail_at(call, fr_place_at(.column = channel->source), FR_ERR_TYPE, "'%s' is %s, which cannot be drawn",
                      channel->source, fr_type_name(column->type, room));
}

bool fr_channel_read(fr_call *call, fr_arena *arena, const fr_frame *frame, const char *source, fr_channel *out)
{
    *out = (fr_channel){ .source = source };
    if (!find(call, arena, frame, out)) return false;
    if (out->frame->length > UINT32_MAX)
        return fr_fail(call, FR_ERR_LIMIT, "a figure shows at most 4,294,967,295 rows; summarise them first");
    const fr_column *column = fr_frame_column(call, out->frame, out->column);
    if (!column) return false;
    out->n = column->length;
    out->values = fr_arena_array(call, arena, (size_t)out->n + 1, sizeof *out->values);
    return out->values && read_column(call, arena, column, out);
}

void fr_channel_rebase(fr_channel *channel, int64_t origin, int64_t per_second)
{
    if (channel->origin == origin && channel->per_second == per_second) return;
    double factor = (double)per_second / (double)channel->per_second;
    double shift = (double)channel->origin * factor - (double)origin;
    for (int64_t i = 0; i < channel->n; i++) channel->values[i] = channel->values[i] * factor + shift;
    channel->origin = origin;
    channel->per_second = per_second;
}
