/* table.h — frames and columns: making them from C arrays, looking into them.
 *
 * A frame is a list of named columns of one length. Columns are contiguous buffers laid out as Apache Arrow lays them
 * out, with one validity bit per row where nulls exist; values under a null are zero.
 *
 *     int64_t quantity[] = { 3, 1, 2 };
 *     double  price[]    = { 9.99, 5.00, 7.50 };
 *     fr_auto(frame) sales = fr_frame_new(3, fr_array("quantity", FR_I64, quantity), fr_array("price", FR_F64, price));
 *     for (int64_t row = 0; row < fr_length(sales); row++) total += fr_get(sales, row, "price").as.f;
 *
 * The rows of a concat stay where they are until a column is needed in one piece: then that column is copied, alone and
 * once. Length, names, types, nulls, equality, a printed table, head, tail, slice, select, drop, rename and another
 * concat need no copy of the whole; until there is one, the columns that were put together are kept in memory.
 * fr_collect copies what is left. The left columns of a join that drops no more than half of its rows are the same: until
 * one is needed, the left frame's column is kept in memory, also when that frame is not.
 */
#ifndef FRAME_TABLE_H
#define FRAME_TABLE_H

#include <frame/error.h>
#include <frame/type.h>

FR_BEGIN_DECLS

/* ---- from arrays ------------------------------------------------------------------------------------------------ */
/* One array to become a column. `values` has the C type of `kind`: int64_t for FR_I64, double for FR_F64, bool for
 * FR_BOOL, const char * for FR_STR (NULL is a null), int32_t days for FR_DATE, int64_t for FR_DATETIME. */
typedef struct fr_array_spec {
    const char    *name;
    uint32_t       kind;          /* fr_kind                                                                          */
    uint32_t       unit;          /* fr_unit of datetimes and durations                                               */
    const void    *values;
    const uint8_t *valid;         /* NULL: no nulls; else one byte a row, 0 for null                                  */
    void         (*release)(void *owner);   /* NULL: the values are copied; else they are used in place and this is   */
    void          *owner;                   /* called once, with owner, when the last column that uses them has gone  */
    const char    *zone;          /* time zone of a datetime, NULL for none                                           */
    uint64_t       room_[1];
} fr_array_spec;

/**
 * Make a frame of `n_rows` rows from C arrays.
 *
 * Shape    n_arrays arrays of n_rows values -> n_rows × n_arrays.
 * Types    bool, integers, floats, str, binary as str, date, time, datetime, duration.
 * Nulls    where `valid` is 0; NULL strings. NaN is kept as a value.
 * Cost     O(rows); in place (no copy) for an array with `release`, except bool and str.
 * Returns  a frame the caller owns.
 * Errors   ARGUMENT for a missing name or array, a kind that arrays cannot hold; VALUE for a duplicate name, a time beyond its day;
 *          ENCODING for text that is not UTF-8. On error nothing is taken over and no `release` is called.
 */
FR_API fr_frame *fr_frame_from_arrays(int64_t n_rows, const fr_array_spec *arrays, size_t n_arrays,
                                      fr_context *context);
#ifndef __cplusplus
#define fr_array(name_, kind_, ...) ((fr_array_spec){ .name = (name_), .kind = (kind_), .values = __VA_ARGS__ })
#define fr_frame_new(n_rows, ...)                                                                              \
    fr_frame_from_arrays((n_rows), (const fr_array_spec[]){ __VA_ARGS__ },                                     \
                         sizeof((const fr_array_spec[]){ __VA_ARGS__ }) / sizeof(fr_array_spec), NULL)
#endif

/* ---- looking in ------------------------------------------------------------------------------------------------- */

/** Rows of a frame; 0 for an errored frame or NULL, -1 for a scan (rows not known yet). Cost O(1). */
FR_API int64_t fr_length(const fr_frame *frame);

/** Columns of a frame; 0 for an errored frame or NULL. Cost O(1). */
FR_API size_t fr_width(const fr_frame *frame);

/** Name of column `index`, or NULL when there is none. Cost O(1). Returns lent. */
FR_API const char *fr_name(const fr_frame *frame, size_t index);

/** Index of the column called `name`, or -1. Cost O(1) on average. */
FR_API int64_t fr_find(const fr_frame *frame, const char *name);

