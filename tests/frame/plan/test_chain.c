/* Steps written on one line. */
#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static fr_steps *read_chain(const char *text)
{
    fr_steps *steps = fr_steps_parse_chain(text, NULL);
    char message[512] = "";
    if (!fr_ok(steps)) fr_error_text(steps, message, sizeof message);
    CHECK_STR(message, "");
    return steps;
}

static const fr_step *step_at(const fr_steps *steps, size_t i)
{
    static const fr_step none;
    const fr_step *step = fr_steps_at(steps, i);
    return step ? step : &none;
}

TEST(the_chain_of_the_manual_is_read)
{
    fr_auto(steps) steps = read_chain(
        "where quantity > 0 | group region: revenue = sum(quantity*unit_price), n = size() | sort -revenue | head 5");
    CHECK_INT(fr_steps_count(steps), 4);
    CHECK_STR(step_at(steps, 0)->args.filter.where, "quantity > 0");
    CHECK_STR(step_at(steps, 1)->args.group.by, "region");
    CHECK_STR(step_at(steps, 1)->args.group.agg, "revenue = sum(quantity*unit_price); n = size()");
    CHECK_STR(step_at(steps, 2)->args.sort.by, "-revenue");
    CHECK_INT(step_at(steps, 3)->args.head.n, 5);
}

TEST(bars_and_commas_inside_quotes_and_brackets_stay)
{
    fr_auto(steps) steps =
        read_chain("where a == 'x|y' or `odd | name` in ('a,b', 'c') | with t = f(a, b), u = 'p, q'|head");
    CHECK_INT(fr_steps_count(steps), 3);
    CHECK_STR(step_at(steps, 0)->args.filter.where, "a == 'x|y' or `odd | name` in ('a,b', 'c')");
    CHECK_STR(step_at(steps, 1)->args.with.assign, "t = f(a, b); u = 'p, q'");
    CHECK_INT(step_at(steps, 2)->args.head.n, 5);
}

TEST(options_follow_by_name_alone_or_as_words)
{
    fr_auto(steps) steps =
        read_chain("sort region, revenue desc nulls_first | distinct order_id keep last | distinct a first"
                   "| sample 100 seed 42 shuffle | sample 10% | slice 20 5 | tail 3");
    CHECK_STR(step_at(steps, 0)->args.sort.by, "region, revenue desc");
    CHECK(step_at(steps, 0)->args.sort.nulls_first);
    CHECK_STR(step_at(steps, 1)->args.distinct.columns, "order_id");
    CHECK_INT(step_at(steps, 1)->args.distinct.keep, FR_KEEP_LAST);
    CHECK_STR(step_at(steps, 2)->args.distinct.columns, "a");
    CHECK_INT(step_at(steps, 2)->args.distinct.keep, FR_KEEP_FIRST);
    CHECK_INT(step_at(steps, 3)->args.sample.n, 100);
    CHECK_INT(step_at(steps, 3)->args.sample.seed, 42);
    CHECK(step_at(steps, 3)->args.sample.shuffle);
    CHECK_F64(step_at(steps, 4)->args.sample.fraction, 0.1);
    CHECK_INT(step_at(steps, 5)->args.slice.offset, 20);
    CHECK_INT(step_at(steps, 5)->args.slice.n, 5);
    CHECK_INT(step_at(steps, 6)->args.tail.n, 3);
}

static void check_no_bar(const char *text, const char *expected)
{
    char message[512] = "";
    fr_auto(steps) steps = fr_steps_parse_chain(text, NULL);
    fr_error_text(steps, message, sizeof message);
    CHECK(!fr_ok(steps) && strstr(message, expected) != NULL);
}

TEST(a_step_without_a_bar_before_it_is_told)
{
    check_no_bar("sort tip desc limit 3", "expected '|' before 'limit' (it stands between steps: … | limit …)");
    check_no_bar("sort -tip head", "expected '|' before 'head'");
    check_no_bar("where tip > 3 select tip", "expected '|' before 'select'");
    check_no_bar("group day: n = size() where n > 3", "expected '|' before 'where'");
    check_no_bar("head 3 sort tip", "expected '|' before 'sort'");
    check_no_bar("sample 10% sort tip", "expected '|' before 'sort'");
}

