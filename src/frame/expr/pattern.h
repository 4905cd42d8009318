/* pattern.h — compiled regular expressions (PCRE2) under the context's allocator, with limits. */
#ifndef FR_EXPR_PATTERN_H
#define FR_EXPR_PATTERN_H

#include "base/memory.h"
#include "expr/simple_pattern.h"

typedef struct fr_pattern fr_pattern;

/* Compile. SYNTAX with the position in the pattern added to `position` of `source`. Counted by nobody: one owner. */
fr_pattern *fr_pattern_new(fr_call *call, const char *text, size_t n, const char *source, int64_t position) FR_MUST_USE;
void        fr_pattern_unref(fr_pattern *pattern);
void        fr_drop_pattern(fr_pattern **slot);
uint32_t    fr_pattern_groups(const fr_pattern *pattern);
/* It is going to meet so many texts: machine code is made of it where that pays and the system allows it. What is found
 * stays the same; near the limit of steps it may be found where the interpreter would have given up. */
void        fr_pattern_hasten(fr_pattern *pattern, int64_t n_texts);

/* What is simple about it and begins with characters that are worth looking for, once it was hastened; else NULL. */
const fr_simple_pattern *fr_pattern_with_prefix(const fr_pattern *pattern);

/* Room for one search; one per thread. */
typedef struct fr_matcher {
    fr_context *context;
    void       *general, *data, *limits, *stack;  /* pcre2 objects, made on first use */
    const size_t *spans;                      /* where they put a match */
    uint32_t    pairs, steps;                 /* groups there is room for; the limit now set */
    size_t      share_bytes;                  /* … which is the share of a text of so many bytes; SIZE_MAX: all steps */
    size_t      own[2 * (FR_SIMPLE_GROUPS + 1)];      /* spans of a simple pattern */
} fr_matcher;
void fr_matcher_clear(fr_matcher *matcher);

/* Find the first match at or after byte `from`: 1 found (spans[2*g], spans[2*g+1] are the bytes of group g, SIZE_MAX
 * when it took no part), 0 not found, -1 failed: LIMIT or MEMORY recorded. spans belongs to the matcher. */
int fr_pattern_find(fr_call *call, fr_matcher *matcher, const fr_pattern *pattern, const char *text, size_t n,
                    size_t from, const size_t **spans);
/* Does the pattern, in any of its ways, match all of the text? 1, 0, or as fr_pattern_find. */
int fr_pattern_find_whole(fr_call *call, fr_matcher *matcher, const fr_pattern *pattern, const char *text, size_t n);
/* The same without a matcher to keep, yes or no only. */
int fr_pattern_search(fr_call *call, const fr_pattern *pattern, const char *text, size_t n);

#endif
