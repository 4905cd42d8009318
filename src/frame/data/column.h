/* column.h — one column: contiguous values, validity, type, what is known about them.
 *
 * Invariants every maker keeps and every kernel may rely on:
 *  - `values` points at the column's first value (no offset to add); for bools and `valid` at bit 0 of a 64-bit word.
 *  - `valid` is NULL exactly when null_count is 0. Bits and words beyond length are undefined: mask with fr_valid_word.
 *  - values under a null are zero bits (an empty view, code 0, an empty list).
 *  - own buffers have FR_BUFFER_SLACK bytes to read beyond the end; foreign ones (`foreign`) do not.
 *  - text is valid UTF-8.
 * Columns are immutable and shared; slicing fixed-width columns copies nothing but misaligned bits.
 *
 *     type i64,  phys I8     values: int8_t[length]; I16, I32 and I64 likewise: as narrow as the values allow
 *     type str,  phys VIEW   values: fr_view[length], heap
 *     type str,  phys U8     values: uint8_t[length], dictionary          (cat the same)
 *     type bool, phys BOOL   values: uint64_t words
 *     type list[i64]         values: int64_t offsets[length + 1] (offsets[0] may be > 0), children[0]
 *     type struct[…]         children[0 … n-1], each of the struct's length
 */
#ifndef FR_DATA_COLUMN_H
#define FR_DATA_COLUMN_H

#include "data/dictionary.h"
#include "data/type.h"
#include "kernel/rows.h"

typedef enum fr_fact {                /* what is known about a column's values                                      */
    FR_FACT_RANGE     = 1,            /* min and max occur and enclose the non-null values (not NaN)                */
    FR_FACT_ASCENDING = 2,            /* sorted, nulls last                                                         */
    FR_FACT_DESCENDING = 4,
    FR_FACT_UNIQUE    = 8,            /* no two non-null values are equal                                           */
    FR_FACT_CODES_IN_ORDER = 16,      /* dictionary codes appear first in the order 0, 1, 2 … and all are used      */
    FR_FACT_HAS_NAN   = 32,           /* only with RANGE: some value is NaN                                         */
    FR_FACT_NO_VALUES = 64,           /* only with RANGE: every value is null or NaN; min and max are meaningless   */
    FR_FACT_BOUNDS    = 128,          /* min and max enclose the non-null, non-NaN values, but need not occur: what  */
                                      /* is left of a range after a slice, filter or take                            */
} fr_fact;

typedef struct fr_facts {
    uint32_t known;                   /* fr_fact bits                                                               */
    union { int64_t i; uint64_t u; double f; } min, max; /* by layout: signed → i, unsigned and codes → u, floats → f */
} fr_facts;

struct fr_column {
    fr_object       object;
    const fr_type  *type;             /* owned reference                                                            */
    fr_phys         phys;
    bool            foreign;          /* somebody else's memory: no slack, facts never trusted for indexing */
    int64_t         length;
    int64_t         null_count;
    const void     *values;
    const uint64_t *valid;
    fr_buffer      *values_buffer;    /* owners of the two above (NULL for NONE, STRUCT)                            */
    fr_buffer      *valid_buffer;
    fr_dictionary  *dictionary;       /* codes only                                                                 */
    fr_heap        *heap;             /* views only; NULL when all are short                                        */
    struct fr_form *form;             /* owned reference; set: values are numbers that stand for texts              */
                                      /* (data/text_form.h)                                                         */
    uint8_t         digits;           /* set: values are whole numbers of so many digits behind the point, which    */
                                      /* stand for f64 (data/scaled_column.h)                                              */
    size_t          n_children;
    fr_column     **children;         /* owned references                                                           */
    struct fr_pieced *pieced;         /* owned; set: the rows lie in pieces, values and valid are NULL              */
                                      /* (data/pieced_column.h)                                                     */
    fr_facts        facts;            /* set by the maker                                                           */
    _Atomic(fr_facts *) late_facts;   /* found out later, published by compare-and-swap; owned                      */
    _Atomic(struct fr_code_set *) late_codes;   /* which occur, where not all do (data/code_set.h); the same, owned     */
    _Atomic(struct fr_column *) late_wide;      /* narrow integers as their type lies, for who asked for its array; owned */
    _Atomic(struct fr_cell_zone *) late_zone;   /* of the type, read when a cell was first asked for; the same        */
    _Atomic(struct fr_lent_texts *) late_texts; /* of numbers that stand for texts: those of cells that were lent; owned */
};

extern const fr_class fr_column_class;

