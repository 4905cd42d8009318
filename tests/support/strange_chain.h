/* strange_chain.h — chains of steps as strange as the expressions of strange.h, and what holds for each of them. */
#ifndef FR_TEST_SUPPORT_STRANGE_CHAIN_H
#define FR_TEST_SUPPORT_STRANGE_CHAIN_H

#include <frame/steps.h>

#include "support/strange.h"

/* The frames that a chain may name: few (some of the rows and others), other, none. */
enum { FR_STRANGE_NAMED = 3 };
void fr_strange_named(const fr_strange_rows *rows, fr_named_frame named[FR_STRANGE_NAMED]);

/* A chain over the rows. False: none was found. */
bool fr_strange_chain(fr_choices *choices, const fr_strange_rows *rows, char *text, size_t n);

/* The same values or the same error, planned and as written, over the rows in all those ways. */
bool fr_strange_chain_holds(const fr_strange_rows *rows, const char *text, char *why, size_t n);

/* What says the same in two ways gives the same (strange_laws.c): an expression as the key of a step or as a column made
 * before it; an aggregate, with leaves as its arguments, by groups, over the rows of one group alone, and `over`. */
bool fr_strange_key_holds(const fr_strange_rows *rows, const char *text, char *why, size_t n);
bool fr_strange_aggregate_holds(const fr_strange_rows *rows, const char *text, char *why, size_t n);

#endif
