/* Reports as people write them: queries, values, conditions, and troubles at their place. */
#include "report/narrative.h"

#include <stdio.h>
#include <string.h>

#include "base/context_state.h"
#include "support/test.h"
#include "support/torture.h"

static const char *sales_path(void)
{
    const char *path = fr_test_scratch("narrative_sales.csv");
    FILE *file = fopen(path, "wb");
    if (!file) return path;
    fputs("region,product,quantity,price\nEU,pen,3,1.50\nUS,ink,1,12.25\nEU,*ink*,2,12.25\n<i>,pen,10,1.25\n", file);
    fclose(file);
    return path;
}

/* The main part of the page, or the trouble. The report lies in the scratch folder, as sales.csv does. */
static const char *page_of(const char *text)
{
    static _Thread_local char rooms[4][16384];
    static _Thread_local unsigned next;
    char *room = rooms[next++ % 4];
    sales_path();
    fr_trouble trouble = { .code = FR_ERR_OK };
    fr_narrative_args args = { .file = fr_test_scratch("r.md"), .text = text, .n = strlen(text) };
    fr_page *page = fr_narrative_page(&args, &trouble);
    size_t n;
    const char *html = page ? fr_page_html(page, &n) : NULL, *main_ = html ? strstr(html, "<header>") : NULL;
    const char *file = strstr(trouble.text, "r.md");
    snprintf(room, 16384, "%s", main_ ? main_ : file ? file : trouble.text);
    fr_page_free(page);
    return room;
}

#define HOLDS(page, text)                                                   \
    do {                                                                    \
        const char *page_ = (page);                                         \
        CHECK_STR(strstr(page_, text) ? text : page_, text);                \
    } while (0)

#define SALES "```frame hide\nsales = narrative_sales.csv\n```\n"

TEST(markdown_becomes_a_page)
{
    const char *page = page_of("# Title *here*\n\nText with **bold**, `code`, [a link](https://example.org \"t\") and "
                               "<b>no html</b>.\n\n## One\n\n- a\n- b\n\n1. x\n\n> said\n\n"
                               "| l | r |\n|---|--:|\n| 1 | 2 |\n\n```sql\nselect <1>\n```\n");
    HOLDS(page, "<h1>Title here</h1>");
    HOLDS(page, "<p>Text with <strong>bold</strong>, <code>code</code>, "
                "<a href=\"https://example.org\" title=\"t\">a link</a> and &lt;b&gt;no html&lt;/b&gt;.</p>");
    HOLDS(page, "<section id=\"one\"");
    HOLDS(page, "<ul>\n<li>a</li>\n<li>b</li>\n</ul>");
    HOLDS(page, "<blockquote>\n<p>said</p>\n</blockquote>");
    HOLDS(page, "<th scope=\"col\" class=\"n\">r</th>");
    HOLDS(page, "<code>select &lt;1&gt;\n</code>");
    HOLDS(page_of("[x](javascript:alert(1))"), "<a href=\"#\">x</a>");
    HOLDS(page_of("&lt;b&gt; &euro; &#8364; &#x1F600; &#xD800; &#65; &nosuch;"),
          "<p>&lt;b&gt; € € 😀 &amp;#xD800; A &amp;nosuch;</p>");
}

TEST(front_matter_names_the_page_and_its_data)
{
    const char *page = page_of("---\ntitle: \"A: b\"   # said\nsubtitle: x < y\nlang: en\n"
                               "data:\n  s: narrative_sales.csv\n---\n\n{{ s.rows }} rows\n");
    HOLDS(page, "<h1>A: b</h1>");
    HOLDS(page, "<p class=\"subtitle\">x &lt; y</p>");
    HOLDS(page, "<p>4 rows</p>");
    CHECK_STR(page_of("---\ntitel: x\n---\n"), "r.md:2:1: no setting 'titel' (there are title, subtitle, lang, made, currency, "
                                                 "account, data)");
    CHECK_STR(page_of("---\ntitle: x\n"), "r.md:1:1: the --- at the top is never closed by another");
    CHECK_STR(page_of("---\nnonsense\n---\n"), "r.md:2:1: a line here is `key: value`");
}

