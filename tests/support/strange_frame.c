/* strange_frame.c — a column of each type, full of extremes. */
#include "support/strange.h"

#include <math.h>
#include <string.h>

#include "support/columns.h"

static const struct { const char *name, *type; } columns[] = {
    { "b", "bool" },          { "i1", "i8" },            { "i2", "i16" },             { "i4", "i32" },
    { "i8", "i64" },          { "n1", "narrow i8" },     { "n2", "narrow i16" },      { "n4", "narrow i32" },
    { "u1", "u8" },           { "u2", "u16" },           { "u4", "u32" },             { "u8", "u64" },
    { "f4", "f32" },          { "f8", "f64" },           { "s", "str" },              { "co", "codes" },
    { "ca", "cat" },          { "bi", "binary" },        { "d", "date" },             { "tm", "time" },
    { "tn", "time[ns]" },     { "ts", "datetime[s]" },   { "tu", "datetime[us]" },    { "tt", "datetime[ns]" },
    { "be", "datetime[ns, Europe/Berlin]" },             { "ha", "datetime[ms, America/Havana]" },
    { "off", "datetime[us, +05:45]" },                   { "dm", "duration[ms]" },    { "dn", "duration[ns]" },
    { "ds", "duration[s]" },  { "m", "decimal(9,2)" },   { "m0", "decimal(18,0)" },   { "big", "decimal(38,10)" },
    { "nu", "null" },         { "li", "list[i64]" },     { "ls", "list[str]" },       { "lf", "list[f64]" },
    { "ll", "list[list[u8]]" },                          { "st", "struct[a: i32, b: str]" }, { "id", "row" },
};
enum { N_COLUMNS = FR_COUNT_OF(columns) };

static const char *const texts[] = {
    "", " ", "a", "A", "ab", "  a ", "1", "-0", "007", "12.50", "1e3", "nan", "inf", "true", "no", "2024-02-29",
    "2024-02-29 13:45:06.789", "2024-03-10T00:30:00-05:00", "29.02.2024", "13:45", "1d 2h", "Łódź", "straße", "🙂", "İ", "a;b;;c",
    "a-b-c", "twelve bytes", "thirteen byte", "a text of some length that lies in the heap", "a\nb", "\\", "%Y", "'",
    "aaaaaaaaaaaa",
    "9223372036854775808", "-9223372036854775808", "é", "𐐀𐐨", "\357\273\277bom",
};
static const double floats[] = { 0.0, -0.0, 1, -1.5, 0.1, 1e308, -1e308, 5e-324, 2.5, 9007199254740993.0,
                                 9223372036854775808.0, -9223372036854775808.0, 1e16, 18446744073709551616.0, 3, 0.5 };
/* Seconds around what clocks do: Berlin goes forward and back, Havana leaves midnight out, years end, time begins. */
static const int64_t seconds[] = { 0, -1, 1711846800, 1711846799, 1729994400, 1729990800, 1710046800, 1710046799, 1730610000,
                                   951782400, 1735689599, -62135596800, 253402300799, 1709210706, 1720000000, 86400 };

static int64_t awkward_whole(uint64_t r, int bits)
{
    const int64_t most = bits == 64 ? INT64_MAX : ((int64_t)1 << (bits - 1)) - 1;
    switch (r % 16) {
    case 0: return most;
    case 1: return -most - 1;
    case 2: return most - 1;
    case 3: return -most;
    case 4: return 0;
    case 5: return most / 2 + 1;
    default: return (int64_t)(r >> 8 & 15) - 4;
    }
}

static int64_t awkward_time(const fr_type *type, uint64_t r)
{
    static const int64_t per_second[] = { [FR_S] = 1, [FR_MS] = 1000, [FR_US] = 1000000, [FR_NS] = 1000000000 };
    const int64_t unit = type->kind == FR_DATE ? 1 : per_second[type->unit];
    int64_t s = seconds[r >> 8 & 15], ticks;
    switch (type->kind) {
    case FR_DATE:
        if (r % 16 < 2) return r & 1 ? INT32_MAX : INT32_MIN;
        return s / 86400 + (int64_t)(r >> 16 & 3);
    case FR_TIME: return (s % 86400 + 86400) % 86400 * unit + (int64_t)(r >> 16) % unit;
    case FR_DURATION:
        if (r % 16 < 3) return awkward_whole(r, 64);
        return (int64_t)(r >> 20 & 0xFFFF) * (unit > 1000 ? unit / 1000 : 1) * (r & 16 ? -1 : 1);
    default:
        if (r % 16 < 2) return awkward_whole(r, 64);
        return __builtin_mul_overflow(s, unit, &ticks) ? unit : ticks + (r & 32 ? (int64_t)(r >> 16) % unit : 0);
    }
}

