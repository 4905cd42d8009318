/* registry.h — what the runner (main.c) needs from test.c and no test should touch. */
#ifndef FR_TEST_SUPPORT_REGISTRY_H
#define FR_TEST_SUPPORT_REGISTRY_H

#include "support/test.h"

fr_test *fr_test_all(void);             /* in no particular order */
const char *fr_test_take_skip(void);    /* the reason the last test gave, or NULL; forgets it */
size_t fr_test_take_checks(void);       /* how many the last test made; forgets them */
void fr_test_remove_scratch(void);

#endif