TEST(a_fence_is_a_query_and_its_table)
{
    const char *page = page_of("```frame table total money revenue caption \"By region\"\n"
                               "r = narrative_sales.csv | where quantity > 1\n"
                               "  | group region: revenue = sum(quantity * price)\n"
                               "  | sort -revenue\n```\n");
    HOLDS(page, "<caption>By region</caption>");
    HOLDS(page, "<tr><th scope=\"row\"><bdi>EU</bdi></th><td class=\"n\">29.00</td></tr>");
    HOLDS(page, "<bdi>&lt;i&gt;</bdi>");
    HOLDS(page, "<tfoot><tr><th scope=\"row\">Total</th><td class=\"n\">41.50</td></tr></tfoot>");
    HOLDS(page_of("```frame r = narrative_sales.csv | head 1\n```\n"), "<bdi>EU</bdi>");
    HOLDS(page_of(SALES "```frame tiles\nt = sales | group: units = sum(quantity)\n```\n"),
          "<dt>Units</dt><dd><div class=\"value\">16</div>");
}

TEST(values_stand_in_sentences)
{
    HOLDS(page_of(SALES "{{ sales.quantity.sum }} and {{ sum(sales.quantity) }} and {{ sales.first.product }}."),
          "<p>16 and 16 and pen.</p>");
    HOLDS(page_of(SALES "**{{ sales.price.max | money \"$\" }}** `{{ sales.rows }}`"),
          "<p><strong>$12.25</strong> <code>4</code></p>");
    HOLDS(page_of(SALES "{{ (sales.quantity.max - sales.quantity.min) / sales.quantity.min | percent 0 }}"),
          "<p>900\xc2\xa0%</p>");
    HOLDS(page_of(SALES "{{ 'pen' if sales.quantity.sum > 10 else 'ink' }}"), "<p>pen</p>");
    HOLDS(page_of(SALES "## {{ sales.rows }} orders\n\n[x]({{ sales.first.region }})"),
          "<h2 id=\"4-orders-title\">4 orders</h2>");
}

TEST(data_never_meet_the_markdown_parser)
{
    HOLDS(page_of(SALES "{{ sales.3.product }} {{ sales.4.region }}"), "<p>*ink* &lt;i&gt;</p>");
    HOLDS(page_of(SALES "{{#each sales}}\n- {{ product }}\n{{/each}}\n"), "<li>*ink*</li>");
    HOLDS(page_of("\xef\xb7\x92" "0\xef\xb7\x91"), "<p>\xef\xbf\xbd" "0\xef\xbf\xbd</p>");          /* a forged mark */
}

TEST(conditions_choose_sentences)
{
    const char *text = SALES "{{#if sales.quantity.sum > 100}}\nmuch\n{{else}}\nlittle\n{{/if}}\n"
                       "{{#each sales}}{{#if @index <= 2}}{{ quantity * 2 }},{{/if}}{{/each}}";
    HOLDS(page_of(text), "<p>little\n6,2,</p>");
}

TEST(names_of_queries_stand_for_frames_in_steps)
{
    HOLDS(page_of(SALES "```frame hide\nzones = sales | group region: n = size()\n```\n"
                  "```frame\nj = sales | join zones on region | where n > 1 | group: rows = size()\n```\n"),
          "<td class=\"n\">2</td>");
}

