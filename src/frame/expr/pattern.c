/* pattern.c — regular expressions: PCRE2 with bounded work and memory.
 *
 * A pattern is data from outside, so a match may take at most MATCH_STEPS backtracking steps and HEAP_KIB of memory;
 * what exceeds that is a LIMIT error, never a hang. Patterns and texts are UTF-8 (already checked, so PCRE2 need not).
 *
 * For many texts a pattern becomes machine code (fr_pattern_hasten): 17 ns instead of 63 for '-([0-9]+)' in 12 bytes.
 * That code counts its steps anew at each place where a match may begin, and less exactly, so it is given MATCH_STEPS
 * divided by the length of the text; where this or its stack does not suffice, the interpreter decides. Thus a LIMIT
 * error always comes from the interpreter.
 */
#include "expr/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_STEPS = 1000000, HEAP_KIB = 16384, MATCH_DEPTH = 10000, PATTERN_BYTES = 1 << 16 };
/* Making machine code takes 0.1 ms, the time that it saves on so many texts; of a large pattern, long. */
enum { HASTEN_TEXTS = 2048, HASTEN_CODE_BYTES = 1 << 14, HASTY_STEPS_MIN = 100,
       STACK_BYTES = 1 << 15 };               /* of machine code, as much as it would take for itself */

struct fr_pattern {
    fr_context            *context;
    pcre2_general_context *general;
    pcre2_code            *code;
    uint32_t               groups;
    bool                   hasty;                /* there is machine code, or none is needed */
    bool                   is_simple;
    fr_simple_pattern      simple;
};

/* PCRE2 gives no size back when it frees, so it is kept in front of the block. */
static void *pcre_alloc(size_t n, void *context)
{
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    size_t *block = n < SIZE_MAX - 16 ? fr_new(&call, n + 16) : NULL;
    fr_call_end(&call);
    if (!block) return NULL;
    block[0] = n + 16;
    return block + 2;
}

static void pcre_free(void *block, void *context)
{
    if (block) fr_free(context, (size_t *)block - 2, ((size_t *)block)[-2]);
}

void fr_pattern_unref(fr_pattern *pattern)
{
    if (!pattern) return;
    pcre2_code_free(pattern->code);
    pcre2_general_context_free(pattern->general);
    fr_free(pattern->context, pattern, sizeof *pattern);
}

void fr_drop_pattern(fr_pattern **slot)
{
    fr_pattern_unref(*slot);
    *slot = NULL;
}

static bool compile(fr_call *call, fr_pattern *pattern, const char *text, size_t n, const char *source,
                    int64_t position)
{
    int code = 0;
    size_t at = 0;
    unsigned char message[128];
    if (n > PATTERN_BYTES)
        return fr_fail_at(call, fr_place_at(.source = source, .position = position), FR_ERR_LIMIT,
                          "pattern is longer than %d bytes", PATTERN_BYTES);
    pattern->general = pcre2_general_context_create(pcre_alloc, pcre_free, call->context);
    if (!pattern->general) return fr_fail_memory(call, sizeof(void *));
    pcre2_compile_context *limits = pcre2_compile_context_create(pattern->general);
    if (!limits) return fr_fail_memory(call, sizeof(void *));
    pcre2_set_parens_nest_limit(limits, 100);
    pattern->code = pcre2_compile(
        (PCRE2_SPTR)text, n, PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C, &code, &at, limits);
    pcre2_compile_context_free(limits);
    pattern->is_simple = pattern->code && fr_simple_pattern_read(&pattern->simple, text, n);
    if (pattern->code) return pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &pattern->groups) == 0;
    if (code == PCRE2_ERROR_NOMEMORY || code == 121 /* "failed to get heap memory" */) return fr_fail_memory(call, n);
    if (pcre2_get_error_message(code, message, sizeof message) < 0) message[0] = 0;
    return fr_fail_at(call, fr_place_at(.source = source, .position = position), FR_ERR_SYNTAX,
                      "pattern does not parse at its byte %zu: %s", at, (const char *)message);
}

fr_pattern *fr_pattern_new(fr_call *call, const char *text, size_t n, const char *source, int64_t position)
{
    fr_pattern *pattern = fr_new(call, sizeof *pattern);
    if (!pattern) return NULL;
    pattern->context = call->context;
    if (!compile(call, pattern, text, n, source, position)) fr_drop_pattern(&pattern);
    return pattern;
}

uint32_t fr_pattern_groups(const fr_pattern *pattern)
{
    return pattern->groups;
}

void fr_pattern_hasten(fr_pattern *pattern, int64_t n_texts)
{
    size_t bytes = 0;
    if (n_texts < HASTEN_TEXTS || pattern->hasty || pcre2_pattern_info(pattern->code, PCRE2_INFO_SIZE, &bytes) != 0)
        return;
    pattern->hasty = pattern->is_simple
                  || (bytes <= HASTEN_CODE_BYTES && pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) == 0);
}

/* ---- matching -------------------------------------------------------------------------------------------------------
 */
