/* long_values.c — pools of values, and which row has which. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/columns.h"
#include "support/long_rows.h"

enum { TEXT = 48, OTHER_FORMS = 2 };   /* forms of zero or nan that follow the values of a pool of floats */

static const char *const key_types[] = { "i64", "i64", "i64", "i32", "i8", "u64", "u8", "f64", "f64", "f32", "str", "str", "codes",
                                         "codes", "cat", "date", "datetime[us]", "time", "duration[ms]", "decimal(9,2)",
                                         "decimal(38,10)", "bool", "binary" };
static const char *const value_types[] = { "i64", "i64", "i32", "i8", "u64", "u16", "f64", "f64", "f64", "f32", "bool", "str",
                                           "codes", "date", "datetime[us]", "decimal(9,2)", "decimal(38,10)", "i16" };

uint64_t fr_long_draw(uint64_t *state, uint64_t n) { return fr_test_random(state) % n; }
#define ONE_OF(state, ...) \
    ((const int64_t[]){ __VA_ARGS__ })[fr_long_draw(state, sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))]

/* ---- values in order --------------------------------------------------------------------------------------------- */
struct line { fr_i128 low, step, least, most; };      /* low, low + step, low + 2 · step … */

static void limits(const fr_type *type, struct line *line)
{
    const int bits = (int)(8 * fr_phys_width(fr_type_phys(type)));
    fr_i128 most = bits >= 64 ? INT64_MAX : ((fr_i128)1 << (bits - 1)) - 1;
    line->least = -most - 1;
    if (type->kind == FR_DECIMAL) {
        most = 1;
        for (int i = 0; i < type->precision && i < 37; i++) most *= 10;
        line->least = -(most -= 1);
    } else if (type->kind == FR_TIME) most = 86400000000 - 1, line->least = 0;
    else if (type->kind >= FR_U8 && type->kind <= FR_U64) most = bits == 64 ? UINT64_MAX : 2 * most + 1, line->least = 0;
    else if (type->kind == FR_DATE) most = 2000000, line->least = -500000;
    else if (type->kind == FR_DATETIME) most = INT64_C(200000000000000000), line->least = -most / 4;
    line->most = most;
}

/* A line of n values that fits; *n is made smaller where it must be. */
static struct line line_of(const fr_type *type, bool is_key, uint32_t *n, uint64_t *state)
{
    struct line line;
    limits(type, &line);
    line.step = is_key ? ONE_OF(state, 1, 1, 1, 2, 3, 1000, 1000003) : ONE_OF(state, 1, 1, 3, 100, 12345);
    if (line.most - line.least < (fr_i128)*n * line.step) line.step = 1;
    const fr_i128 room = line.most - line.least;
    if (room < *n) *n = (uint32_t)room;
    const fr_i128 length = line.step * *n;
    switch (fr_long_draw(state, is_key ? 8 : 5)) {
    case 0: case 1: line.low = 1; break;
    case 2: line.low = 0; break;
    case 3: line.low = -length / 2 / line.step * line.step; break;
    case 4: line.low = -5; break;
    case 5: line.low = line.least; break;
    case 6: line.low = line.most - length; break;
    default: line.low = (fr_i128)(fr_test_random(state) >> 20); break;
    }
    if (line.low < line.least) line.low = line.least;
    if (line.low > line.most - length) line.low = line.most - length;
    return line;
}

static fr_value whole_value(const fr_type *type, fr_i128 x)
{
    fr_value v = { .kind = (uint8_t)type->kind, .valid = true, .unit = (uint8_t)type->unit, .scale = type->scale };
    if (type->kind == FR_DECIMAL) memcpy(&v.as.decimal, &x, sizeof x);
    else v.as.i = (int64_t)x;
    return v;
}

static bool add_wholes(fr_call *call, fr_builder *builder, const fr_type *type, bool is_key, uint32_t *n, uint64_t *state)
{
    const struct line line = line_of(type, is_key, n, state);
    for (uint32_t i = 0; i < *n; i++)
        if (!fr_builder_add(call, builder, whole_value(type, line.low + line.step * i))) return false;
    return true;
}

static bool add_real(fr_call *call, fr_builder *builder, const fr_type *type, double x)
{
    fr_value v = fr_v_f64(x);
    v.kind = (uint8_t)type->kind;
    return fr_builder_add(call, builder, v);
}

