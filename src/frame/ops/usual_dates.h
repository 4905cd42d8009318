/* usual_dates.h — columns of text whose dates all have the one usual form (usual_dates.c). */
#ifndef FR_OPS_USUAL_DATES_H
#define FR_OPS_USUAL_DATES_H

#include "data/column.h"

/* The texts (views) as dates, or as datetimes in microseconds where the first of them has a time of day and `dates_only` is
 * false. *out stays NULL where some text is of another form, or has a time where the first has none, or all are null. */
bool fr_usual_dates(fr_call *call, const fr_column *texts, bool dates_only, fr_column **out) FR_MUST_USE;

#endif