static bool prepare(fr_call *call, fr_matcher *matcher, uint32_t pairs)
{
    if (matcher->data && matcher->pairs >= pairs) return true;
    fr_matcher_clear(matcher);
    matcher->context = call->context;
    matcher->general = pcre2_general_context_create(pcre_alloc, pcre_free, call->context);
    if (matcher->general) matcher->data = pcre2_match_data_create(pairs, matcher->general);
    if (matcher->data) matcher->limits = pcre2_match_context_create(matcher->general);
    if (!matcher->limits) return fr_fail_memory(call, pairs * sizeof(size_t));
    matcher->spans = pcre2_get_ovector_pointer(matcher->data);
    matcher->pairs = pairs;
    matcher->steps = MATCH_STEPS;
    matcher->share_bytes = SIZE_MAX;
    pcre2_set_match_limit(matcher->limits, MATCH_STEPS);
    pcre2_set_depth_limit(matcher->limits, MATCH_DEPTH);
    pcre2_set_heap_limit(matcher->limits, HEAP_KIB);
    return true;
}

void fr_matcher_clear(fr_matcher *matcher)
{
    pcre2_jit_stack_free(matcher->stack);
    pcre2_match_context_free(matcher->limits);
    pcre2_match_data_free(matcher->data);
    pcre2_general_context_free(matcher->general);
    matcher->stack = matcher->limits = matcher->data = matcher->general = NULL;
    matcher->spans = NULL;
    matcher->pairs = 0;
}

/* `share_bytes`: see fr_matcher; texts are often as long as the one before, which spares a division. */
static void limit_steps(fr_matcher *matcher, uint32_t steps, size_t share_bytes)
{
    matcher->share_bytes = share_bytes;
    if (matcher->steps == steps) return;
    matcher->steps = steps;
    pcre2_set_match_limit(matcher->limits, steps);
}

/* Machine code without a stack of its own gets one on ours, page by page, for each text. Should there be none, that is
 * as good. */
static void give_stack(fr_matcher *matcher)
{
    matcher->stack = pcre2_jit_stack_create(STACK_BYTES, STACK_BYTES, matcher->general);
    if (matcher->stack) pcre2_jit_stack_assign(matcher->limits, NULL, matcher->stack);
}

/* By machine code: 1, 0, or less: somebody else has to decide. */
static int match_hastily(fr_matcher *matcher, const fr_pattern *pattern, const char *text, size_t n, size_t from)
{
    if (!matcher->stack) give_stack(matcher);
    if (n != matcher->share_bytes)
        limit_steps(matcher, n < MATCH_STEPS / HASTY_STEPS_MIN ? MATCH_STEPS / (uint32_t)(n + 1) : HASTY_STEPS_MIN, n);
    int found = pcre2_jit_match(pattern->code, (PCRE2_SPTR)text, n, from, PCRE2_NO_UTF_CHECK, matcher->data,
                                matcher->limits);
    return found >= 0 ? 1 : found == PCRE2_ERROR_NOMATCH ? 0 : -1;
}

static int match(fr_call *call, fr_matcher *matcher, const fr_pattern *pattern, const char *text, size_t n, size_t from,
                 uint32_t how)
{
    if (!prepare(call, matcher, pattern->groups + 1)) return -1;
    if (!text) text = "";
    int found = pattern->hasty && !pattern->is_simple && !how ? match_hastily(matcher, pattern, text, n, from) : -1;
    if (found >= 0) return found;
    limit_steps(matcher, MATCH_STEPS, SIZE_MAX);
    found = pcre2_match(pattern->code, (PCRE2_SPTR)text, n, from, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT | how,
                        matcher->data, matcher->limits);
    if (found >= 0) return 1;
    if (found == PCRE2_ERROR_NOMATCH) return 0;
    if (found == PCRE2_ERROR_NOMEMORY) return fr_fail_memory(call, n), -1;
    return -2;
}

const fr_simple_pattern *fr_pattern_with_prefix(const fr_pattern *pattern)
{
    const bool has = pattern->hasty && pattern->is_simple && pattern->simple.n_prefix >= FR_SIMPLE_PREFIX;
    return has ? &pattern->simple : NULL;
}

int fr_pattern_find(fr_call *call, fr_matcher *matcher, const fr_pattern *pattern, const char *text, size_t n,
                    size_t from, const size_t **spans)
{
    if (pattern->hasty && pattern->is_simple) {
        const int simply = fr_simple_pattern_find(&pattern->simple, text, n, from, matcher->own);
        *spans = matcher->own;
        if (simply >= 0) return simply;
    }
    int found = match(call, matcher, pattern, text, n, from, 0);
    if (found == 1) *spans = matcher->spans;
    return found;
}

int fr_pattern_find_whole(fr_call *call, fr_matcher *matcher, const fr_pattern *pattern, const char *text, size_t n)
{
    return match(call, matcher, pattern, text, n, 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED);
}

int fr_pattern_search(fr_call *call, const fr_pattern *pattern, const char *text, size_t n)
{
    fr_matcher matcher = { .context = call->context };
    const size_t *spans;
    int found = fr_pattern_find(call, &matcher, pattern, text, n, 0, &spans);
    fr_matcher_clear(&matcher);
    if (found == -2) fr_fail(call, FR_ERR_LIMIT, "the pattern takes too many steps on a text of %zu bytes", n);
    return found;
}
