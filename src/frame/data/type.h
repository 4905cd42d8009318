/* type.h — the type tree inside: what a column's values mean (fr_type) and how they lie in memory (fr_phys).
 *
 * Twenty kinds of meaning rest on few physical layouts: a date is i32, a datetime i64, a decimal i64 or i128, text is a
 * 16-byte view or an unsigned code into a dictionary. Kernels see layouts, the checker of expressions sees types.
 * Types are counted objects; the ones without parameters are immortal, so most code never counts them.
 */
#ifndef FR_DATA_TYPE_H
#define FR_DATA_TYPE_H

#include <frame/type.h>

#include "base/object.h"

typedef enum fr_phys {
    FR_PHYS_NONE,                                                     /* null columns: no values at all */
    FR_PHYS_BOOL,                                                     /* one bit a value, LSB first */
    FR_PHYS_I8, FR_PHYS_I16, FR_PHYS_I32, FR_PHYS_I64,
    FR_PHYS_U8, FR_PHYS_U16, FR_PHYS_U32, FR_PHYS_U64,
    FR_PHYS_F32, FR_PHYS_F64,
    FR_PHYS_I128,
    FR_PHYS_VIEW,                                                     /* fr_view: 16 bytes, text or binary */
    FR_PHYS_LIST,                                                     /* int64 offsets[length + 1] into one child */
    FR_PHYS_STRUCT,                                                   /* children only */
    FR_PHYS_COUNT
} fr_phys;

/* The ten number layouts, for tables of kernels: X(TAG, suffix, C type) */
#define FR_NUMBER_LAYOUTS(X)                                                                                  \
    X(I8, i8, int8_t) X(I16, i16, int16_t) X(I32, i32, int32_t) X(I64, i64, int64_t) X(U8, u8, uint8_t)        \
    X(U16, u16, uint16_t) X(U32, u32, uint32_t) X(U64, u64, uint64_t) X(F32, f32, float) X(F64, f64, double)

typedef struct fr_field {
    const char    *name;          /* owned by the schema or type */
    const fr_type *type;          /* owned reference */
    bool           nullable;
    const char    *metadata;      /* Arrow's key-value encoding, NULL for none; owned */
    size_t         metadata_bytes;
} fr_field;

struct fr_type {
    fr_object   object;
    fr_kind     kind;
    fr_unit     unit;             /* time, datetime, duration */
    uint8_t     precision;        /* decimal */
    int8_t      scale;            /* decimal */
    char       *zone;             /* datetime; NULL: no zone (wall-clock time); owned */
    size_t      n_fields;         /* list: 1; struct: its fields */
    fr_field   *fields;           /* owned array */
};

extern const fr_class fr_type_class;

/* Immortal types: those without parameters, and time, datetime and duration in microseconds. Never fails (other kinds
 * give the null type). */
FR_PRIVATE const fr_type *fr_type_of(fr_kind kind);
/* The others: owned references, NULL on failure. */
const fr_type *fr_type_time(fr_call *call, fr_unit unit) FR_MUST_USE;
FR_PRIVATE const fr_type *fr_type_datetime(fr_call *call, fr_unit unit, const char *zone) FR_MUST_USE;
const fr_type *fr_type_duration(fr_call *call, fr_unit unit) FR_MUST_USE;
const fr_type *fr_type_decimal(fr_call *call, int precision, int scale) FR_MUST_USE;
const fr_type *fr_type_list(fr_call *call, const fr_type *item) FR_MUST_USE;
const fr_type *fr_type_struct(fr_call *call, const fr_field *fields, size_t n) FR_MUST_USE;
const fr_type *fr_type_read(fr_call *call, const char *text, size_t n) FR_MUST_USE;   /* "decimal(18,2)" */
FR_PRIVATE const fr_type *fr_type_ref(const fr_type *type);
void           fr_type_unref(const fr_type *type);

/* A copy of a field: name and metadata copied, type referenced. */
bool           fr_field_copy(fr_call *call, fr_field *out, const fr_field *field) FR_MUST_USE;
void           fr_field_clear(fr_context *context, fr_field *field);
/* The same of n, in a block for `room` of them, of which the others are zero; NULL on failure. room = 0 gives a valid block. */
fr_field      *fr_fields_copy(fr_call *call, const fr_field *fields, size_t n, size_t room) FR_MUST_USE;
void           fr_fields_free(fr_context *context, fr_field *fields, size_t n);

/* The layout a type has when nothing chose another (str: VIEW; cat: U32). */
fr_phys fr_type_phys(const fr_type *type);
size_t  fr_phys_width(fr_phys phys);         /* bytes of a value; 0 for bits, lists, structs, nothing */

static inline bool fr_kind_is_integer(fr_kind kind) { return kind >= FR_I8 && kind <= FR_U64; }
static inline bool fr_kind_is_signed(fr_kind kind) { return kind >= FR_I8 && kind <= FR_I64; }
static inline bool fr_kind_is_float(fr_kind kind) { return kind == FR_F32 || kind == FR_F64; }
static inline bool fr_kind_is_number(fr_kind kind) { return (kind >= FR_I8 && kind <= FR_F64) || kind == FR_DECIMAL; }
static inline bool fr_kind_is_text(fr_kind kind) { return kind == FR_STR || kind == FR_CAT; }
static inline bool fr_kind_is_temporal(fr_kind kind) { return kind >= FR_DATE && kind <= FR_DURATION; }

/* Is a number of ticks a time of day, from midnight to the last tick before the next? */
static inline bool fr_is_time_of_day(fr_unit unit, int64_t ticks)
{
    static const int64_t per_second[] = { [FR_US] = 1000000, [FR_S] = 1, [FR_MS] = 1000, [FR_NS] = 1000000000 };
    return ticks >= 0 && ticks < 86400 * per_second[unit];
}

/* Type texts for messages: written into `room`, returned. */
#define FR_TYPE_TEXT_BYTES 96
FR_PRIVATE const char *fr_type_name(const fr_type *type, char room[FR_TYPE_TEXT_BYTES]);

/* A bind value's name (NULL: it has none), and the value without it. */
static inline const char *fr_value_name(const fr_value *value)
{
    return value->kind & FR_NAMED ? value->as.named.name : NULL;
}
static inline fr_value fr_value_unnamed(fr_value value)
{
    if (!(value.kind & FR_NAMED)) return value;
    value.kind &= FR_NAMED - 1;
    value.as.named.name = NULL;
    if (value.kind != FR_DECIMAL) return value;
    value.as.decimal.high = (int32_t)value.length;
    value.length = 0;
    return value;
}

#endif