/* Names that are those of verbs, wherever a name may stand, and options. */
TEST(a_verbs_name_may_be_a_columns)
{
    fr_auto(steps) steps = read_chain(
        "sort head desc, limit, -sort | where head > 3 and count in (tail) or not sample | select limit, count"
        "| fill_null head forward limit 3 by count | distinct sort keep last | group by count: head = max(head) sort"
        "| with cast = head * count - limit % 3, x = sort if head else drop | melt id head on count, drop | tail 3 by sort"
        "| rename head as sort | pivot count on head values limit agg max | parse_dates drop as '%d' | count");
    CHECK_INT(fr_steps_count(steps), 13);
}

TEST(head_and_tail_take_groups)
{
    fr_auto(steps) steps = read_chain("head 2 by region, store | tail by `by` | limit -1 by matches('^k')");
    CHECK_INT(step_at(steps, 0)->args.head.n, 2);
    CHECK_STR(step_at(steps, 0)->args.head.by, "region, store");
    CHECK_INT(step_at(steps, 1)->args.tail.n, 5);
    CHECK_STR(step_at(steps, 1)->args.tail.by, "`by`");
    CHECK_INT(step_at(steps, 2)->args.head.n, -1);
    CHECK_STR(step_at(steps, 2)->args.head.by, "matches('^k')");
}

TEST(a_word_beside_a_comma_is_a_column)
{
    fr_auto(steps) steps = read_chain("distinct first, last | distinct keep, region | drop_null all, how any");
    CHECK_STR(step_at(steps, 0)->args.distinct.columns, "first, last");
    CHECK_STR(step_at(steps, 1)->args.distinct.columns, "keep, region");
    CHECK_STR(step_at(steps, 2)->args.drop_null.columns, "all, how");
}

TEST(missing_values_are_filled_by_value_or_by_method)
{
    fr_auto(steps) steps =
        read_chain("fill_null price with 0 | fill name with 'n/a' | fill_null a, b forward limit 2 by region "
                   "| fill_null mean | fill_null flag with true | fill_null x with -1.5 | drop_null a, b all");
    CHECK_STR(step_at(steps, 0)->args.fill_null.columns, "price");
    CHECK_INT(step_at(steps, 0)->args.fill_null.value.kind, FR_I64);
    CHECK_INT(step_at(steps, 1)->args.fill_null.value.length, 3);
    CHECK(!memcmp(step_at(steps, 1)->args.fill_null.value.as.s, "n/a", 3));
    CHECK_STR(step_at(steps, 2)->args.fill_null.columns, "a, b");
    CHECK_INT(step_at(steps, 2)->args.fill_null.method, FR_FILL_FORWARD);
    CHECK_INT(step_at(steps, 2)->args.fill_null.limit, 2);
    CHECK_STR(step_at(steps, 2)->args.fill_null.by, "region");
    CHECK(step_at(steps, 3)->args.fill_null.columns == NULL);
    CHECK_INT(step_at(steps, 3)->args.fill_null.method, FR_FILL_MEAN);
    CHECK_INT(step_at(steps, 4)->args.fill_null.value.kind, FR_BOOL);
    CHECK_F64(step_at(steps, 5)->args.fill_null.value.as.f, -1.5);
    CHECK_INT(step_at(steps, 6)->args.drop_null.how, FR_DROP_ALL);
    fr_auto(steps) texts = read_chain("fill x with 'it\\'s' | fill x with '0' | fill x with \"a\\\\b\"");
    CHECK_STR(step_at(texts, 0)->args.fill_null.value.as.s, "it's");
    CHECK_INT(step_at(texts, 1)->args.fill_null.value.kind, FR_STR);
    CHECK_STR(step_at(texts, 2)->args.fill_null.value.as.s, "a\\b");
}

TEST(complete_takes_its_steps_by_their_words)
{
    fr_auto(steps) steps = read_chain("complete region, day every 1d by shop start 2024-01-01 end '2024-12-31' | "
                                      "complete x every 10 from 0 to 100");
    REQUIRE(fr_steps_count(steps) == 2);
    CHECK_STR(step_at(steps, 0)->args.complete.columns, "region, day");
    CHECK_STR(step_at(steps, 0)->args.complete.every.as.s, "1d");
    CHECK_STR(step_at(steps, 0)->args.complete.by, "shop");
    CHECK_STR(step_at(steps, 0)->args.complete.start.as.s, "2024-01-01");
    CHECK_STR(step_at(steps, 0)->args.complete.end.as.s, "2024-12-31");
    CHECK_INT(step_at(steps, 1)->args.complete.every.as.i, 10);
    CHECK_INT(step_at(steps, 1)->args.complete.start.as.i, 0);
    CHECK_INT(step_at(steps, 1)->args.complete.end.as.i, 100);
}