/* ---- making ------------------------------------------------------------------------------------------------------ */
/* What a column is made of. fr_column_new takes references of its own on everything (type, buffers, dictionary, heap,
 * children): the caller keeps and releases its own. null_count -1: count the bits. */
typedef struct fr_column_parts {
    const fr_type  *type;
    fr_phys         phys;
    int64_t         length, null_count;
    fr_buffer      *values, *valid;
    fr_dictionary  *dictionary;
    fr_heap        *heap;
    struct fr_form *form;
    uint8_t         digits;
    fr_column *const *children;
    size_t          n_children;
    fr_facts        facts;
    const void     *values_at;        /* NULL: values->data; else the first value inside that buffer                */
    const uint64_t *valid_at;         /* NULL: valid->data; else the first word inside that buffer                  */
} fr_column_parts;

fr_column *fr_column_new(fr_call *call, const fr_column_parts *parts) FR_MUST_USE;
/* Other values (of `phys`, zero under nulls) for the rows of a column, whose nulls stay; dictionary NULL but for
 * codes. */
fr_column *fr_column_with_values(fr_call *call, const fr_column *column, const fr_type *type, fr_phys phys,
                                 fr_buffer *values, fr_dictionary *dictionary) FR_MUST_USE;
fr_column *fr_column_null(fr_call *call, const fr_type *type, int64_t length) FR_MUST_USE;        /* all null */
FR_PRIVATE fr_column *fr_column_repeat(fr_call *call, const fr_type *type, fr_value value, int64_t length) FR_MUST_USE;
fr_column *fr_column_ref(const fr_column *column);
/* Is any of its memory, nulls' bits, texts and children included, somebody else's? */
bool       fr_column_is_foreign(const fr_column *column);
void       fr_column_unref(const fr_column *column);

/* ---- reading ----------------------------------------------------------------------------------------------------- */
/* 64 rows of validity from row i (a multiple of 64): ones for valid rows, zeros for null rows and rows ≥ n. */
static inline uint64_t fr_valid_word(const uint64_t *valid, int64_t i, int64_t n)
{
    uint64_t word = valid ? valid[i >> 6] : UINT64_MAX;
    return n - i >= 64 ? word : word & (((uint64_t)1 << (n - i)) - 1);
}
static inline bool fr_bit(const void *bits, int64_t i) { return ((const uint64_t *)bits)[i >> 6] >> (i & 63) & 1; }
static inline bool fr_is_valid(const fr_column *column, int64_t row)
{
    return !column->valid || fr_bit(column->valid, row);
}
static inline bool fr_is_coded(const fr_column *column) { return column->dictionary != NULL; }
/* Do numbers stand for texts or other numbers? Only late columns have such pieces. */
static inline bool fr_is_formed(const fr_column *column) { return column->form || column->digits; }
FR_PRIVATE uint32_t fr_column_code(const fr_column *column, int64_t row);                       /* coded columns */
const char *fr_column_text(const fr_column *column, int64_t row, size_t *n);          /* str, cat, binary; NULL: null */
fr_value    fr_column_value(const fr_column *column, int64_t row);
bool        fr_column_equal(const fr_column *a, const fr_column *b);   /* types, nulls, bits; NaN = NaN; text by text */
/* n rows from row i of one and row j of the other; columns of the same type. */
bool        fr_rows_equal(const fr_column *a, int64_t i, const fr_column *b, int64_t j, int64_t n);
/* One cell of each, of the same type: as values, so -0 equals 0; NaN equals NaN and null equals null, inside too. */
bool        fr_cells_equal(const fr_column *a, int64_t i, const fr_column *b, int64_t j);
/* Range and other cheap facts, computed once when the maker did not say (one pass); false on failure. */
bool        fr_column_facts(fr_call *call, const fr_column *column, fr_facts *out) FR_MUST_USE;

/* ---- rows out of a column ---------------------------------------------------------------------------------------- */
fr_column *fr_column_slice(fr_call *call, const fr_column *column, int64_t offset, int64_t length) FR_MUST_USE;
fr_column *fr_column_take(fr_call *call, const fr_column *column, const fr_rows *rows) FR_MUST_USE;
/* Several columns at the same rows. found, where the caller knows: which rows are not missing, and how many. out[i] is
 * NULL or the caller's, also after a failure. */
typedef struct fr_found { fr_buffer *bits; int64_t n; } fr_found;
bool       fr_columns_take(fr_call *call, const fr_column *const *columns, size_t n, const fr_rows *rows,
                           const fr_found *found, fr_column **out) FR_MUST_USE;
