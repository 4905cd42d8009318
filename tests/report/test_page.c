/* The page builder: structure, escaping, limits, the same bytes for the same calls, failures. */
#include "report/page.h"

#include <frame/csv.h>
#include <frame/steps.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/context_state.h"
#include "support/test.h"
#include "support/torture.h"

static fr_frame *some_frame(fr_context *context)
{
    static const char *const region[] = { "North", "</script><b>", NULL };
    static const double revenue[] = { 1194049.29, -493894.5, 0 };
    static const int64_t orders[] = { 19432, 8069, 15 };
    fr_array_spec arrays[] = { fr_array("region", FR_STR, region), fr_array("revenue", FR_F64, revenue),
                               fr_array("orders", FR_I64, orders) };
    return fr_frame_from_arrays(3, arrays, 3, context);
}

static const fr_table_column columns[] = {
    { .column = "region", .label = "Region & co" },
    { .column = "revenue", .format = { .kind = FR_NUMERAL_MONEY, .unit = "$" }, .bar = true },
    { .column = "orders" },
};

/* One of everything. */
static void fill(fr_page *page, const fr_frame *frame)
{
    static const double spark[] = { 1, 2, 3 };
    fr_page_tiles(page, (fr_tile[]){ { .label = "Revenue <all>", .value = "$1", .changed = true, .change = 0.083,
                                       .against = "2023", .good = FR_GOOD_UP, .spark = spark, .n_spark = 3 } }, 1);
    fr_page_section(page, "One & only");
    fr_page_paragraph(page, "first <b>\n\nsecond");
    fr_page_note(page, FR_SEVERITY_BAD, "Look", "out <i>");
    fr_page_alerts(page, (fr_alert[]){ { FR_SEVERITY_INFO, "constant", "a<b", "only one value", "One & only" },
                                       { FR_SEVERITY_BAD, "missing", NULL, "half", NULL } }, 2);
    fr_page_section(page, "Two");
    fr_page_grid(page);
    fr_page_table(page, frame, &(fr_table_args){ .columns = columns, .n_columns = 3, .totals = true, .caption = "By <region>" });
    fr_page_chart(page, &(fr_chart_args){ .svg = fr_page_svg(page, "<svg><title>x</title></svg>", 0), .title = "A <chart>",
                                          .caption = "below", .data = frame });
    fr_page_grid_end(page);
    fr_page_section(page, "Two");
    fr_page_facts(page, (fr_fact[]){ { "mean", "<3" } }, 1);
    fr_page_dictionary(page, (fr_dictionary_entry[]){ { .name = "region", .type = "str", .example = "<EU>" } }, 1);
    fr_page_definitions(page, (fr_definition[]){ { "Revenue", "what was paid", "sum(a < b)" } }, 1);
    fr_page_code(page, "a < b");
    fr_page_list(page, (const char *const[]){ "<li>" }, 1);
}

static bool holds(const char *html, const char *text)
{
    const bool found = html && strstr(html, text);
    CHECK_STR(found ? text : html ? "(the page)" : NULL, text);
    return found;
}

static bool lacks(const char *html, const char *text) { return html && !strstr(html, text); }

TEST(a_page_of_everything_is_escaped_everywhere)
{
    fr_auto(frame) frame = some_frame(NULL);
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "T < \"1\"", .subtitle = "s & s", .lang = "en" });
    fill(page, frame);
    size_t n;
    const char *html = fr_page_html(page, &n);
    REQUIRE(html != NULL);
    CHECK_INT(n, strlen(html));
    holds(html, "<title>T &lt; &quot;1&quot;</title>");
    holds(html, "<h1>T &lt; &quot;1&quot;</h1>");
    holds(html, "Revenue &lt;all&gt;");
    holds(html, "up 8.3\xc2\xa0% on 2023");
    holds(html, "<p>first &lt;b&gt;</p>\n<p>second</p>");
    holds(html, "<bdi>&lt;/script&gt;&lt;b&gt;</bdi>");
    holds(html, "<caption>By &lt;region&gt;</caption>");
    holds(html, "<td class=\"n\">\xe2\x88\x92$493,894.50");
    holds(html, "<td class=\"n\">$700,154.79</td>");                           /* the total */
    holds(html, "<code>sum(a &lt; b)</code>");
    CHECK(lacks(html, "<b>") && lacks(html, "<i>") && lacks(html, "<script"));
    fr_page_free(page);
}

TEST(sections_have_anchors_contents_and_close_what_is_open)
{
    fr_auto(frame) frame = some_frame(NULL);
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t" });
    fill(page, frame);
    size_t n;
    const char *html = fr_page_html(page, &n);
    holds(html, "<li><a href=\"#one-only\">One &amp; only</a></li>");
    holds(html, "<section id=\"two\" aria-labelledby=\"two-title\">");
    holds(html, "<section id=\"two-3\"");                                      /* the same title again */
    holds(html, "<a href=\"#one-only\"><bdi>a&lt;b</bdi></a>");
    const char *problem = strstr(html, ">missing<"), *info = strstr(html, ">constant<");
    CHECK(problem && info && problem < info);                                  /* the worst first */
    fr_page_free(page);
}

