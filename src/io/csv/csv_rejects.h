/* csv_rejects.h — rows put aside: collected by many workers, listed in file order (csv_rejects.c). */
#ifndef FR_IO_CSV_REJECTS_H
#define FR_IO_CSV_REJECTS_H

#include "base/memory.h"
#include "data/frame.h"

typedef struct fr_csv_reject {
    int64_t     row, line;
    size_t      place;             /* of the column, for telling which of several comes first                          */
    const char *column;            /* borrowed, NULL for the whole row                                                 */
    const char *reason, *text;     /* in the arena                                                                     */
    size_t      n_text;
} fr_csv_reject;

typedef struct fr_csv_rejects {
    fr_context    *context;
    atomic_flag    lock;
    fr_arena       arena;
    fr_csv_reject *items;          /* owned                                                                            */
    size_t         n, capacity;
    const char    *file;           /* borrowed; the name of what is read, NULL: it has none                            */
} fr_csv_rejects;

void fr_csv_rejects_init(fr_csv_rejects *rejects, fr_context *context);
void fr_csv_rejects_clear(fr_csv_rejects *rejects);
/* Any thread. Texts are copied; `text` may hold anything. */
bool fr_csv_rejects_add(fr_call *call, fr_csv_rejects *rejects, const fr_csv_reject *reject) FR_MUST_USE;
/* Sort by row; of several for one row the one of the first column stays. Rows from `most` on are dropped. */
bool fr_csv_rejects_settle(fr_call *call, fr_csv_rejects *rejects, int64_t most) FR_MUST_USE;
/* As fr_rejects gives it; owned. */
fr_frame *fr_csv_rejects_frame(fr_call *call, const fr_csv_rejects *rejects) FR_MUST_USE;

#endif
