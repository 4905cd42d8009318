/* columns.c — columns for tests. */
#include "support/columns.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

void fr_test_call_begin(fr_test_call *t)
{
    t->context = fr_context_new(.chunk_rows = 128, .threads = 3);
    fr_call_begin(&t->call, t->context, __FILE__, __LINE__);
}

void fr_test_call_end(fr_test_call *t)
{
    if (fr_failed(&t->call)) {
        fr_auto(frame) failed = fr_object_failed(&t->call, &fr_frame_class);
        fr_test_check_str(fr_error(failed)->message, "", "an unexpected failure", __FILE__, __LINE__);
    }
    fr_call_end(&t->call);
    fr_unref(t->context);
}

const char *const fr_test_types[] = {
    "null", "bool", "i8", "i16", "i32", "i64", "narrow i8", "narrow i16", "narrow i32", "u8", "u16", "u32",
    "u64", "f32", "f64", "str", "codes", "cat", "binary", "date", "time", "time[ns]", "datetime[us]",
    "datetime[ns, Europe/Berlin]", "duration[ms]", "decimal(9,2)", "decimal(38,10)", "list[i64]", "list[str]",
    "list[bool]", "struct[a: i32, b: str]", "list[struct[x: f64, y: list[cat]]]",
    "struct[name: str, tags: list[str], inner: struct[d: date]]", "list[list[u8]]", "struct[]", "list[null]", NULL,
};

uint64_t fr_test_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* ---- random values ----------------------------------------------------------------------------------------------- */

static const char *const samples[] = { "", "a", "North", "twelve bytes", "thirteen byte", "München", "日本語", "🙂",
                                       "a text of some length that lies in the heap", "a text of some length too" };

static bool add_text(fr_call *call, fr_builder *builder, fr_kind kind, uint64_t *state)
{
    uint64_t r = fr_test_random(state);
    if (kind == FR_BINARY && r % 3 == 0) return fr_builder_add_text(call, builder, (const char *)&r, r % 8);
    const char *text = samples[r % FR_COUNT_OF(samples)];
    return fr_builder_add_text(call, builder, text, strlen(text));
}

static fr_value random_value(const fr_type *type, uint64_t *state)
{
    uint64_t r = fr_test_random(state);
    fr_value v = { .kind = (uint8_t)type->kind, .valid = true, .unit = (uint8_t)type->unit, .scale = type->scale };
    size_t bits = 8 * fr_phys_width(fr_type_phys(type));
    static const uint64_t per_second[] = { [FR_US] = 1000000, [FR_S] = 1, [FR_MS] = 1000, [FR_NS] = 1000000000 };
    if (type->kind == FR_BOOL) v.as.i = (int64_t)(r & 1);
    else if (type->kind == FR_TIME) v.as.i = (int64_t)(r % (86400 * per_second[type->unit]));      /* within the day */
    else if (type->kind == FR_F32) v.as.f = (double)(float)(int64_t)r / 8;
    else if (type->kind == FR_F64)
        v.as.f = r % 13 == 0 ? __builtin_nan("") : r % 17 == 0 ? -0.0 : (double)(int64_t)r / 3;
    else if (type->kind == FR_DECIMAL) v.as.decimal.low = r % 100000, v.as.decimal.high = 0;
    else if (type->kind >= FR_U8 && type->kind <= FR_U64) v.as.u = r >> (64 - bits);
    else v.as.i = (int64_t)r >> (64 - bits);
    if (type->kind == FR_DECIMAL && r & 1 << 20) {
        fr_i128 negative = -(fr_i128)v.as.decimal.low;
        memcpy(&v.as.decimal, &negative, sizeof negative);
    }
    return v;
}

static bool add_random(fr_call *call, fr_builder *builder, const fr_type *type, int null_percent, uint64_t *state)
{
    uint64_t r = fr_test_random(state);
    if (type->kind == FR_NULL || (int)(r % 100) < null_percent) return fr_builder_add_null(call, builder);
    if (fr_kind_is_text(type->kind) || type->kind == FR_BINARY) return add_text(call, builder, type->kind, state);
    if (type->kind == FR_LIST) {
        for (uint64_t n = r / 100 % 4; n; n--)
            if (!add_random(call, fr_builder_child(builder, 0), type->fields[0].type, null_percent, state))
                return false;
        return fr_builder_end_list(call, builder);
    }
    if (type->kind == FR_STRUCT) {
        for (size_t i = 0; i < type->n_fields; i++)
            if (!add_random(call, fr_builder_child(builder, i), type->fields[i].type, null_percent, state))
                return false;
        return fr_builder_end_struct(call, builder);
    }
    return fr_builder_add(call, builder, random_value(type, state));
}

static void drop_builder(fr_builder **slot)
{
    fr_builder_unref(*slot);
}

/* i64 whose values fit the narrower type. */
static fr_column *narrow_column(fr_call *call, const char *narrower, int64_t n, int null_percent, uint64_t seed)
{
    FR_OWNED fr_column *values = fr_test_column(call, narrower, n, null_percent, seed);
    FR_CLEANUP(drop_builder) fr_builder *builder = values ? fr_builder_new(call, fr_type_of(FR_I64), n) : NULL;
    for (int64_t i = 0; builder && i < n; i++) {
        fr_value v = fr_column_value(values, i);
        v.kind = FR_I64;
        if (!(v.valid ? fr_builder_add(call, builder, v) : fr_builder_add_null(call, builder))) return NULL;
    }
    return builder ? fr_builder_finish(call, builder) : NULL;
}