TEST(the_same_calls_give_the_same_bytes)
{
    fr_auto(frame) frame = some_frame(NULL);
    fr_page *pages[2];
    const char *html[2];
    size_t n[2];
    for (int i = 0; i < 2; i++) {
        pages[i] = fr_page_new(&(fr_page_args){ .title = "t" });
        fill(pages[i], frame);
        html[i] = fr_page_html(pages[i], &n[i]);
    }
    CHECK_INT(n[0], n[1]);
    CHECK_STR(html[0], html[1]);
    CHECK_STR(fr_page_html(pages[0], &n[0]), html[1]);                        /* and asking again changes nothing */
    for (int i = 0; i < 2; i++) fr_page_free(pages[i]);
}

TEST(a_table_says_how_many_rows_it_leaves_out)
{
    int64_t number[100];
    for (int i = 0; i < 100; i++) number[i] = i * 1000;
    fr_auto(frame) frame = fr_frame_new(100, fr_array("number", FR_I64, number));
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t" });
    size_t n;
    fr_page_table(page, frame, NULL);
    fr_page_table(page, frame, &(fr_table_args){ .most_rows = 3, .n_all = 12345 });
    const char *html = fr_page_html(page, &n);
    holds(html, "and 80 more");
    holds(html, "and 12,342 more");
    fr_page_free(page);
}

TEST(decimals_are_shared_and_years_are_not_grouped)
{
    double price[] = { 1, 2.5 };
    int64_t year[] = { 2023, 2024 };
    fr_auto(frame) frame = fr_frame_new(2, fr_array("price", FR_F64, price), fr_array("order_year", FR_I64, year));
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t" });
    size_t n;
    fr_page_table(page, frame, NULL);
    const char *html = fr_page_html(page, &n);
    holds(html, "<td class=\"n\">1.0</td>");
    holds(html, "<td class=\"n\">2.5</td>");
    holds(html, ">2023<");
    fr_page_free(page);
}

TEST(a_page_stays_below_its_limit_and_says_what_it_left_out)
{
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t", .most_bytes = 60000 });
    char text[2001];
    memset(text, 'x', 2000);
    text[2000] = 0;
    for (int i = 0; i < 100; i++) fr_page_paragraph(page, text);
    size_t n;
    const char *html = fr_page_html(page, &n);
    CHECK(n > 20000 && n <= 60000);
    holds(html, "Left out:</strong> a paragraph, because the page would become larger than 60 kB.");
    const char *said = strstr(html, "Parts left out to keep the page below 60 kB: ");
    REQUIRE(said != NULL);
    int shown = 0;
    for (const char *p = html; (p = strstr(p, "<p>xxx")); p++) shown++;
    CHECK_INT(strtol(said + strlen("Parts left out to keep the page below 60 kB: "), NULL, 10), 100 - shown);
    CHECK_INT(fr_page_room(page), 0);
    fr_page_free(page);
}

TEST(ten_thousand_sections_stay_below_the_limit_too)
{
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t" });
    for (int i = 0; i < 10000; i++) {
        fr_page_section(page, i % 2 ? "größe & co <" : "列");
        fr_page_paragraph(page, "text");
    }
    size_t n;
    const char *html = fr_page_html(page, &n);
    CHECK(html && n > 300000 && n <= 500000);
    holds(html, "Parts left out");
    fr_page_free(page);
}

TEST(a_table_of_all_rows_ends_where_the_page_is_full)
{
    enum { ROWS = 300000 };
    int64_t *number = calloc(ROWS, sizeof *number);
    REQUIRE(number != NULL);
    fr_auto(frame) frame = fr_frame_new(ROWS, fr_array("number", FR_I64, number));
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t" });
    size_t n;
    fr_page_table(page, frame, &(fr_table_args){ .most_rows = -1 });
    fr_page_paragraph(page, "after it");
    const char *html = fr_page_html(page, &n);
    CHECK(n < 20000);
    holds(html, "Left out:</strong> a table");
    holds(html, "after it");
    fr_page_free(page);
    free(number);
}

TEST(a_failure_stays_with_the_page)
{
    fr_auto(frame) frame = some_frame(NULL);
    fr_auto(frame) failed = fr_pipe(frame, fr_filter("regoin == 'x'"));
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t" });
    size_t n;
    fr_page_table(page, failed, NULL);
    fr_page_paragraph(page, "more");
    CHECK(fr_page_html(page, &n) == NULL);
    CHECK(fr_page_write(page, "/dev/null") == NULL);
    const fr_trouble *trouble = fr_page_trouble(page);
    REQUIRE(trouble != NULL);
    CHECK_INT(trouble->code, FR_ERR_NOT_FOUND);
    holds(trouble->text, "no column 'regoin'");
    fr_page_free(page);

    page = fr_page_new(&(fr_page_args){ .title = "t" });
    static const fr_table_column wrong[] = { { .column = "nobody" } };
    fr_page_table(page, frame, &(fr_table_args){ .columns = wrong, .n_columns = 1 });
    CHECK_STR(fr_page_trouble(page)->text, "a table of the page has no column 'nobody'");
    fr_page_free(page);
}

