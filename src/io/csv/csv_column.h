/* csv_column.h — one column while it is being read: where its values go, what its fields were (csv_column.c).
 *
 * Workers write values straight to their final rows. Nulls are collected in a bitmap of ones (inverted at the end), bools in
 * bytes (packed at the end). What a column's fields were (`seen`) decides its type; a field that does not fit the type it is
 * being read as marks the column, and it is read again when the type is known.
 */
#ifndef FR_IO_CSV_COLUMN_H
#define FR_IO_CSV_COLUMN_H

#include "io/csv/csv_codes.h"
#include "io/csv/csv_fields.h"
#include "io/csv/csv_text.h"

typedef struct fr_csv_facts {            /* per worker; merged at the end, so order cannot matter                       */
    union { int64_t i; uint64_t u; double f; } min, max;    /* of formed texts: bits that all have, and that some have  */
    bool     any, has_nan;
    uint8_t  apart_[46];                 /* 64 bytes each: workers do not write to one another's cache line             */
} fr_csv_facts;

typedef struct fr_csv_spill {            /* per worker: blocks wider than the column has room for (csv_packed.c)        */
    uint64_t *words;                     /* owned: row, rows, values; the next block …                                  */
    size_t    n, capacity;
    uint64_t  apart_[5];
} fr_csv_spill;

typedef struct fr_csv_column {
    const char      *name;
    size_t           place;              /* in the file                                                                 */
    const fr_type   *type;               /* owned reference: what it is being read as                                   */
    bool             declared;           /* the type was asked for; fields that do not fit are bad values               */
    bool             coded, decided;     /* text as codes, for now or (decided) to the end                              */
    uint8_t          packed_width;       /* bytes of a code or integer in `values`: as few as those before the window
                                            needed                                                                      */
    fr_csv_spill    *spills;             /* owned; one per worker                                                       */
    _Atomic(bool)    spilled;            /* some of them hold something                                                 */
    struct fr_form  *form;               /* owned reference; text as numbers (csv_formed.h): it is not coded then       */
    uint8_t          digits;             /* set: f64 as whole numbers of so many digits (csv_scaled.h), which are packed */
    bool             as_cat;             /* text becomes cat                                                            */
    bool             settled;            /* the type was found beforehand; the same goes for fields that do not fit     */
    _Atomic(bool)    misfit;             /* some field did not fit an inferred type                                     */
    int              date_shape;         /* fr_date_shape its dates are spelt in (csv_dates.h), -1: no such column      */
    int64_t          n_dates;            /* of its texts                                                                */
    bool             late;               /* it must be read again from the beginning                                    */
    _Atomic(uint32_t) seen;              /* fr_csv_class bits                                                           */
    uint32_t         seen_before;        /* the same, before the current window                                         */
    _Atomic(int64_t) n_nulls;
    int64_t          capacity;           /* rows there is room for                                                      */
    fr_buffer       *values;             /* owned; NULL for type null                                                   */
    fr_buffer       *nulls;              /* owned; one bit a row                                                        */
    fr_csv_facts    *facts;              /* owned; one per worker                                                       */
    size_t           n_workers;
    fr_csv_text      text;               /* str, cat and binary: long texts                                             */
    fr_csv_codes     codes;              /* while coded                                                                 */
    fr_csv_merged    merged;             /* at the end, if it stays coded: what its codes become …                      */
    fr_buffer       *final_codes;        /* … and where they go, which may be `values`; owned, NULL: not so              */
    uint8_t          final_width;
} fr_csv_column;

/* Begin (again) to read the column as `type`, of which it takes a reference, with room for `rows`. */
bool fr_csv_column_begin(fr_call *call, fr_csv_column *column, const fr_type *type, int64_t rows) FR_MUST_USE;
/* Room for `rows` rows; `expected` is a guess of how many there will be in the end. */
bool fr_csv_column_reserve(fr_call *call, fr_csv_column *column, int64_t rows, int64_t expected) FR_MUST_USE;
/* Where the value of a row goes, in a column that is not packed. */
void *fr_csv_column_at(const fr_csv_column *column, int64_t row);
/* Mark rows row + i as null for the set bits i of `bits`. Any thread. */
void fr_csv_column_mark_nulls(fr_csv_column *column, int64_t row, const uint64_t *bits, size_t n);
/* The rows up to `row` are null in a column that begins there. */
bool fr_csv_column_skip(fr_call *call, fr_csv_column *column, int64_t row) FR_MUST_USE;
/* Once FR_CSV_DECIDE_ROWS rows are there: do the texts repeat, so that codes are worth it, or are they better as views? The
 * answer depends on those rows and on how many are expected in all, not on who reads them. */
