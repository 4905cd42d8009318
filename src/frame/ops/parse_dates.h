/* parse_dates.h — is what parse_dates is asked for possible, and what types come of it, before anything is read? */
#ifndef FR_OPS_PARSE_DATES_H
#define FR_OPS_PARSE_DATES_H

#include "ops/date_formats.h"

/* The options but for what the columns are; *given, in the arena: the formats, none when they are to be inferred. */
bool fr_parse_dates_check(fr_call *call, fr_arena *arena, const fr_parse_dates_args *args,
                          fr_date_reader *given) FR_MUST_USE;
/* *type, owned: what the column becomes; NULL where its values decide, or the step fails. VALUE recorded for formats some of
 * which have an offset from UTC. */
bool fr_parse_dates_type(fr_call *call, const fr_date_reader *given, const fr_field *field,
                         const fr_type **type) FR_MUST_USE;

#endif
