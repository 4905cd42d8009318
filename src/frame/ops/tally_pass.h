/* tally_pass.h — fields side by side in records, and the pass over the rows that fills them (tally_pass.c). */
#ifndef FR_OPS_TALLY_PASS_H
#define FR_OPS_TALLY_PASS_H

#include "kernel/tally_visits.h"
#include "ops/tally.h"

typedef struct fr_tally_extent { int64_t low, high; } fr_tally_extent;     /* of a column's integers, zero in it */

typedef struct fr_tally_field {
    fr_tally_want    want;
    bool             fits_word;
    fr_tally_extent  range, range_y;                /* then: of what a row adds; of pairs: of x and y */
    fr_tally_part    part;
    size_t           first_part, n_parts;           /* of a word: its parts */
    bool             whole;                         /* of a word: it holds the sums of all rows, not only a block's */
    fr_tally_kernel *kernel;
    const fr_tally_merge *merge;
    size_t           width, total_width, at;        /* in a record, in the totals; where in the record */
    fr_tally_ranking ranking;                       /* of LEAST and MOST */
    bool             wide;                          /* x as int64_t */
    bool             narrow;                        /* of INT_SUM: totals are int64_t */
    bool             rounded;                       /* of FLOAT_SUM: totals are double */
    bool             small;                         /* of a word: what a row adds is from 0 to 2^32 - 1 … */
    fr_tally_rise    rise;                          /* … but for rows, which are counted below the other parts */
    bool             of_nulls;                      /* of VALUES: totals are first of nulls, which rows are less */
    bool             in_word;                       /* is a part of one, and no field any more */
    bool             wanted;                        /* by itself, not only for means */
    bool             averaged;                      /* of FLOAT_SUM: means are wanted */
    size_t           x, y;                          /* inputs; FR_TALLY_NO_INPUT: the column's own values */
    fr_buffer       *totals;                        /* by slot, then by group; NULL: not computed */
    fr_buffer       *means;                         /* by group; NULL: not computed */
} fr_tally_field;

#define FR_TALLY_NO_INPUT SIZE_MAX

/* Integers that are widened, a vector at a time; of scaled numbers, wide are doubles. */
typedef struct fr_tally_integers { const fr_column *column; bool wide; } fr_tally_integers;    /* NULL: not now */

struct fr_tally {
    fr_context        *context;
    size_t             n, capacity;
    fr_tally_field    *fields;             /* owned array */
    size_t             n_parts, part_capacity;
    fr_tally_field    *parts;              /* of words; owned array */
    size_t             n_inputs, input_capacity;
    fr_tally_integers *inputs;             /* owned array */
    bool               lone_words;         /* is what fits a word one also by itself? */
    struct fr_want_index *index;           /* of fields and parts by what is wanted; owned; NULL: they are few, or on the move */
    struct fr_ridden_records *ridden;      /* owned, else NULL */
};

/* Records that were made as the groups were found. */
typedef struct fr_ridden_records {
    fr_buffer *records;                    /* what is left of all ranges'; by slot, where begins is NULL (ops/tally_ranges.h) */
    fr_buffer *begins;                     /* uint32_t[n_ranges + 1]: the first of each range, with room for its rows or codes */
} fr_ridden_records;

typedef struct fr_tally_pass {
    const fr_tally    *tally;
    const fr_grouping *grouping;           /* NULL: the rows are those of a part (ops/tally_parts.h) */
    fr_tally_field    *fields;             /* of this pass */
    size_t             n_fields, stride, n_slots, table_bytes;     /* one slot more in a table: rows without a group */
    int64_t            block_rows;
    size_t             first_block, n_tables;
    bool               by_worker;          /* a table a worker, not a block: nothing depends on the order of rows */
    size_t             n_copies;           /* of each table, which rows take by turns; 1: itself */
    size_t             n_fours;            /* of a wave: so many fours of blocks go by together */
    char              *tables;
    size_t             n_bytes;            /* keys that make places of 16 bits; 0: none */
    fr_byte_key        bytes[FR_BYTE_KEYS];
    bool               sums_bytes;         /* … of a single sum of bytes */
    bool               few;                /* … of few slots (ops/tally_few.h) */
    const uint32_t    *soon;               /* records of rows to come, asked for while others are visited … */
    size_t             n_soon;             /* … so many; NULL: those behind each row of a vector */
    fr_tally_firsts   *firsts;             /* rows of records that had none, asked for of a float and a small word */
    const fr_tally_ahead *ahead;           /* values asked for while records are visited; NULL: the next vector's */
} fr_tally_pass;