fr_column *fr_test_column(fr_call *call, const char *text, int64_t n, int null_percent, uint64_t seed)
{
    if (!strncmp(text, "narrow ", 7)) return narrow_column(call, text + 7, n, null_percent, seed);
    bool codes = !strcmp(text, "codes");
    if (codes) text = "str";
    FR_OWNED const fr_type *type = fr_type_read(call, text, strlen(text));
    if (!type) return NULL;
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, type, n);
    for (int64_t i = 0; builder && i < n; i++)
        if (!add_random(call, builder, type, null_percent, &seed)) return NULL;
    FR_OWNED fr_column *column = builder ? fr_builder_finish(call, builder) : NULL;
    if (!column || !codes) return fr_steal(column);
    return fr_column_as_codes(call, column);
}

/* ---- row by row -------------------------------------------------------------------------------------------------- */

bool fr_test_add_row(fr_call *call, fr_builder *builder, const fr_column *column, int64_t row)
{
    if (row < 0 || !fr_is_valid(column, row)) return fr_builder_add_null(call, builder);
    if (column->phys == FR_PHYS_LIST) {
        const int64_t *offsets = column->values;
        for (int64_t i = offsets[row]; i < offsets[row + 1]; i++)
            if (!fr_test_add_row(call, fr_builder_child(builder, 0), column->children[0], i)) return false;
        return fr_builder_end_list(call, builder);
    }
    if (column->phys == FR_PHYS_STRUCT) {
        for (size_t i = 0; i < column->n_children; i++)
            if (!fr_test_add_row(call, fr_builder_child(builder, i), column->children[i], row)) return false;
        return fr_builder_end_struct(call, builder);
    }
    return fr_builder_add(call, builder, fr_column_value(column, row));
}

static bool zero_bytes(const void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (((const char *)bytes)[i]) return false;
    return true;
}

static bool null_is_zero(const fr_column *column, int64_t row)
{
    if (column->phys == FR_PHYS_NONE) return true;
    if (column->phys == FR_PHYS_BOOL) return !fr_bit(column->values, row);
    if (column->phys == FR_PHYS_LIST)
        return ((const int64_t *)column->values)[row] == ((const int64_t *)column->values)[row + 1];
    if (column->phys == FR_PHYS_STRUCT) {
        for (size_t i = 0; i < column->n_children; i++)
            if (fr_is_valid(column->children[i], row)) return false;
        return true;
    }
    size_t width = fr_phys_width(column->phys);
    return zero_bytes((const char *)column->values + (size_t)row * width, width);
}

bool fr_test_column_is_sound(const fr_column *column)
{
    int64_t nulls = 0;
    for (int64_t i = 0; i < column->length; i++) {
        if (fr_is_valid(column, i)) continue;
        nulls++;
        if (!null_is_zero(column, i)) return false;
    }
    if (nulls != column->null_count || (nulls == 0) != (column->valid == NULL) || !fr_test_facts_hold(column)) return false;
    for (int64_t i = 0; column->dictionary && i < column->length; i++)
        if (fr_is_valid(column, i) && fr_column_code(column, i) >= column->dictionary->length) return false;
    for (size_t i = 0; i < column->n_children; i++) {
        const fr_column *child = column->children[i];
        if (column->phys == FR_PHYS_STRUCT && child->length != column->length) return false;
        if (!fr_type_equal(child->type, column->type->fields[i].type) || !fr_test_column_is_sound(child)) return false;
    }
    return true;
}

fr_column *const *fr_test_columns(const fr_frame *frame)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    CHECK(fr_frame_settle(&call, frame));
    fr_call_end(&call);
    return frame->columns;
}

fr_column *fr_test_texts_of_numbers(fr_call *call, const char *const begins[3], const int64_t *numbers, int64_t n)
{
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, fr_type_of(FR_STR), n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++) {
        char text[80];
        if (numbers[i] < 0) {
            fine = fr_builder_add_null(call, builder);
            continue;
        }
        const int length = snprintf(text, sizeof text, "%.40s%06lld", begins[numbers[i] % 3], (long long)numbers[i]);
        fine = fr_builder_add_text(call, builder, text, (size_t)length);
    }
    FR_OWNED fr_column *texts = fine ? fr_builder_finish(call, builder) : NULL;
    return texts ? fr_column_as_views(call, texts) : NULL;
}

fr_column *fr_test_texts_of_parts(fr_call *call, const char *const *parts, int64_t n, bool nulls, uint64_t seed)
{
    char room[400];
    size_t n_parts = 0;
    while (parts[n_parts]) n_parts++;
    fr_builder *b = fr_builder_new(call, fr_type_of(FR_STR), n);
    bool ok = b != NULL;
    for (int64_t i = 0; ok && i < n; i++) {
        room[0] = 0;
        for (uint64_t k = fr_test_random(&seed) % 9; k; k--) strcat(room, parts[fr_test_random(&seed) % n_parts]);
        ok = nulls && i % 5 == 2 ? fr_builder_add_null(call, b) : fr_builder_add_text(call, b, room, strlen(room));
    }
    FR_OWNED fr_column *texts = ok ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return texts ? fr_column_as_views(call, texts) : NULL;
}
