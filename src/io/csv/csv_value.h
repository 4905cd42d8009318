/* csv_value.h — what one field says: its class, and its value (csv_value.c, csv_typed.c).
 *
 * The type of a column is a function of the set of classes its fields have, so it depends neither on their order nor on
 * who read them: classes are bits, columns collect them, fr_csv_type_of decides.
 */
#ifndef FR_IO_CSV_VALUE_H
#define FR_IO_CSV_VALUE_H

#include "io/csv/csv_options.h"

typedef enum fr_csv_class {
    FR_CSV_EMPTY        = 1,         /* nothing, or a word of .na_values: null in every column                          */
    FR_CSV_NA_WORD      = 2,         /* NaN, NULL, N/A …: null unless the column is text                                */
    FR_CSV_EMPTY_QUOTED = 4,         /* "": null unless the column is text                                              */
    FR_CSV_BOOL         = 8,
    FR_CSV_INT          = 16,        /* fits i64                                                                        */
    FR_CSV_NEGATIVE     = 32,        /* … and is negative; always together with INT                                     */
    FR_CSV_UINT         = 64,        /* fits only u64                                                                   */
    FR_CSV_BIG          = 128,       /* an integer of up to 38 digits                                                   */
    FR_CSV_FLOAT        = 256,
    FR_CSV_DATE         = 512,
    FR_CSV_DATETIME     = 1024,
    FR_CSV_ZONED        = 2048,      /* a datetime with Z or an offset                                                  */
    FR_CSV_TEXT         = 4096,
    FR_CSV_HUGE         = 8192,      /* an integer of more than 38 digits, which f64 can hold, if not exactly           */
} fr_csv_class;
#define FR_CSV_VALUES (FR_CSV_BOOL | FR_CSV_INT | FR_CSV_UINT | FR_CSV_BIG | FR_CSV_FLOAT | FR_CSV_DATE | FR_CSV_DATETIME | \
                       FR_CSV_ZONED | FR_CSV_TEXT | FR_CSV_HUGE)

/* One field of one record. Its text is final: quotes are gone, escapes are resolved. */
typedef struct fr_csv_field {
    const char *text;
    uint32_t    length;
    uint32_t    quoted;              /* 0 or 1; no byte of a field is padding: kernels load whole ones                  */
} fr_csv_field;

typedef struct fr_csv_scalar {
    uint32_t class_;                 /* fr_csv_class bits                                                               */
    union { int64_t i; uint64_t u; double f; fr_i128 big; } as;       /* dates: days; datetimes: µs; bool: 0 or 1      */
} fr_csv_scalar;

/* How fields are read; borrowed from the options. */
typedef struct fr_csv_rules {
    char                decimal, thousands;
    bool                default_na, quoted_is_string;
    bool                na_like_number;      /* some word of na could be taken for a number                            */
    const fr_csv_words *na, *yes, *no;
} fr_csv_rules;
fr_csv_rules fr_csv_rules_of(const fr_csv_options *options);

void fr_csv_classify(const fr_csv_rules *rules, const fr_csv_field *field, fr_csv_scalar *out);
/* True for fields that are null whatever the column's type. */
static inline bool fr_csv_is_null(const fr_csv_rules *rules, const fr_csv_field *field)
{
    if (field->quoted || (field->length && !rules->na->n)) return false;
    return field->length == 0 || fr_csv_words_find(rules->na, field->text, field->length) >= 0;
}
/* True for the words that are null in number, bool and date columns. */
bool fr_csv_is_na_word(const fr_csv_rules *rules, const fr_csv_field *field);

/* The kind a column of these classes has; FR_DATETIME with ZONED means UTC. */
fr_kind fr_csv_kind_of(uint32_t seen);
/* The same as an owned type; NULL on failure. */
const fr_type *fr_csv_type_of(fr_call *call, uint32_t seen) FR_MUST_USE;

/* ---- declared types (csv_typed.c) ------------------------------------------------------------------------------------- */
typedef enum fr_csv_read_result { FR_CSV_READ, FR_CSV_READ_NULL, FR_CSV_READ_WRONG } fr_csv_read_result;

/* Read a field as a value of a fixed-width type into `out`, which has room for its layout (bool: one byte). */
fr_csv_read_result fr_csv_read_typed(const fr_csv_rules *rules, const fr_type *type, const fr_csv_field *field, void *out);

/* ---- pieces ----------------------------------------------------------------------------------------------------------- */
/* Blanks at both ends taken off (numbers, words and dates; never text). */
fr_csv_field fr_csv_trimmed(const fr_csv_field *field);
/* ISO 8601; class_ is DATE, DATETIME or ZONED, or 0 when it is none. Zoned ones are converted to UTC. The fraction of a
 * second is given in nanoseconds beside the microseconds of `out`. */
bool fr_csv_read_iso(const char *text, size_t n, fr_csv_scalar *out, int32_t *nanoseconds);
/* An integer with sign, without blanks; false when it is none or has more than 38 digits. Leading zeros are reported. */
bool fr_csv_read_integer(const fr_csv_rules *rules, const char *text, size_t n, fr_i128 *out, bool *leading_zero);
bool fr_csv_read_float(const fr_csv_rules *rules, const char *text, size_t n, double *out, bool *leading_zero);
/* Rounded once, from the digits: through double it would be rounded twice. */
bool fr_csv_read_float32(const fr_csv_rules *rules, const char *text, size_t n, float *out);

#endif
