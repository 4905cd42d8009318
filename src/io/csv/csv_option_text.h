/* csv_option_text.h — options as text, "sep = ';', max_rows = 10", for job files and explanations (csv_option_text.c). */
#ifndef FR_IO_CSV_OPTION_TEXT_H
#define FR_IO_CSV_OPTION_TEXT_H

#include <frame/csv.h>

#include "base/memory.h"
#include "data/frame.h"

/* Read options into args that hold the defaults; texts go to the arena. NULL text: nothing. SYNTAX, NOT_FOUND. */
bool fr_csv_args_parse(fr_call *call, fr_arena *arena, const char *text, fr_csv_args *out) FR_MUST_USE;
bool fr_csv_write_args_parse(fr_call *call, fr_arena *arena, const char *text, fr_csv_write_args *out) FR_MUST_USE;
/* Append ", name = value" for each option that is not the default. */
bool fr_csv_args_text(fr_call *call, const fr_csv_args *args, fr_text *out) FR_MUST_USE;
/* A schema as the texts of `names` and `dtypes`. */
bool fr_csv_schema_text(fr_call *call, const fr_schema *schema, fr_text *names, fr_text *dtypes) FR_MUST_USE;

#endif