TEST(a_pivot_and_a_melt_are_spelt_by_their_options)
{
    fr_auto(steps) steps = read_chain("pivot region, day columns month values sales, qty agg sum, mean fill 0 only Jan, 'Feb 2' "
                                      "sort drop_nulls max_columns 7 naming '{column}' | "
                                      "pivot region on month: revenue = sum(qty * price), n = size() sorted | "
                                      "pivot on month: size() | melt id, region values Jan, Feb variable month value v | "
                                      "melt id region on numeric() drop_nulls");
    const fr_pivot_args *first = &step_at(steps, 0)->args.pivot;
    CHECK_STR(first->index, "region, day");
    CHECK_STR(first->columns, "month");
    CHECK_STR(first->values, "sales, qty");
    CHECK_STR(first->agg, "sum, mean");
    CHECK_INT(first->fill.kind, FR_I64);
    CHECK_STR(first->only, "Jan, 'Feb 2'");
    CHECK_STR(first->naming, "{column}");
    CHECK_INT(first->max_columns, 7);
    CHECK(first->sort && first->drop_nulls);
    CHECK_STR(step_at(steps, 1)->args.pivot.index, "region");
    CHECK_STR(step_at(steps, 1)->args.pivot.columns, "month");
    CHECK_STR(step_at(steps, 1)->args.pivot.agg, "revenue = sum(qty * price); n = size()");
    CHECK(step_at(steps, 1)->args.pivot.sort);
    fr_auto(steps) totals = read_chain("pivot region on month normalize columns naming '{column|All}': size() margins | "
                                       "pivot region columns month values x agg sum margins normalize index | "
                                       "pivot a on b: n = size() margins normalize index drop_nulls");
    CHECK(step_at(totals, 2)->args.pivot.margins && step_at(totals, 2)->args.pivot.drop_nulls);
    CHECK_INT(step_at(totals, 2)->args.pivot.normalize, FR_SHARE_INDEX);
    CHECK_STR(step_at(totals, 2)->args.pivot.agg, "n = size()");
    CHECK(step_at(totals, 0)->args.pivot.margins && step_at(totals, 1)->args.pivot.margins);
    CHECK_INT(step_at(totals, 0)->args.pivot.normalize, FR_SHARE_COLUMNS);
    CHECK_INT(step_at(totals, 1)->args.pivot.normalize, FR_SHARE_INDEX);
    CHECK_STR(step_at(totals, 0)->args.pivot.naming, "{column|All}");
    CHECK(step_at(steps, 2)->args.pivot.index == NULL);
    CHECK_STR(step_at(steps, 2)->args.pivot.agg, "size()");
    CHECK_STR(step_at(steps, 3)->args.melt.index, "id, region");
    CHECK_STR(step_at(steps, 3)->args.melt.values, "Jan, Feb");
    CHECK_STR(step_at(steps, 3)->args.melt.variable, "month");
    CHECK_STR(step_at(steps, 3)->args.melt.value, "v");
    CHECK_STR(step_at(steps, 4)->args.melt.index, "region");
    CHECK_STR(step_at(steps, 4)->args.melt.values, "numeric()");
    CHECK(step_at(steps, 4)->args.melt.drop_nulls);
}

