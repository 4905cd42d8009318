/* channel.h — what a mark was given for x, y, colour …, as numbers that can be drawn.
 *
 * A mark names a column or an expression. Whatever its type, the rest of the library sees a channel: one double a row, NaN
 * where there is nothing to draw, and what the numbers mean.
 *
 *     "revenue"                decimal(18,2)      NUMBER      12.5, NaN, 13 …
 *     "date.dt.month"          i8                 NUMBER      1, 1, 2 …               whole
 *     "ordered"                datetime[us, UTC]  TIME        ticks since the first instant of the column (`origin`)
 *     "region"                 str                CATEGORY    0, 1, 0, NaN …          names: North, South
 *
 * Times count from an origin because nanoseconds since 1970 do not fit a double.
 */
#ifndef FR_PLOT_CHANNEL_H
#define FR_PLOT_CHANNEL_H

#include <frame/table.h>

#include "base/memory.h"
#include "base/zone.h"

typedef enum fr_channel_kind {
    FR_CHANNEL_NONE, FR_CHANNEL_NUMBER, FR_CHANNEL_TIME, FR_CHANNEL_DURATION, FR_CHANNEL_CATEGORY
} fr_channel_kind;

typedef struct fr_channel {
    fr_channel_kind kind;
    const char     *source;          /* as the mark says it                                                           */
    int64_t         n;
    double         *values;
    bool            whole, truth;    /* NUMBER: integers; bools                                                       */
    bool            date_only, no_date;
    int64_t         origin, per_second;
    const fr_zone  *zone;
    const char     *zone_name;       /* NULL: wall-clock time                                                         */
    size_t          n_names;         /* CATEGORY                                                                      */
    const char    **names;
    bool            in_order;        /* CATEGORY: made of numbers or times, ascending                                 */
    const fr_frame *frame;           /* where the column is: owned until fr_channel_release                           */
    size_t          column;
} fr_channel;

/* Read what `source` names in a frame: a column of that name, else an expression. `role` ("x") is for messages.
 * NOT_FOUND, SYNTAX and TYPE as the engine says them. */
bool fr_channel_read(fr_call *call, fr_arena *arena, const fr_frame *frame, const char *source,
                     fr_channel *out) FR_MUST_USE;

/* Numbers and times become categories: their distinct values, ascending, named as a cell is printed. Categories stay. */
bool fr_channel_as_categories(fr_call *call, fr_arena *arena, fr_channel *channel) FR_MUST_USE;

/* Times get another origin and resolution. */
void fr_channel_rebase(fr_channel *channel, int64_t origin, int64_t per_second);

void fr_channel_release(fr_channel *channel);

#endif
