/* csv_options.h — what a caller asked for, checked and copied once (csv_options.c). */
#ifndef FR_IO_CSV_OPTIONS_H
#define FR_IO_CSV_OPTIONS_H

#include <frame/csv.h>

#include "data/frame.h"
#include "io/csv/csv_words.h"

typedef enum fr_csv_encoding {
    FR_CSV_ENCODING_ANY, FR_CSV_UTF8, FR_CSV_LATIN1, FR_CSV_WINDOWS1252, FR_CSV_UTF16, FR_CSV_UTF16BE,
} fr_csv_encoding;

typedef struct fr_csv_options {
    fr_arena        arena;               /* owns every text below                                                     */
    char            sep;                 /* 0: to be found out                                                        */
    char            quote, escape, comment, thousands;      /* 0: none                                                */
    char            decimal;
    fr_csv_words    names, columns, dtypes, dates, na, yes, no;
    bool            all_dates;
    fr_csv_encoding encoding;
    int64_t         skip_rows, max_rows, sample_types;
    fr_on_bad       on_bad;
    bool            header, no_header, default_na, quoted_is_string, day_first, pad_short_rows, keep_blank_lines, trim,
                    strings_as_cat, lenient;
    fr_schema      *schema;              /* owned reference, NULL for none                                            */
} fr_csv_options;

/* Options begin with their size: false where it was left out, so that none of them would count. init: who sets it. */
bool fr_csv_args_sized(fr_call *call, uint32_t size, const char *init) FR_MUST_USE;
/* args may be NULL. After a failure fr_csv_options_clear is still due. */
bool fr_csv_options_read(fr_call *call, const fr_csv_args *args, fr_csv_options *out) FR_MUST_USE;
void fr_csv_options_clear(fr_csv_options *options);           /* FR_CLEANUP(fr_csv_options_clear) */

#endif