TEST(every_other_verb_is_spelt_naturally)
{
    fr_auto(steps) steps = read_chain("select region, numeric() | rename qty as quantity, px as price | drop a, b "
                                      "| cast quantity: i32, price: decimal(18,2) coerce | parse_dates day format "
                                      "'%d/%m/%Y|%Y' day_first errors coerce "
                                      "| describe | count region normalize | group by region sorted: n = size() | "
                                      "group: total = sum(x) | unique | limit 3 "
                                      "| write 'out file.csv' options \"sep = ';'\"");
    CHECK_STR(step_at(steps, 0)->args.select.columns, "region, numeric()");
    CHECK_STR(step_at(steps, 1)->args.rename.names, "qty as quantity, px as price");
    CHECK_STR(step_at(steps, 2)->args.drop.columns, "a, b");
    CHECK_STR(step_at(steps, 3)->args.cast.types, "quantity: i32, price: decimal(18,2)");
    CHECK_INT(step_at(steps, 3)->args.cast.errors, FR_ERRORS_COERCE);
    CHECK_STR(step_at(steps, 4)->args.parse_dates.columns, "day");
    CHECK_STR(step_at(steps, 4)->args.parse_dates.format, "%d/%m/%Y|%Y");
    CHECK(step_at(steps, 4)->args.parse_dates.day_first);
    CHECK_INT(step_at(steps, 4)->args.parse_dates.errors, FR_ERRORS_COERCE);
    CHECK_INT(step_at(steps, 5)->verb, FR_VERB_DESCRIBE);
    CHECK_STR(step_at(steps, 6)->args.value_counts.columns, "region");
    CHECK(step_at(steps, 6)->args.value_counts.normalize);
    CHECK_STR(step_at(steps, 7)->args.group.by, "region");
    CHECK(step_at(steps, 7)->args.group.sort);
    CHECK(step_at(steps, 8)->args.group.by == NULL);
    CHECK_STR(step_at(steps, 8)->args.group.agg, "total = sum(x)");
    CHECK_INT(step_at(steps, 9)->verb, FR_VERB_DISTINCT);
    CHECK_INT(step_at(steps, 10)->args.head.n, 3);
    CHECK_STR(step_at(steps, 11)->args.write.path, "out file.csv");
    CHECK_STR(step_at(steps, 11)->args.write.options, "sep = ';'");
}

/* Options behind aggregates are read from the end: of two of a kind the last holds, of two that are wrong the first is told,
 * and however many there are, the stack is as deep. */
TEST(options_behind_aggregates_may_be_many)
{
    enum { TIMES = 200000 };
    static const char begin[] = "pivot s on c: size() normalize all", more[] = " normalize none", last[] = " normalize index";
    fr_auto(steps) steps = read_chain("pivot s on c: size() normalize all normalize index");
    CHECK_INT(step_at(steps, 0)->args.pivot.normalize, FR_SHARE_INDEX);
    fr_auto(steps) wrong = fr_steps_parse_chain("pivot s on c: size() normalize nope normalize neither", NULL);
    CHECK(!fr_ok(wrong) && strstr(fr_error(wrong)->message, "nope"));
    char *text = malloc(sizeof begin + TIMES * (sizeof more - 1) + sizeof last), *at = text;
    REQUIRE(text != NULL);
    at += sprintf(at, "%s", begin);
    for (int i = 0; i < TIMES; i++) at += sprintf(at, "%s", more);
    (void)sprintf(at, "%s", last);
    fr_auto(steps) many = read_chain(text);
    free(text);
    REQUIRE(fr_ok(many));
    CHECK_INT(step_at(many, 0)->args.pivot.normalize, FR_SHARE_INDEX);
}

TEST(switches_of_group_may_stand_before_the_colon_or_at_the_end)
{
    fr_auto(steps) steps =
        read_chain("group a: n = size() sorted drop_nulls | group a drop_nulls: n = size(), m = b.mean()"
                   "| group a: sorted = max(sorted) | group a: sum(b) over");
    CHECK_STR(step_at(steps, 0)->args.group.agg, "n = size()");
    CHECK(step_at(steps, 0)->args.group.sort && step_at(steps, 0)->args.group.drop_nulls);
    CHECK_STR(step_at(steps, 1)->args.group.agg, "n = size(); m = b.mean()");
    CHECK(!step_at(steps, 1)->args.group.sort && step_at(steps, 1)->args.group.drop_nulls);
    CHECK_STR(step_at(steps, 2)->args.group.agg, "sorted = max(sorted)");
    CHECK(!step_at(steps, 2)->args.group.sort);
    CHECK_STR(step_at(steps, 3)->args.group.agg, "sum(b) over");
}

