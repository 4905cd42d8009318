/* tally_reader.h — rows that do not lie in their columns any more, tallied: values are put into a reader's own
 * columns, some rows at a time, and the fields of its pass read them there.
 */
#ifndef FR_OPS_TALLY_READER_H
#define FR_OPS_TALLY_READER_H

#include "base/memory.h"
#include "ops/tally_pass.h"

/* A column that fields want. */
typedef struct fr_carried {
    const fr_column *column;
    size_t           width;                /* of a value, 1 of bits; 0: no values */
} fr_carried;

typedef struct fr_carried_columns { size_t n; fr_carried *at; } fr_carried_columns;

/* Room for the columns of all fields of a tally. */
bool fr_carried_init(fr_call *call, fr_arena *arena, const fr_tally *tally, fr_carried_columns *carried) FR_MUST_USE;
/* Those of the first n fields of a pass. */
void fr_carry_fields(fr_carried_columns *carried, const fr_tally_pass *pass, size_t n_fields);

enum { FR_READER_VALUES = FR_KEY_VECTOR * sizeof(uint64_t), FR_READER_VALID = FR_KEY_VECTOR / 8 };

typedef struct fr_tally_reader {           /* a worker's */
    fr_tally       tally;
    fr_tally_pass  pass;
    fr_column     *columns;                /* as many as are carried */
    char          *room, *table;           /* of the pass */
} fr_tally_reader;

/* What a reader needs of a buffer. */
size_t fr_reader_bytes(const fr_tally_pass *pass, const fr_carried_columns *carried);
bool   fr_reader_init(fr_call *call, fr_arena *arena, const fr_tally_pass *pass, const fr_carried_columns *carried,
                      char *room, fr_tally_reader *reader) FR_MUST_USE;
/* Where FR_KEY_VECTOR values of a carried column go, and the bits that tell which are valid. */
static inline char *fr_reader_values(const fr_tally_reader *r, size_t i)
{
    return (char *)(uintptr_t)r->columns[i].values;
}
static inline uint64_t *fr_reader_valid(const fr_tally_reader *r, size_t i)
{
    return (uint64_t *)(void *)(fr_reader_values(r, i) + FR_READER_VALUES);
}

/* Where totals of a field come from: from `at` in each record. `rows` other than NULL: they are means, of so many rows each. */
typedef struct fr_tally_output {
    fr_tally_field       *field;
    size_t                at;
    const fr_tally_field *rows;
} fr_tally_output;
typedef struct fr_tally_outputs { size_t n; fr_tally_output *at; } fr_tally_outputs;

/* Sums of floats become doubles. For passes whose totals are made once: nothing is added to them. */
void fr_round_totals(const fr_tally_pass *pass);
/* Those of a pass, with buffers for totals by group. */
bool fr_outputs_init(fr_call *call, fr_arena *arena, const fr_tally_pass *pass, fr_tally_outputs *outputs) FR_MUST_USE;
/* The group of each slot from the first on; NULL: each slot is a group. */
const uint32_t *fr_groups_of_slots(const fr_grouping *grouping, size_t first_slot);
/* Records of n slots to their groups: one visit to memory for all fields. */
void fr_move_records(char *to, const char *from, const uint32_t *groups, size_t n, size_t stride);
/* Those of all slots, which are not the groups. parallel: blocks. */
bool fr_move_slots(fr_call *call, const fr_grouping *grouping, size_t n_slots, char *to, const char *from,
                   size_t stride) FR_MUST_USE;
/* Records of n groups from the first on become totals; `added`: to what is there, else to nothing. */
void fr_total_records(const fr_tally_pass *pass, const fr_tally_outputs *outputs, const char *records, size_t first_group,
                      size_t n, bool added);
/* Those of all groups. */
bool fr_records_to_totals(fr_call *call, const fr_tally_pass *pass, const fr_tally_outputs *outputs, const char *records,
                          bool added) FR_MUST_USE;

#endif
