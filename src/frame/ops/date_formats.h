/* date_formats.h — which formats the dates of a column have. */
#ifndef FR_OPS_DATE_FORMATS_H
#define FR_OPS_DATE_FORMATS_H

#include "base/date_text.h"
#include "base/memory.h"
#include "data/frame.h"
#include "ops/verbs.h"

/* The distinct texts of a column, by dictionary code. */
typedef struct fr_date_texts {
    const fr_column *coded;                /* codes and dictionary */
    const char      *name;
    size_t           n;                    /* entries of the dictionary */
    int64_t         *counts;               /* rows with each text */
    int64_t         *firsts;               /* the first of them, -1 for none */
} fr_date_texts;

/* How to read a text: by the first of some formats it fits, or by the first of some shapes. */
typedef struct fr_date_reader {
    size_t       n_formats;
    const char **formats;
    size_t      *lengths;
    uint64_t     shapes;                   /* bits of fr_date_shape; used when there are no formats */
} fr_date_reader;

/* The formats given, taken apart at '|'. SYNTAX for one that is not well formed. */
bool fr_date_reader_given(fr_call *call, fr_arena *arena, const char *formats, fr_date_reader *out) FR_MUST_USE;
/* The shapes that all texts (or most of them) have. VALUE when day and month cannot be told apart. */
bool fr_date_reader_infer(fr_call *call, const fr_date_texts *texts, const fr_parse_dates_args *args,
                          fr_date_reader *out)
    FR_MUST_USE;
bool fr_date_read(const fr_date_reader *reader, const char *text, size_t n, fr_moment *out);
/* "%d/%m/%Y" or "%Y-%m-%d or %d/%m/%Y" or "any known format", for messages; in the arena. */
const char *fr_date_reader_text(fr_call *call, fr_arena *arena, const fr_date_reader *reader) FR_MUST_USE;

#endif