static fr_value awkward_value(const fr_type *type, uint64_t r)
{
    fr_value v = { .kind = (uint8_t)type->kind, .valid = true, .unit = (uint8_t)type->unit, .scale = type->scale };
    const int bits = (int)(8 * fr_phys_width(fr_type_phys(type)));
    if (type->kind == FR_BOOL) v.as.i = (int64_t)(r >> 8 & 1);
    else if (fr_kind_is_float(type->kind)) {
        v.as.f = r % 12 == 0 ? (double)NAN : r % 12 == 1 ? HUGE_VAL : r % 12 == 2 ? -HUGE_VAL : floats[r >> 8 & 15];
        if (type->kind == FR_F32) v.as.f = (double)(float)v.as.f;
    } else if (type->kind == FR_DECIMAL) {
        fr_i128 most = 1;
        for (int i = 0; i < type->precision; i++) most *= 10;
        fr_i128 x = r % 16 == 0 ? most - 1 : r % 16 == 1 ? 1 - most : (fr_i128)((int64_t)(r >> 8 & 0x3FF) - 300);
        memcpy(&v.as.decimal, &x, sizeof x);
    } else if (type->kind >= FR_U8 && type->kind <= FR_U64) {
        const uint64_t most = UINT64_MAX >> (64 - bits);
        v.as.u = r % 16 == 0 ? most : r % 16 == 1 ? most / 2 + 1 : r % 16 == 2 ? most / 2 : r >> 8 & 7;
    } else if (fr_kind_is_temporal(type->kind)) v.as.i = awkward_time(type, r);
    else v.as.i = awkward_whole(r, bits);
    return v;
}

static bool add(fr_call *call, fr_builder *builder, const fr_type *type, uint64_t *state)
{
    const uint64_t r = fr_test_random(state);
    if (type->kind == FR_NULL || r % 7 == 0) return fr_builder_add_null(call, builder);
    if (fr_kind_is_text(type->kind) || type->kind == FR_BINARY) {
        if (r % 41 == 0) return fr_builder_add_text(call, builder, "a\0b", 3);
        const char *text = texts[(r >> 8) % FR_COUNT_OF(texts)];
        return fr_builder_add_text(call, builder, text, strlen(text));
    }
    if (type->kind == FR_LIST) {
        for (uint64_t n = r / 64 % 4; n; n--)
            if (!add(call, fr_builder_child(builder, 0), type->fields[0].type, state)) return false;
        return fr_builder_end_list(call, builder);
    }
    if (type->kind == FR_STRUCT) {
        for (size_t i = 0; i < type->n_fields; i++)
            if (!add(call, fr_builder_child(builder, i), type->fields[i].type, state)) return false;
        return fr_builder_end_struct(call, builder);
    }
    return fr_builder_add(call, builder, awkward_value(type, r >> 3));
}

/* i64 values that fit so many bits, so that the column lies narrow. */
static bool add_narrow(fr_call *call, fr_builder *builder, int bits, uint64_t *state)
{
    const uint64_t r = fr_test_random(state);
    return r % 7 == 0 ? fr_builder_add_null(call, builder)
                      : fr_builder_add(call, builder, fr_v_i64(awkward_whole(r >> 3, bits)));
}

static fr_column *column_of(fr_call *call, const char *text, int64_t n, uint64_t *state)
{
    if (!strcmp(text, "row")) text = "i64", state = NULL;
    const bool codes = !strcmp(text, "codes"), narrow = !strncmp(text, "narrow i", 8);
    const char *type_text = codes ? "str" : narrow ? "i64" : text;
    const int bits = !narrow ? 0 : text[8] == '8' ? 8 : text[8] == '1' ? 16 : 32;
    FR_OWNED const fr_type *type = fr_type_read(call, type_text, strlen(type_text));
    fr_builder *builder = type ? fr_builder_new(call, type, n) : NULL;
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++)
        fine = !state   ? fr_builder_add(call, builder, fr_v_i64(i))
               : narrow ? add_narrow(call, builder, bits, state)
                        : add(call, builder, type, state);
    FR_OWNED fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column && codes ? fr_column_as_codes(call, column) : fr_steal(column);
}

fr_frame *fr_strange_frame(fr_call *call, int64_t n, uint64_t seed)
{
    const char *names[N_COLUMNS];
    fr_column *all[N_COLUMNS] = { NULL };
    bool fine = true;
    for (size_t i = 0; fine && i < N_COLUMNS; i++) {
        names[i] = columns[i].name;
        fine = (all[i] = column_of(call, columns[i].type, n, &seed)) != NULL;
    }
    fr_frame *frame = fine ? fr_frame_of(call, NULL, names, all, N_COLUMNS, n) : NULL;
    for (size_t i = 0; i < N_COLUMNS; i++) fr_column_unref(all[i]);
    return frame;
}
