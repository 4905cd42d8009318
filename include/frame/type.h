/* type.h — data types, a closed tree, and single values.
 *
 * A type is written the same everywhere (C, expressions, job files, the shell, Python):
 *
 *     i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 bool str cat binary date time null
 *     datetime[us]   datetime[ns, Europe/Berlin]   duration[ms]   decimal(18,2)
 *     list[i64]      struct[name: str, tags: list[str]]
 *
 * int64, float64, string, category … are accepted as well. Every type may hold nulls; a null never changes a type.
 */
#ifndef FRAME_TYPE_H
#define FRAME_TYPE_H

#include <frame/base.h>

FR_BEGIN_DECLS

typedef enum fr_kind {
    FR_NULL,       /* only nulls                                                   */
    FR_BOOL,
    FR_I8, FR_I16, FR_I32, FR_I64,
    FR_U8, FR_U16, FR_U32, FR_U64,
    FR_F32, FR_F64,
    FR_STR,        /* UTF-8 text                                                   */
    FR_CAT,        /* text from a dictionary (pandas' category)                    */
    FR_BINARY,     /* bytes                                                        */
    FR_DATE,       /* days since 1970-01-01 in int32                               */
    FR_TIME,       /* time of day since midnight in int64, in the type's unit      */
    FR_DATETIME,   /* since 1970-01-01 00:00 UTC in int64, in the type's unit      */
    FR_DURATION,   /* int64, in the type's unit                                    */
    FR_DECIMAL,    /* value × 10^scale in int64 (precision ≤ 18) or int128 (≤ 38)  */
    FR_LIST,
    FR_STRUCT,
    FR_KIND_COUNT
} fr_kind;

typedef enum fr_unit { FR_US, FR_S, FR_MS, FR_NS } fr_unit;   /* zero, the default, is microseconds */

/* One value on its own: a bind parameter, a fill value, a cell. It owns nothing: texts are borrowed. */
typedef struct fr_value {
    uint8_t  kind;       /* fr_kind; FR_I64, FR_U64, FR_F64, FR_BOOL, FR_STR, FR_BINARY, FR_DATE, FR_DATETIME …  */
    bool     valid;      /* false: null                                                                         */
    uint8_t  unit;       /* fr_unit of time, datetime and duration                                              */
    int8_t   scale;      /* of a decimal                                                                        */
    uint32_t length;     /* bytes of text; 1 in fr_v_null(), which all zeros, a value left out, is not           */
    union {
        int64_t  i;      /* i8…i64, date, time, datetime, duration, bool as 0/1                                  */
        uint64_t u;
        double   f;
        const char *s;   /* `length` bytes; no zero behind them unless the function that gives it says so        */
        struct { uint64_t low; int64_t high; } decimal;
        struct { uint64_t word; const char *name; } named;   /* kind | FR_NAMED: a bind value with a name        */
    } as;
} fr_value;
#define FR_NAMED 0x80

/** The kind of a type. Cost O(1). */
FR_API fr_kind fr_type_kind(const fr_type *type);

/**
 * Read a type as it is written above.
 *
 * Cost     O(length).
 * Returns  a type the caller owns; in error state when the text is not a type.
 * Errors   SYNTAX with the position.
 */
FR_API fr_type *fr_type_parse(const char *text);

/** Write a type as above; returns the length of the full text (as snprintf). Cost O(length). */
FR_API size_t fr_type_text(const fr_type *type, char *text, size_t n);

/** True when both are the same type in every part. Cost O(size of the tree). */
FR_API bool fr_type_equal(const fr_type *a, const fr_type *b);

/** Values for bind parameters: the null, and one per C type. Cost O(1). */
static inline fr_value fr_v_null(void) { fr_value v = { FR_NULL, false, 0, 0, 1, { 0 } }; return v; }
static inline fr_value fr_v_i64(int64_t x) { fr_value v = { FR_I64, true, 0, 0, 0, { 0 } }; v.as.i = x; return v; }
static inline fr_value fr_v_u64(uint64_t x) { fr_value v = { FR_U64, true, 0, 0, 0, { 0 } }; v.as.u = x; return v; }
static inline fr_value fr_v_f64(double x) { fr_value v = { FR_F64, true, 0, 0, 0, { 0 } }; v.as.f = x; return v; }
static inline fr_value fr_v_bool(bool x) { fr_value v = { FR_BOOL, true, 0, 0, 0, { 0 } }; v.as.i = x; return v; }
static inline fr_value fr_v_text(const char *x, size_t n)
{
    fr_value v = { FR_STR, x != NULL, 0, 0, 0, { 0 } };
    v.length = (uint32_t)n;
    v.as.s = x;
    return v;
}
static inline fr_value fr_v_str(const char *x) { return fr_v_text(x, x ? __builtin_strlen(x) : 0); }
static inline fr_value fr_v_value(fr_value x) { return x; }

/** A bind value with a name, for the parameter :name. The name is borrowed; a decimal that has one has at most 28 digits.
 * Cost O(1). */
static inline fr_value fr_v_named(const char *name, fr_value x)
{
    const bool is_decimal = x.kind == FR_DECIMAL;
    if (!name || (is_decimal && x.as.decimal.high != (int32_t)x.as.decimal.high))
        x.kind = FR_NAMED | FR_KIND_COUNT;                                     /* no kind: refused when it is used */
    else x.kind |= FR_NAMED;
    if (is_decimal) x.length = (uint32_t)x.as.decimal.high;                    /* its place is the name's */
    x.as.named.name = name;
    return x;
}

#ifndef __cplusplus
#define fr_v(x)                                                                                               \
    _Generic((x), bool: fr_v_bool, signed char: fr_v_i64, short: fr_v_i64, int: fr_v_i64, long: fr_v_i64,      \
             long long: fr_v_i64, unsigned char: fr_v_u64, unsigned short: fr_v_u64, unsigned: fr_v_u64,       \
             unsigned long: fr_v_u64, unsigned long long: fr_v_u64, float: fr_v_f64, double: fr_v_f64,         \
             char *: fr_v_str, const char *: fr_v_str, fr_value: fr_v_value)(x)
#define fr_named(name, x) fr_v_named(name, fr_v(x))
#endif

FR_END_DECLS

#endif