/* Do states of the kind come from values, or from which rows have one? */
static inline bool fr_tally_needs_values(fr_tally_kind kind)
{
    return kind != FR_TALLY_VALUES && kind != FR_TALLY_ENDS;
}

/* What a field takes in a record, its want given (ops/tally_kinds.c); its kernel stays NULL where it is left to folds. */
bool fr_tally_set_up(fr_call *call, fr_tally_field *field) FR_MUST_USE;
bool fr_tally_is_integer(const fr_column *column);

/* The fields whose totals come from one of a record: the parts of a word that is not whole, else itself. */
static inline fr_tally_field *fr_tally_members(const fr_tally *tally, fr_tally_field *f, size_t *n)
{
    const bool apart = f->n_parts && !f->whole;
    *n = apart ? f->n_parts : 1;
    return apart ? tally->parts + f->first_part : f;
}

/* Where counts of values would need more words than one, few nulls are counted instead. Not of rows that are dealt. */
bool fr_tally_count_nulls(fr_call *call, fr_tally *tally, int64_t block_rows) FR_MUST_USE;
/* Fields that fit one word together become its parts, pairs that fit three words are packed (ops/tally_words.c).
 * n_rows: of all blocks; INT64_MAX where words are not to be whole. */
bool fr_tally_make_words(fr_call *call, fr_tally *tally, int64_t block_rows, int64_t n_rows) FR_MUST_USE;

/* A tally of the same fields, with words, lone ones too, what is widened and an order for records that hold so many rows,
 * which are all. */
fr_tally *fr_tally_ready(fr_call *call, const fr_tally *tally, int64_t n_rows) FR_MUST_USE;
/* In place of what it was made of, which `ready` is then. */
void fr_tally_adopt(fr_tally *tally, fr_tally *ready);
/* Fields one behind the other, `at` in each; → bytes of a record. */
size_t fr_tally_lay_out(fr_tally_field *fields, size_t n);
/* The bytes from a record to the next: three words are set four apart where their table is beyond a core's cache, so that
 * none lies in two lines, both of which would be asked for. */
size_t fr_tally_line_up(size_t stride, size_t n_slots);
/* Do large tables, of fields that rows may come to in any order, belong to workers, not to blocks of rows? */
bool fr_tally_has_table_a_worker(const fr_call *call);
/* fields, n_fields, stride, n_slots, block_rows and at in each field are set; → totals of each field, by slot. */
bool fr_tally_run_pass(fr_call *call, fr_tally_pass *pass) FR_MUST_USE;

/* The slots of rows first … first + n - 1: codes of direct groupings, else groups; n_slots: in no group. */
void fr_tally_slots(const fr_tally_pass *pass, int64_t first, size_t n, uint32_t *slots);
/* Rows into the records of their slots, which are changed; n ≤ FR_KEY_VECTOR. */
void fr_tally_add_rows(const fr_tally_pass *pass, char *table, uint32_t *slots, int64_t first, size_t n, char *room);
/* The same, to where the records begin already. */
void fr_tally_add_at(const fr_tally_pass *pass, char *table, const uint32_t *at, int64_t first, size_t n, char *room);
/* Doubles that a sum adds of rows `first` … of a block and of those of the next ones, `apart` values from each other: where
 * they lie, or, of scaled numbers, in `room` for FR_TALLY_LANES × FR_LANE_ROWS. */
typedef struct fr_laned_reals { const double *values; size_t apart; } fr_laned_reals;
fr_laned_reals fr_tally_laned(const fr_tally_pass *pass, const fr_tally_field *field, int64_t first, size_t n, double *room);
/* What rows first … first + n - 1 add to the word of a pass that is small, or else to its two ranks side by side. */
void fr_tally_small_rows(const fr_tally_pass *pass, int64_t first, size_t n, uint32_t *words, char *room);
/* What `room` must have. */
static inline size_t fr_tally_room_bytes(const fr_tally *tally)
{
    return (tally->n_inputs + 1) * FR_KEY_VECTOR * sizeof(int64_t);
}

#endif