TEST(an_empty_frame_and_a_frame_without_columns_are_tables_too)
{
    fr_auto(frame) frame = some_frame(NULL);
    fr_auto(frame) empty = fr_pipe(frame, fr_head(0));
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "" });
    size_t n;
    fr_page_table(page, empty, &(fr_table_args){ .totals = true });
    fr_page_tiles(page, NULL, 0);
    CHECK(fr_page_html(page, &n) != NULL);
    fr_page_free(page);
}

TEST(an_account_stands_in_the_footer)
{
    fr_auto(frame) frame = some_frame(NULL);
    fr_auto(frame) fewer = fr_pipe(frame, fr_filter("orders > 100"));
    fr_auto(frame) account = fr_account(fewer);
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t" });
    size_t n;
    fr_page_account(page, account);
    holds(fr_page_html(page, &n), "3 in = 2 kept + 1 filtered \xe2\x9c\x93</p>");
    fr_page_free(page);
}

TEST(the_account_of_files_below_each_other_sums)
{
    fr_auto(frame) a = fr_read_csv_bytes("x\n1\n2\nb\n", 8, .dtypes = "x: i64", .on_bad = FR_ON_BAD_COLLECT);
    fr_auto(frame) b = fr_read_csv_bytes("x\n3\n", 4);
    fr_auto(frame) both = fr_pipe(a, fr_concat(b), fr_filter("x > 1"));
    fr_auto(frame) account = fr_account(both);
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t" });
    size_t n;
    fr_page_account(page, account);
    holds(fr_page_html(page, &n), "4 in = 2 kept + 1 rejected + 1 filtered \xe2\x9c\x93</p>");
    fr_page_free(page);
}

TEST(the_account_of_a_join_tells_what_the_joined_table_lost)
{
    fr_auto(frame) frame = some_frame(NULL);
    fr_auto(frame) fewer = fr_pipe(frame, fr_filter("orders > 100"));
    fr_auto(frame) both = fr_pipe(frame, fr_join(fewer));
    fr_auto(frame) account = fr_account(both);
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t" });
    size_t n;
    fr_page_account(page, account);
    holds(fr_page_html(page, &n), "3 in = 2 kept + 1 filtered \xe2\x9c\x93; joined tables: 3 in, 1 filtered</p>");
    fr_page_free(page);
}

TEST(bars_of_decimals_are_as_long_as_their_values)
{
    static const double value[] = { -5, -1, 0.5 };
    fr_auto(frame) frame = fr_frame_new(3, fr_array("value", FR_F64, value));
    fr_auto(frame) exact = fr_pipe(frame, fr_cast("value: decimal(18,2)"));
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t" });
    const fr_table_column bars[] = { { .column = "value", .bar = true } };
    size_t n;
    fr_page_table(page, exact, &(fr_table_args){ .columns = bars, .n_columns = 1 });
    const char *html = fr_page_html(page, &n);
    holds(html, "<rect width=\"100.0\"");
    holds(html, "<rect width=\"20.0\"");
    holds(html, "<rect width=\"10.0\"");
    fr_page_free(page);
}

/* ---- failures ---------------------------------------------------------------------------------------------------- */
static fr_outcome build_page(fr_context *context, void *state)
{
    (void)state;
    fr_auto(frame) frame = some_frame(context);
    if (!fr_ok(frame)) return fr_outcome_of(frame);
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t", .context = context, .allocator = &context->allocator });
    if (!page) return (fr_outcome){ .code = FR_ERR_MEMORY };
    fill(page, frame);
    size_t n;
    const char *html = fr_page_html(page, &n);
    fr_outcome outcome = { .code = html ? FR_ERR_OK : fr_page_trouble(page)->code, .digest = html ? fr_digest(0, html, n) : 0 };
    fr_page_free(page);
    return outcome;
}

TEST(building_survives_every_failure) { TORTURE(build_page, NULL); }

static fr_outcome write_page(fr_context *context, void *path)
{
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t", .context = context, .allocator = &context->allocator });
    if (!page) return (fr_outcome){ .code = FR_ERR_MEMORY };
    fr_auto(frame) receipt = fr_page_write(page, path);
    fr_outcome outcome = { .code = receipt ? FR_ERR_OK : fr_page_trouble(page)->code };
    fr_page_free(page);
    return outcome;
}

TEST(writing_survives_every_failure) { TORTURE(write_page, (void *)fr_test_scratch("page.html")); }
