/* test_expr_survival.c — every allocation of parsing and computing fails in turn: a clean error or the same result. */
#include "support/expr_support.h"
#include "support/expr_twin.h"
#include "support/test.h"
#include "support/torture.h"

#include <stdio.h>
#include <string.h>

static uint64_t digest_of(const fr_column *column)
{
    char room[512];
    uint64_t digest = 0;
    for (int64_t i = 0; i < column->length; i++)
        digest = fr_digest(digest, room, fr_test_cell(column, i, room, sizeof room) % sizeof room);
    return digest;
}

static fr_outcome compute(fr_context *context, void *text)
{
    fr_call call;
    uint64_t digest = 0;
    fr_call_begin(&call, context, NULL, 0);
    fr_frame *frame = fr_twin_frame(&call, 150, 9);
    fr_expr *expr = frame ? fr_expr_parse(&call, text, NULL, 0) : NULL;
    fr_column *column =
        expr ? fr_expr_eval(&call, expr, &(fr_eval){ .frame = frame, .aggregator = fr_test_aggregator() }) : NULL;
    if (column) digest = digest_of(column);
    fr_column_unref(column);
    fr_expr_unref(expr);
    fr_frame_unref(frame);
    return fr_outcome_of_call(&call, digest);
}

TEST(computing_survives_every_failure)
{
    static const char *const texts[] = {
        "upper(c) + '-' + coalesce(s, 'nothing at all here')",
        "k * 2 + i // 3 if k in (1, 2, 7) else cast(x, 'str').len()",
        "matches(s, '^[a-z]+') and not contains(c, 'E')",
        "sum(k) over c",
        "cum_sum(k) over (c, f)",
        "rank(s)",
        "rolling_mean(k, 2) over c",
        "list_len(split(s, ' '))",
        "strftime(d, '%Y')",
        "lower(s + ', and more of it')",
        "lower(s)",
        "strip(slice(s, 1, 30))",
        "cast('1.50', 'decimal(9,2)') * k",
        "i + i + i + i",
        "when(x < 0, 'negative', k > 1, 'more than twelve bytes')",
        "startswith(s, 'a') and hash(s) > 5",
        "hour(localize(cast(d, 'datetime[us]'), 'Europe/Berlin', 'earliest'))",
    };
    for (size_t i = 0; i < FR_COUNT_OF(texts); i++) TORTURE(compute, (void *)(uintptr_t)texts[i]);
}

static fr_outcome parse_list(fr_context *context, void *text)
{
    fr_call call;
    fr_list list;
    uint64_t digest = 0;
    fr_call_begin(&call, context, NULL, 0);
    fr_frame *frame = fr_twin_frame(&call, 3, 9);
    if (frame &&
        fr_list_parse(&call, text, frame->schema, FR_LIST_SELECTORS | FR_LIST_DIRECTIONS | FR_LIST_AS, false, &list)) {
        for (size_t i = 0; i < list.n; i++) digest = fr_digest(digest, list.items[i].name, strlen(list.items[i].name));
        fr_list_clear(&list);
    }
    fr_frame_unref(frame);
    return fr_outcome_of_call(&call, digest);
}

static fr_outcome parse_assignments(fr_context *context, void *text)
{
    fr_call call;
    fr_assignments a;
    uint64_t digest = 0;
    fr_call_begin(&call, context, NULL, 0);
    if (fr_assignments_parse(&call, text, NULL, 0, &a)) {
        for (size_t i = 0; i < a.n; i++) digest = fr_digest(digest, a.names[i], strlen(a.names[i]));
        fr_assignments_clear(&a);
    }
    return fr_outcome_of_call(&call, digest);
}

TEST(parsing_survives_every_failure)
{
    TORTURE(parse_list, (void *)(uintptr_t)"i desc, matches('^[xk]'), except(d, text()), s as t");
    TORTURE(parse_assignments, (void *)(uintptr_t)"a = b + 1; sum(x)\n`odd name` = 'text' in ('a', 'b')");
}