/** Type of column `index`, or NULL when there is none. Cost O(1). Returns lent. */
FR_API const fr_type *fr_type_at(const fr_frame *frame, size_t index);

/**
 * One cell.
 *
 * Nulls    .valid is false for nulls, for rows and columns that do not exist and for errored frames (.kind is FR_NULL
 *          in the latter cases).
 * Cost     O(1); where a column of a concat, a join or a read file is asked for first, perhaps one copy of it. When there is
 *          no memory for that, the cell is read where it lies; a text that lies nowhere as such is then made beyond the
 *          context's budget, and where not even 2 KB are to be had, .valid is false and .kind FR_NULL.
 * Returns  a value; its text is lent by the frame.
 */
FR_API fr_value fr_get(const fr_frame *frame, int64_t row, const char *column);
FR_API fr_value fr_get_at(const fr_frame *frame, int64_t row, size_t column);

/**
 * The values of a fixed-width column as a C array.
 *
 * Types    exactly `kind`; nothing is converted.
 * Nulls    their values are zero; `valid`, when not NULL, receives the validity bitmap (LSB first; NULL when there are
 *          no nulls).
 * Cost     O(1), no copy; of a column of i64 that is stored narrower, and of one of a concat, one copy when it is asked
 *          for first, which stays with the column.
 * Returns  lent by the frame; NULL when there is no such column, it is of another type, or memory is short.
 */
FR_API const void *fr_values(const fr_frame *frame, const char *column, fr_kind kind, const uint64_t **valid);

/** Nulls in column `index`. Cost O(1). */
FR_API int64_t fr_null_count(const fr_frame *frame, size_t index);

/**
 * Names and types of a frame's columns (of a scan as well).
 *
 * Cost     O(columns); for a scan whose types are not known yet, one pass over the file.
 * Returns  a schema the caller owns.
 */
FR_API fr_schema *fr_schema_of(const fr_frame *frame);
#define fr_schema(frame) fr_schema_of(frame)

/** True when both frames have the same names, types, nulls and values (floats bit by bit, NaN equal to NaN). Cost
 * O(cells). */
FR_API bool fr_equal(const fr_frame *a, const fr_frame *b);

/**
 * The same data (or the same scan) under another context; later results inherit it.
 *
 * Cost     O(columns), no data is copied.
 * Returns  a frame the caller owns.
 */
FR_API fr_frame *fr_with_context(const fr_frame *frame, fr_context *context);

/* ---- the account ------------------------------------------------------------------------------------------------ */
/**
 * What happened to the rows so far: one row per loading or cleaning step; of a concat or join those of all its frames,
 * each step once. `joined` are steps of tables that were joined to this one: they are not part of its sum
 * (rows in = rows kept + duplicates + rejected + filtered).
 *
 * Shape    one row a step: step str, rows_in i64, rows_kept i64, duplicates i64, rejected i64, filtered i64,
 *          filled i64 (cells), converted i64 (cells), note str, joined bool.
 * Cost     O(steps).
 * Returns  a frame the caller owns.
 */
FR_API fr_frame *fr_account(const fr_frame *frame);

/**
 * An account as a sum in words: "50,000 in = 49,857 kept + 127 duplicates + 16 rejected ✓". Rows that came in are those of
 * all files read, without one those of the first step; in place of ✓ stands what keeps the sum from being one, steps such as
 * group that make new rows. A second line tells what tables joined to this one lost: "joined tables: 3 in, 1 rejected".
 *
 * Cost     O(steps).
 * Returns  the length of the full text (as snprintf), 0 for no steps; `text` is always terminated when n > 0.
 */
FR_API size_t fr_account_text(const fr_frame *account, char *text, size_t n);

/** Rows that a reader or a cleaning step put aside: line i64, column str, reason str, text str, file str; of a row that came
 * from no file, or was put in another order, line and file are null. Cost O(1). Returns owned. */
FR_API fr_frame *fr_rejects(const fr_frame *frame);

/**
 * Number of warnings a frame carries (at most 100), and the text of one, lent: fractions that a cast cuts, a comparison
 * with null, a header that was guessed … What the reader and all steps before had to say, in the order of the steps, whatever
 * number of threads ran them.
 *
 * Nulls    a failed frame has none.
 * Cost     O(1).
 */
FR_API size_t fr_warning_count(const fr_frame *frame);
FR_API const char *fr_warning(const fr_frame *frame, size_t index);

FR_END_DECLS

#endif