/* … and then -0, which is the same as 0, and another nan. */
static bool add_reals(fr_call *call, fr_builder *builder, const fr_type *type, uint32_t *n, uint64_t *state)
{
    static const double scales[] = { 1, 0.25, 0.0009765625, 1e-3, 1e17, 1e-290 };
    const bool single = type->kind == FR_F32, special = *n > 4 && fr_long_draw(state, 3) == 0;
    const double scale = scales[fr_long_draw(state, single ? 4 : 6)];
    if (single && *n > 4000000) *n = 4000000;
    const double low = (double)ONE_OF(state, 0, 1, -(int64_t)*n / 2, -(int64_t)*n + 1, single ? 3 : INT64_C(1) << 40);
    for (uint32_t i = 0; i < *n; i++) {
        double x = (low + i) * scale;
        if (single) x = (double)(float)x;
        if (special) x = i == 0 ? -HUGE_VAL : i + 2 == *n ? HUGE_VAL : i + 1 == *n ? (double)NAN : x;
        if (!add_real(call, builder, type, x)) return false;
    }
    return add_real(call, builder, type, -0.0) && add_real(call, builder, type, -(double)NAN);
}

static void write_text(char text[TEXT], int form, uint32_t i, uint64_t r)
{
    static const struct { const char *before; int digits; const char *behind; } forms[] = {
        { "id", 9, "" }, { "id", 1, "" }, { "", 1, "" }, { "a text that is longer than a view: ", 1, "" }, { "ä ", 1, " é" },
        { "the same twelve bytes and ", 8, "" }, { "", 5, "" } };
    if (form < 7) {
        (void)snprintf(text, TEXT, "%s%0*u%s", forms[form].before, forms[form].digits, i, forms[form].behind);
        return;
    }
    const size_t n = form == 7 ? r % 13 : r % 30;
    for (size_t k = 0; k < n; k++) text[k] = (char)('a' + (r >> (5 + 2 * k % 50) & 3) * 7);
    text[n] = 0;
}

static int by_bytes(const void *a, const void *b) { return strcmp(a, b); }

static bool add_texts(fr_call *call, fr_builder *builder, uint32_t *n, uint64_t *state)
{
    char (*texts)[TEXT] = malloc((size_t)*n * TEXT);
    const int form = (int)fr_long_draw(state, 9);
    if (!texts) return false;
    for (uint32_t i = 0; i < *n; i++) write_text(texts[i], form, i, fr_test_random(state));
    qsort(texts, *n, TEXT, by_bytes);
    bool fine = true;
    uint32_t count = 0;
    for (uint32_t i = 0; fine && i < *n; i++) {
        if (i && !strcmp(texts[i], texts[i - 1])) continue;
        fine = fr_builder_add_text(call, builder, texts[i], strlen(texts[i]));
        count++;
    }
    free(texts);
    *n = count;
    return fine;
}

static bool make_pool(fr_call *call, fr_long_column *column, bool is_key, uint64_t *state)
{
    const char *text = strcmp(column->type, "codes") ? column->type : "str";
    FR_OWNED const fr_type *type = fr_type_read(call, text, strlen(text));
    fr_builder *builder = type ? fr_builder_new(call, type, column->n_values) : NULL;
    bool fine = builder != NULL;
    if (fine && type->kind == FR_BOOL) {
        column->n_values = 2;
        fine = fr_builder_add(call, builder, fr_v_bool(false)) && fr_builder_add(call, builder, fr_v_bool(true));
    } else if (fine && fr_kind_is_float(type->kind)) fine = add_reals(call, builder, type, &column->n_values, state);
    else if (fine && (fr_kind_is_text(type->kind) || type->kind == FR_BINARY))
        fine = add_texts(call, builder, &column->n_values, state);
    else if (fine) fine = add_wholes(call, builder, type, is_key, &column->n_values, state);
    column->pool = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column->pool != NULL;
}

/* ---- which row has which ----------------------------------------------------------------------------------------- */
enum { ANY, CROWDED, GIANT, CYCLE, RUNS, SORTED, NEARLY, FALLING, STEPS, EACH_ONCE, RISING, HOWS };
static const char *const hows[] = { "any", "crowded", "giant", "cycle", "runs", "sorted", "nearly sorted", "falling", "steps",
                                    "each once", "rising" };

