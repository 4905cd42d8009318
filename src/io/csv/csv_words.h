/* csv_words.h — lists in option texts: "a, `odd, name`, b: decimal(18,2)" (csv_words.c). */
#ifndef FR_IO_CSV_WORDS_H
#define FR_IO_CSV_WORDS_H

#include "base/memory.h"

typedef struct fr_csv_word {
    const char *text;          /* terminated, in the arena                                                            */
    size_t      length;
    const char *type;          /* what followed a colon, NULL for nothing                                             */
} fr_csv_word;

typedef struct fr_csv_words {
    size_t       n;
    fr_csv_word *items;        /* in the arena                                                                        */
} fr_csv_words;

/* Split at commas outside backticks, quotes and brackets; blanks around items are dropped. With `types` a colon ends the
 * name. `option` for messages. NULL or empty text: an empty list. */
bool fr_csv_words_read(fr_call *call, fr_arena *arena, const char *option, const char *text, bool types,
                       fr_csv_words *out) FR_MUST_USE;
/* Index of the item that is this text, or -1. */
int64_t fr_csv_words_find(const fr_csv_words *words, const char *text, size_t n);

#endif
