/* strange_try.h — laws tried on what is drawn for them. */
#ifndef FR_TEST_SUPPORT_STRANGE_TRY_H
#define FR_TEST_SUPPORT_STRANGE_TRY_H

#include "support/strange.h"

typedef struct fr_strange_law {
    /* False: nothing was found. */
    bool (*draw)(fr_choices *choices, const fr_strange_rows *rows, char *text, size_t n);
    /* False: `why` says what does not hold. */
    bool (*holds)(const fr_strange_rows *rows, const char *text, char *why, size_t n);
} fr_strange_law;

/* `count` times over n_rows rows; up to five failures are shown. Fails too where less than half of the times something was
 * drawn. */
void fr_strange_try(const fr_strange_law *law, int64_t n_rows, uint64_t seed, int count);

#endif