static uint32_t one(int how, int64_t i, int64_t n, uint32_t d, uint64_t *state)
{
    const uint64_t r = fr_test_random(state);
    const double u = (double)(r >> 11) / 9007199254740992.0;
    const uint32_t place = (uint32_t)((double)i / (double)n * d);
    switch (how) {
    case CROWDED: return (uint32_t)(u * u * u * d);
    case GIANT: return r % 32 ? d / 3 : (uint32_t)(r >> 8) % d;
    case CYCLE: return (uint32_t)(i % d);
    case RUNS: return (uint32_t)((uint64_t)(i / 7) * 2654435761U % d);
    case SORTED: return place;
    case NEARLY: return r % 200 ? place : (uint32_t)(r >> 8) % d;
    case FALLING: return d - 1 - place;
    case STEPS: return (uint32_t)((place + d / 3) % d);
    case EACH_ONCE: return (uint32_t)((uint64_t)i * 1000003 % d);
    case RISING: return r % 8 ? place : place / 2;
    default: return (uint32_t)(r % d);
    }
}

static void put_nulls(uint32_t *of, int64_t n, int share, uint64_t *state)
{
    const int64_t all_until = fr_long_draw(state, 8) ? 0 : n / 3;      /* now and then a block of nulls */
    for (int64_t i = 0; share && i < n; i++)
        if (i < all_until || (int)fr_long_draw(state, 1000) < share) of[i] = FR_LONG_NULL;
}

bool fr_long_column_draw(fr_call *call, fr_long_column *column, int64_t n, bool is_key, uint64_t *state)
{
    const size_t n_types = is_key ? FR_COUNT_OF(key_types) : FR_COUNT_OF(value_types), type = fr_long_draw(state, n_types);
    (void)snprintf(column->type, sizeof column->type, "%s", is_key ? key_types[type] : value_types[type]);
    const int64_t distinct[] = { 1, 2, 3, 9, 30, 100, 256, 257, 300, 1000, 1024, 1025, 5000, 60000, 65537, n / 8, n / 2, n, n,
                                 n / 9, n / 12, n / 30, n / 3 };
    const size_t many = is_key && n > 1 << 21 && fr_long_draw(state, 2) ? 15 : 0;     /* beyond what the caches hold */
    column->n_values = (uint32_t)distinct[many + fr_long_draw(state, FR_COUNT_OF(distinct) - many)] + 1;
    column->of = malloc((size_t)n * sizeof *column->of);
    if (!column->of || !make_pool(call, column, is_key, state)) return false;
    const int how = fr_long_draw(state, 3) ? (int)fr_long_draw(state, HOWS) : ANY;
    for (int64_t i = 0; i < n; i++) column->of[i] = one(how, i, n, column->n_values, state);
    const int share = (int)ONE_OF(state, 0, 0, 0, 0, 1, 50, 50, 950, 1000);
    put_nulls(column->of, n, share, state);
    (void)snprintf(column->shape, sizeof column->shape, "%s: %u values, %s, %d/1000 null", column->type, column->n_values,
                   hows[how], share);
    return true;
}

static fr_column *take(fr_call *call, const fr_column *pool, const uint32_t *rows, int64_t n, bool may_miss)
{
    return fr_column_take(call, pool, &(fr_rows){ .narrow = rows, .n = n, .may_miss = may_miss });
}

fr_column *fr_long_column_of(fr_call *call, const fr_long_column *column, const uint32_t *of, int64_t n, uint64_t *state)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, (size_t)n + 1, sizeof(uint32_t));
    const bool codes = !strcmp(column->type, "codes"), early = codes && fr_long_draw(state, 2);
    FR_OWNED fr_column *pool = early ? fr_column_as_codes(call, column->pool) : fr_column_ref(column->pool);
    if (!rows || !pool) return NULL;
    uint32_t *row = rows->data;
    bool missing = false;
    for (int64_t i = 0; i < n; i++) {
        row[i] = of[i] == FR_LONG_NULL ? FR_ROW_MISSING32 : of[i];
        missing = missing || of[i] == FR_LONG_NULL;
        if (of[i] == FR_LONG_NULL || column->pool->length == column->n_values || fr_test_random(state) % 2) continue;
        const double x = fr_column_value(column->pool, of[i]).as.f;
        if (x == 0) row[i] = column->n_values;
        else if (isnan(x)) row[i] = column->n_values + 1;
    }
    FR_OWNED fr_column *taken = take(call, pool, row, n, missing);
    return taken && codes && !early ? fr_column_as_codes(call, taken) : fr_steal(taken);
}