#ifndef FR_CSV_DECIDE_ROWS             /* a test build makes them few */
#define FR_CSV_DECIDE_ROWS 262144
#endif
/* Are the numbers of f64 so short that whole ones do as well (csv_scaled.h)? */
bool fr_csv_column_decide(fr_call *call, fr_csv_column *column, int64_t rows, int64_t expected) FR_MUST_USE;
/* All rows are there. The dictionaries of the workers become one, if it is worth it; then the codes have to be settled, so
 * many parts of them, in any order and by any thread; then the column is finished. */
bool fr_csv_column_merge(fr_call *call, fr_csv_column *column, int64_t rows) FR_MUST_USE;
size_t fr_csv_column_parts(const fr_csv_column *column);
void fr_csv_column_settle(const fr_csv_column *column, size_t part);
fr_column *fr_csv_column_finish(fr_call *call, fr_csv_column *column, int64_t rows) FR_MUST_USE;
void fr_csv_column_clear(fr_call *call, fr_csv_column *column);

/* ---- packed columns (csv_packed.c) -------------------------------------------------------------------------------------- */
struct fr_csv_block;
/* Columns of codes, of i64 and of scaled f64 are packed. */
bool fr_csv_column_is_packed(const fr_csv_column *column);
/* A block is converted: its values follow those before, as narrow as they are. Any thread. */
bool fr_csv_column_keep(fr_call *call, fr_csv_column *column, const struct fr_csv_block *block) FR_MUST_USE;
/* A window is done, and `rows` rows are: what was too wide for the column finds room there. */
bool fr_csv_column_unspill(fr_call *call, fr_csv_column *column, int64_t rows) FR_MUST_USE;
/* Room in a worker's spill for values of a block, of so many bytes; NULL: failed. All such blocks to their rows. */
void *fr_csv_spill_room(fr_call *call, fr_csv_spill *spill, const struct fr_csv_block *block, size_t width);
void  fr_csv_spill_take(const fr_csv_spill *spill, size_t width, void *values);
/* The layout of whole numbers of so many bytes. */
static inline fr_phys fr_csv_packed_phys(size_t width)
{
    return width == 1 ? FR_PHYS_I8 : width == 2 ? FR_PHYS_I16 : width == 4 ? FR_PHYS_I32 : FR_PHYS_I64;
}
bool fr_csv_spills_begin(fr_call *call, fr_csv_column *column) FR_MUST_USE;
void fr_csv_spills_clear(fr_csv_column *column, fr_context *context);

/* ---- loops (csv_convert.c) ---------------------------------------------------------------------------------------------- */
#define FR_CSV_BLOCK_ROWS 1024

typedef struct fr_csv_block {            /* some fields of one column                                                   */
    fr_csv_fields       fields;
    size_t              n;               /* at most FR_CSV_BLOCK_ROWS                                                   */
    int64_t             row;             /* of fields[0]                                                                */
    size_t              worker;
    int64_t            *room;            /* packed columns: n values of 32 (codes) or 64 bits go here                   */
    uint64_t            nulls[FR_CSV_BLOCK_ROWS / 64];         /* out: set for null                                     */
    uint64_t            left[FR_CSV_BLOCK_ROWS / 64];          /* numbers: set for what the first call left to be read  */
    bool                any_null;        /* out                                                                         */
    uint32_t            seen;            /* out                                                                         */
} fr_csv_block;

static inline void fr_csv_block_null(fr_csv_block *block, size_t i)
{
    block->nulls[i / 64] |= (uint64_t)1 << (i % 64);
    block->any_null = true;
}

/* Convert fields[from …] of the block into the column. → the index of the first field that does not fit its type, or
 * block->n. SIZE_MAX: failed. */
size_t fr_csv_convert(fr_call *call, const fr_csv_rules *rules, fr_csv_column *column, fr_csv_block *block, size_t from);

#endif