TEST(an_option_that_is_misspelt_is_asked_about)
{
    static const struct { const char *chain, *message, *hint; int64_t position; } cases[] = {
        { "distinct a kep last", "distinct has no option 'kep'", "did you mean 'keep'?", 11 },
        { "sort a nulls_fist", "sort has no option 'nulls_fist'", "did you mean 'nulls_first'?", 7 },
        { "group a sortd: n = size()", "group has no option 'sortd'", "did you mean 'sort'?", 8 },
        { "group a: n = size() sortd", "group has no option 'sortd'", "did you mean 'sort'?", 20 },
        { "pivot a on b: size() normalise index", "pivot has no option 'normalise'", "did you mean 'normalize'?", 21 },
        { "fill_null a forwrad", "fill_null has no option 'forwrad'", "did you mean 'forward'?", 12 },
        { "head 1 bi a", "head has no option 'bi'", "did you mean 'by'?", 7 },
        { "sample 10 sed 1", "sample has no option 'sed'", "did you mean 'seed'?", 10 },
        { "melt a valeus b", "melt has no option 'valeus'", "did you mean 'values'?", 7 },
        { "a > 1", "no verb 'a'", "a condition stands behind where", 0 },
        { "where a > 1 | b < 2", "no verb 'b'", "a bar stands between steps; conditions are joined by 'or'", 14 },
        { "b = a + 1", "no verb 'b'", "what is computed stands behind with: with x = …", 0 },
        { "SELECT a", "no verb 'SELECT a'", "verbs are written small", 0 },
        { "sample 0.5", "n of sample must be a whole number, not '0.5'", "sample 10%, or sample fraction 0.1", 7 },
        { "explode a", "no verb 'explode'",
          "here it is with: first = list_get(x, 0), since the items of a list have no rows of their own", 0 },
        { "fill_null a 0", "fill_null needs a value or a method, as in: fill_null price with 0", NULL, 13 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fr_auto(steps) steps = fr_steps_parse_chain(cases[i].chain, NULL);
        const fr_error_info *error = fr_error(steps);
        REQUIRE(error != NULL);
        CHECK_STR(error->message, cases[i].message);
        CHECK_STR(error->hint ? error->hint : "none", cases[i].hint ? cases[i].hint : "none");
        CHECK_INT(error->position, cases[i].position);
    }
}

/* As hints write it, and other languages: it was a part of the value, so that fill_null filled texts with "= x". */
TEST(an_equals_sign_may_stand_between_an_option_and_its_value)
{
    static const char *const chains[][2] = {
        { "fill_null a value = x", "fill_null a value x" },       { "fill_null a with=x by = b", "fill_null a with x by b" },
        { "fill_null a with '= x'", "fill_null a with '= x'" },   { "sample n = 2 seed=1", "sample 2 seed 1" },
        { "head n = 2", "head 2" },                               { "distinct a keep = last", "distinct a keep last" },
        { "distinct a keep='last'", "distinct a keep last" },     { "sort a nulls_first=true descending = true",
                                                                    "sort a nulls_first descending" },
        { "pivot a on b naming = \"key_{column}\": n = size()", "pivot a on b naming 'key_{column}': n = size()" },
        { "parse_dates a format = '%d' errors=coerce", "parse_dates a format '%d' errors coerce" },
        { "sort x = a == b", "sort x = a == b" },                 { "group x = a >= b sort = true: n = size()",
                                                                    "group x = a >= b sorted: n = size()" },
    };
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        fr_auto(steps) with = fr_steps_parse_chain(chains[i][0], NULL);
        fr_auto(steps) without = fr_steps_parse_chain(chains[i][1], NULL);
        char a[1000] = "", b[1000] = "";
        CHECK(fr_ok(with) && fr_ok(without));
        fr_steps_text(with, a, sizeof a), fr_steps_text(without, b, sizeof b);
        CHECK_STR(a, b);
    }
}

TEST(the_keys_of_a_join_stand_behind_using_or_by_as_well)
{
    int64_t k[] = { 1, 2 };
    fr_auto(frame) other = fr_frame_new(2, fr_array("k", FR_I64, k));
    static const char *const chains[] = { "join other on k", "join other using k", "left join other by k how inner" };
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        fr_auto(steps) steps = fr_steps_parse_chain_with(chains[i], &(fr_named_frame){ "other", other }, 1, NULL);
        REQUIRE(fr_ok(steps));
        CHECK_STR(step_at(steps, 0)->args.join.on, "k");
        CHECK_INT(step_at(steps, 0)->args.join.how, FR_JOIN_INNER);
    }
}

