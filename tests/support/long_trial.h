/* long_trial.h — one chain over long rows, and its slow twin. */
#ifndef FR_TEST_SUPPORT_LONG_TRIAL_H
#define FR_TEST_SUPPORT_LONG_TRIAL_H

#include <frame/frame.h>

#include "support/long_groups.h"

enum { FR_TRIAL_ROOM = 700, FR_TRIAL_AGGREGATES = 4, FR_TRIAL_COLUMNS = 3 };

typedef struct fr_trial {
    const fr_long_rows *rows;
    uint64_t           *state;
    char                chain[FR_TRIAL_ROOM];
    unsigned            mask;                        /* of key columns */
    fr_long_aggregate   aggregates[FR_TRIAL_AGGREGATES];
    size_t              n_aggregates;
    bool                sorted, drop_nulls, nulls_match, nulls_first, descending[FR_TRIAL_COLUMNS];
    size_t              by[FR_TRIAL_COLUMNS], n_by;  /* columns of a sort, in order */
    int                 how;
    int64_t             count;
} fr_trial;

/* A kind of chain: drawn into trial->chain, and its result compared with what the rows say. check NULL: only the ways the
 * rows lie in are compared. */
typedef struct fr_trial_kind {
    const char *name;
    void (*draw)(fr_trial *t);
    bool (*check)(fr_trial *t, const fr_frame *result, char *why, size_t n);
} fr_trial_kind;
extern const fr_trial_kind fr_trial_group, fr_trial_over, fr_trial_counts, fr_trial_distinct, fr_trial_sort, fr_trial_head,
    fr_trial_join, fr_trial_window, fr_trial_fill, fr_trial_pivot, fr_trial_melt, fr_trial_rollup, fr_trial_complete,
    fr_trial_places, fr_trial_asof, fr_trial_any;

fr_frame *fr_trial_run(const fr_trial *t, const fr_frame *frame, const char *before);
bool      fr_trial_say(char *why, size_t n, const char *what, int64_t at, const fr_frame *result);
void      fr_trial_put(fr_trial *t, const char *text);
void      fr_trial_put_mask(fr_trial *t);
unsigned  fr_trial_draw_mask(uint64_t *state);
bool      fr_trial_has_null(const fr_trial *t, int64_t row);
/* As a sort by these columns has two rows. */
int       fr_trial_order(const fr_trial *t, int64_t a, int64_t b);
/* The result's column of that name says these, -1 for null; where it is `row`, other columns are those rows'. */
bool      fr_trial_rows_are(const fr_trial *t, const fr_frame *result, const char *name, const int64_t *expected, int64_t n,
                            char *why, size_t m);

/* The result has that column, and there the values of these rows; -1 for any. */
bool      fr_trial_cells_are(const fr_trial *t, const fr_frame *result, size_t column, const int64_t *rows, char *why, size_t m);

/* Rows in the order of a sort, or of something else that is asked of two of them. */
typedef struct fr_listed { const fr_trial *t; int64_t first, size; uint32_t group; } fr_listed;

/* Rows drawn from each seed from `first` on, and a chain of each kind over them, or of that kind where it is named. Fails
 * as tests do. n 0: of any length. */
void fr_long_try(uint64_t first, int count, int64_t n, const char *only);
/* All bits of the results of a chain of each kind, in a number. */
uint64_t fr_long_digest(uint64_t seed, int64_t n, size_t way);

#endif