/* The same of columns that are owned references: each is given up, and is NULL then, as soon as it was taken. */
bool       fr_columns_take_own(fr_call *call, fr_column **columns, size_t n, const fr_rows *rows,
                               fr_column **out) FR_MUST_USE;
/* The same at rows that a few codes stand for: row of_code[codes[i]] for each i. Codes are of 1, 2 or 4 bytes, read
 * without sign, and need not be valid; where they are of one byte, all 256 have a row or a missing one. found may be NULL
 * only where no code that occurs has a missing row. */
typedef struct fr_coded_rows {
    const fr_column *codes;
    fr_rows          of_code;
    const fr_found  *found;
} fr_coded_rows;
bool       fr_columns_take_coded(fr_call *call, const fr_column *const *columns, size_t n, const fr_coded_rows *rows,
                                 fr_column **out) FR_MUST_USE;
/* keep: one bit a row; n_kept: how many are set */
fr_column *fr_column_filter(fr_call *call, const fr_column *column, const uint64_t *keep, int64_t n_kept) FR_MUST_USE;
/* columns of one type (layouts may differ: codes and views, different dictionaries); n ≥ 1 */
fr_column *fr_column_concat(fr_call *call, const fr_column *const *columns, size_t n) FR_MUST_USE;
/* Nulls replaced by the value of a column of one row, of the same type; not of lists and structs. */
fr_column *fr_column_fill(fr_call *call, const fr_column *column, const fr_column *value) FR_MUST_USE;
/* Nulls replaced by the value before them, or behind them, of a column that allows it: values of a fixed width, some of
 * them not null. */
bool       fr_column_can_carry(const fr_column *column);
fr_column *fr_column_carry(fr_call *call, const fr_column *column, bool backward) FR_MUST_USE;
/* text as views (decoded), and text as codes (any str/cat column; the dictionary in order of first appearance) */
fr_column *fr_column_as_views(fr_call *call, const fr_column *column) FR_MUST_USE;
FR_PRIVATE fr_column *fr_column_as_codes(fr_call *call, const fr_column *column) FR_MUST_USE;
/* the same values under another type of the same layout (i64 → datetime, str ↔ cat with codes) */
fr_column *fr_column_retype(fr_call *call, const fr_column *column, const fr_type *type) FR_MUST_USE;
/* A column of i64 in another layout that its values fit. Integers narrower than their type, as it lies; another column:
 * itself. */
fr_column *fr_column_as_integers(fr_call *call, const fr_column *column, fr_phys phys) FR_MUST_USE;
fr_column *fr_column_wide(fr_call *call, const fr_column *column) FR_MUST_USE;
static inline bool fr_is_narrow(const fr_column *column)
{
    return column->type->kind == FR_I64 && column->phys != FR_PHYS_I64;
}
/* The narrowest layout for integers within low … high; integers in another layout they fit; some rows of them. */
fr_phys fr_integer_phys(int64_t low, int64_t high);
void    fr_integers_copy(fr_phys to, void *out, fr_phys from, const void *values, size_t n);
void    fr_integers_at(const fr_column *column, int64_t first, size_t n, int64_t *out);
/* rows that are null, as bits to AND or OR; NULL never means failure here */
int64_t    fr_bits_count(const uint64_t *bits, int64_t n);

/* ---- building value by value (slow paths, tests, small results) -------------------------------------------------- */
typedef struct fr_builder fr_builder;
FR_PRIVATE fr_builder *fr_builder_new(fr_call *call, const fr_type *type, int64_t expected) FR_MUST_USE;
/* scalars; kinds must fit */
FR_PRIVATE bool fr_builder_add(fr_call *call, fr_builder *builder, fr_value value) FR_MUST_USE;
FR_PRIVATE bool fr_builder_add_null(fr_call *call, fr_builder *builder) FR_MUST_USE;
FR_PRIVATE bool fr_builder_add_text(fr_call *call, fr_builder *builder, const char *text, size_t n) FR_MUST_USE;
bool        fr_builder_end_list(fr_call *call, fr_builder *builder) FR_MUST_USE; /* its items were added to the child */
fr_builder *fr_builder_child(fr_builder *builder, size_t index);                   /* of a list or struct */
bool        fr_builder_end_struct(fr_call *call, fr_builder *builder) FR_MUST_USE;
FR_PRIVATE fr_column *fr_builder_finish(fr_call *call, fr_builder *builder) FR_MUST_USE;
FR_PRIVATE void fr_builder_unref(fr_builder *builder);

#endif