/* What stands behind a name by right. */
TEST(words_near_to_options_have_their_places)
{
    fr_auto(steps) steps = read_chain("sort a desc, b asc | rename a as b | with c = 'x' if a is null else 'y' | where a in (1, 2) "
                                      "| select kep, sortd | distinct kep | group kep, bi: sed = sum(x) | fill_null x with kep "
                                      "| melt id kep on valeus | group m = sum(x) if y else bi: n = size()");
    CHECK_INT(fr_steps_count(steps), 10);
}

TEST(options_of_one_word_may_stand_behind_the_aggregates_of_a_pivot)
{
    fr_auto(steps) steps = read_chain("pivot a on b: n = size(), s = sum(c) fill 0 max_columns 7 sorted normalize index"
                                      "| pivot a on b: size() fill '-' | pivot a on b fill 1: fill = max(fill)");
    CHECK_STR(step_at(steps, 0)->args.pivot.agg, "n = size(); s = sum(c)");
    CHECK_INT(step_at(steps, 0)->args.pivot.fill.kind, FR_I64);
    CHECK_INT(step_at(steps, 0)->args.pivot.max_columns, 7);
    CHECK(step_at(steps, 0)->args.pivot.sort && step_at(steps, 0)->args.pivot.normalize == FR_SHARE_INDEX);
    CHECK_STR(step_at(steps, 1)->args.pivot.fill.as.s, "-");
    CHECK_STR(step_at(steps, 2)->args.pivot.agg, "fill = max(fill)");
    fr_auto(steps) wrong = fr_steps_parse_chain("pivot a on b: size() max_columns many", NULL);
    REQUIRE(!fr_ok(wrong));
    CHECK_STR(fr_error(wrong)->message, "max_columns of pivot must be a whole number, not 'many'");
}

/* The ':' of a parameter among computed keys is not the one before the aggregates. */
TEST(keys_of_a_group_may_name_parameters)
{
    static const struct { const char *chain, *by, *agg; } cases[] = {
        { "group big = x > :low, region: n = size(), m = sum(x)", "big = x > :low, region", "n = size(); m = sum(x)" },
        { "group big = x > :low and y < :high : n = size()", "big = x > :low and y < :high", "n = size()" },
        { "group m = month(d): n = sum(x) > :a", "m = month(d)", "n = sum(x) > :a" },
        { "group m = month(d):n = size()", "m = month(d)", "n = size()" },
        { "group region :n = sum(x) > :a", "region", "n = sum(x) > :a" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fr_auto(steps) steps = read_chain(cases[i].chain);
        CHECK_STR(step_at(steps, 0)->args.group.by, cases[i].by);
        CHECK_STR(step_at(steps, 0)->args.group.agg, cases[i].agg);
    }
}

typedef struct bad_chain { const char *text; fr_code code; int64_t position; } bad_chain;

TEST(count_alone_is_the_number_of_rows)
{
    fr_auto(steps) rows = fr_steps_parse_chain("where x > 3 | count | head 1", NULL);
    REQUIRE(fr_steps_count(rows) == 3);
    CHECK_INT(step_at(rows, 1)->verb, FR_VERB_GROUP);
    CHECK_STR(step_at(rows, 1)->args.group.agg, "rows = size()");
    CHECK(step_at(rows, 1)->args.group.by == NULL);
    fr_auto(steps) values = fr_steps_parse_chain("count region | count region normalize | value_counts | count normalize", NULL);
    REQUIRE(fr_steps_count(values) == 4);
    for (size_t i = 0; i < 4; i++) CHECK_INT(step_at(values, i)->verb, FR_VERB_VALUE_COUNTS);
}

TEST(what_is_wrong_is_pointed_at)
{
    static const bad_chain chains[] = {
        { "", FR_ERR_SYNTAX, 0 },
        { "head 3 |", FR_ERR_SYNTAX, 8 },
        { "head 3 || tail", FR_ERR_SYNTAX, 8 },
        { "whre x > 1", FR_ERR_NOT_FOUND, 0 },
        { "head 3 | srt a", FR_ERR_NOT_FOUND, 9 },
        { "head five", FR_ERR_SYNTAX, 5 },
        { "group region", FR_ERR_SYNTAX, 12 },
        { "group region:", FR_ERR_SYNTAX, 13 },
        { "where", FR_ERR_SYNTAX, 5 },
        { "where 'open", FR_ERR_SYNTAX, 6 },
        { "where f(1 | head", FR_ERR_SYNTAX, 7 },
        { "distinct a keep middle", FR_ERR_SYNTAX, 16 },
        { "distinct a first b", FR_ERR_SYNTAX, 17 },
        { "slice 1 2 3", FR_ERR_SYNTAX, 10 },
        { "sample x%", FR_ERR_SYNTAX, 7 },
        { "sample 10 seed", FR_ERR_SYNTAX, 14 },
        { "concat", FR_ERR_SYNTAX, 6 },
    };
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        fr_auto(steps) steps = fr_steps_parse_chain(chains[i].text, NULL);
        CHECK_INT(fr_error_code(steps), chains[i].code);
        if (fr_error(steps)) CHECK_INT(fr_error(steps)->position, chains[i].position);
    }
    fr_auto(steps) misspelt = fr_steps_parse_chain("head 3 | srt a", NULL);
    if (fr_error(misspelt)) CHECK_STR(fr_error(misspelt)->hint, "did you mean 'sort'?");
    fr_auto(steps) foreign = fr_steps_parse_chain("head 3 | arrange a", NULL);
    if (fr_error(foreign)) CHECK_STR(fr_error(foreign)->hint, "here it is sort");
    fr_auto(steps) swapped = fr_steps_parse_chain("join other.csv on k how right", NULL);
    CHECK_INT(fr_error_code(swapped), FR_ERR_SYNTAX);
    if (fr_error(swapped)) CHECK_STR(fr_error(swapped)->hint, "here it is left, with the two frames swapped");
    fr_auto(steps) none = fr_steps_parse_chain(NULL, NULL);
    CHECK_INT(fr_error_code(none), FR_ERR_ARGUMENT);
}