TEST(troubles_name_file_line_and_column)
{
    CHECK_STR(page_of("text\n\n```frame\nr = narrative_sales.csv | whera quantity > 1\n```\n"),
              "r.md:4:27: no verb 'whera' (did you mean 'where'?)");
    CHECK_STR(page_of(SALES "\n```frame\nr = sales\n | where quantty > 1\n```\n"),
              "r.md:7:3: filter: no column 'quantty' (did you mean 'quantity'?)");
    HOLDS(page_of("```frame\nr = nowhere.csv | head 1\n```\n"), "r.md:2:5: ");
    HOLDS(page_of("```frame\nr = nowhere.csv | head 1\n```\n"), "nowhere.csv: scan_csv: opening failed: No such file");
    HOLDS(page_of("```frame\nr = read_csv('s.csv', sep = ';') | head 1\n```\n"), "r.md:2:5: a query begins with a file or a name");
    CHECK_STR(page_of(SALES "\nA {{ sales.quantty.sum }}"), "r.md:5:3: the query has no column 'quantty'");
    CHECK_STR(page_of(SALES "\nA {{ sale.quantity }}"), "r.md:5:3: there is nothing called 'sale'");
    CHECK_STR(page_of(SALES "\n{{ sales.quantity }}"),
              "r.md:5:1: 'quantity' has 4 rows: write .quantity.sum (mean, min, max, first …) or .first.quantity");
    CHECK_STR(page_of("```frame\nr = x.csv\n"), "r.md:1:1: a fence that is never closed");
    CHECK_STR(page_of("```frame tabel\nr = narrative_sales.csv\n```\n"),
              "r.md:1:10: no option of a fence (there are title, caption, by, money, percent, month, bars, rows, total, rank, "
              "wide): 'tabel'");
    CHECK_STR(page_of("```frame money revenu\nr = narrative_sales.csv\n```\n"),
              "r.md:1:1: the query r has no column 'revenu'");
    CHECK_STR(page_of("```frame\nr = narrative_sales.csv | write x.csv\n```\n"),
              "r.md:2:26: a report writes nothing but its page: no `write` here");
    HOLDS(page_of("a\n\n![a](b.png)"), "r.md:3:6: the picture 'b.png' cannot be part of a page");
    HOLDS(page_of("see b.png\n\n![a](b.png)"), "r.md:3:6: the picture 'b.png' cannot be part of a page");
    CHECK_STR(page_of("---\ntitle: x\naccount: nobody\n---\n"), "r.md:3:1: there is no query 'nobody'");
    CHECK_STR(page_of("- a\n\n    ```frame\n    r = narrative_sales.csv\n    ```\n"),
              "r.md:3:1: a ```frame stands at the margin");
}

TEST(an_account_of_a_query_stands_in_the_footer)
{
    HOLDS(page_of("---\naccount: few\n---\n```frame hide\nfew = narrative_sales.csv | where quantity > 2\n```\n"),
          "4 in = 2 kept + 2 filtered \xe2\x9c\x93");
}

/* ---- failures ---------------------------------------------------------------------------------------------------- */
static fr_outcome build(fr_context *context, void *text)
{
    fr_trouble trouble = { .code = FR_ERR_OK };
    fr_narrative_args args = { .file = fr_test_scratch("r.md"), .text = text, .n = strlen(text), .context = context,
                               .allocator = &context->allocator };
    fr_page *page = fr_narrative_page(&args, &trouble);
    size_t n = 0;
    const char *html = page ? fr_page_html(page, &n) : NULL;
    const fr_trouble *late = page ? fr_page_trouble(page) : NULL;
    fr_outcome outcome = { .code = html ? FR_ERR_OK : late ? late->code : trouble.code,
                           .digest = html ? fr_digest(0, html, n) : 0 };
    snprintf(outcome.message, sizeof outcome.message, "%.150s", late ? late->text : trouble.text);
    fr_page_free(page);
    return outcome;
}

TEST(a_report_survives_every_failure)
{
    sales_path();
    TORTURE(build, (char *)"# T\n" SALES "A {{ sales.quantity.sum * 2 }}\n\n{{#if sales.rows}}b{{/if}}\n");
}