TEST(a_chain_survives_the_job_file)
{
    fr_auto(steps) steps = read_chain("where a > 1 | group b: n = size(), m = mean(a) | sort -n nulls_first | head 2");
    char text[2000], again[2000];
    CHECK(fr_steps_text(steps, text, sizeof text) < sizeof text);
    fr_auto(steps) back = fr_steps_parse(text, NULL);
    CHECK(fr_ok(back));
    fr_steps_text(back, again, sizeof again);
    CHECK_STR(again, text);
}

TEST(a_name_may_stand_for_a_frame)
{
    int64_t id[] = { 1, 2 }, size[] = { 10, 20 };
    fr_auto(frame) left = fr_frame_new(2, fr_array("id", FR_I64, id));
    fr_auto(frame) right = fr_frame_new(2, fr_array("id", FR_I64, id), fr_array("size", FR_I64, size));
    fr_named_frame named[] = { { "other", left }, { "sizes", right } };
    fr_auto(steps) steps = fr_steps_parse_chain_with("join sizes on id", named, 2, NULL);
    fr_auto(frame) joined = fr_run(left, steps);
    REQUIRE(fr_ok(joined));
    CHECK_INT(fr_get(joined, 1, "size").as.i, 20);
    static const char *const full[] = { "full join sizes on id", "outer join sizes on id", "join sizes on id full",
                                        "join sizes how outer on id" };
    for (size_t i = 0; i < sizeof full / sizeof *full; i++) {
        fr_auto(steps) said = fr_steps_parse_chain_with(full[i], named, 2, NULL);
        REQUIRE(fr_steps_count(said) == 1);
        CHECK_INT(step_at(said, 0)->args.join.how, FR_JOIN_FULL);
        CHECK_STR(step_at(said, 0)->args.join.on, "id");
    }
    static const char *const pairs[] = { "left join sizes on size = id, id = size", "join sizes how left on size = id, id = size",
                                         "join sizes on size = id, id = size left" };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        fr_auto(steps) said = fr_steps_parse_chain_with(pairs[i], named, 2, NULL);
        REQUIRE(fr_steps_count(said) == 1);
        CHECK_INT(step_at(said, 0)->args.join.how, FR_JOIN_LEFT);
        CHECK_STR(step_at(said, 0)->args.join.on, "size = id, id = size");
    }
    fr_auto(steps) none = fr_steps_parse_chain_with("join nowhere.csv on id", named, 2, NULL);
    fr_auto(frame) failed = fr_run(left, none);
    CHECK(!fr_ok(failed));
}
