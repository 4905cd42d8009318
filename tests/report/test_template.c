/* Templates: values, sections, filters, contexts, and what is refused before any data are seen. */
#include "report/template.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/context_state.h"
#include "support/test.h"
#include "support/torture.h"

static const char *const names[] = { "title", "empty", "zero", "one", "evil", "url", "bad_url", "markup", "list", "map",
                                     "sales" };

/* What the template makes of the data below, or the message of its trouble. */
static const char *written(const char *source, fr_template_mode mode, const fr_frame *sales)
{
    static _Thread_local char rooms[4][4096];
    static _Thread_local unsigned next;
    static const fr_value pen = { .kind = FR_STR, .valid = true, .length = 3, .as.s = "pen" };
    char *room = rooms[next++ % 4];
    fr_item list[] = { fr_item_text("a"), fr_item_text("b") };
    static const char *const map_names[] = { "inner" };
    fr_item map_items[] = { fr_item_value(pen) };
    fr_item items[] = {
        fr_item_text("Sales & more"), fr_item_text(""), fr_item_value(fr_v_i64(0)), fr_item_value(fr_v_f64(1234.5)),
        fr_item_text("\"><script>alert('1')</script>"), fr_item_text("https://example.org/?a=1&b=2"),
        fr_item_text("javascript:alert(1)"), fr_item_markup(FR_MARKUP("<b>bold</b>")),
        { .kind = FR_ITEM_LIST, .as.list = { list, 2 } }, { .kind = FR_ITEM_MAP, .as.map = { map_names, map_items, 1 } },
        sales ? fr_item_rows(sales) : (fr_item){ .kind = FR_ITEM_NONE },
    };
    fr_item data = { .kind = FR_ITEM_MAP, .as.map = { names, items, FR_COUNT_OF(items) } };
    fr_store store = { .allocator = NULL };
    fr_trouble trouble = { .code = FR_ERR_OK };
    fr_ink out = { .room = &store };
    fr_template *t = fr_template_parse(source, strlen(source), "t.html", mode, &store, &trouble);
    bool fine = t && fr_template_write(t, &(fr_template_run){ .data = &data, .room = &store }, &out, &trouble);
    CHECK(fine == (trouble.code == FR_ERR_OK));
    snprintf(room, 4096, "%s", fine ? (out.bytes ? out.bytes : "") : trouble.text);
    fr_ink_free(&out);
    fr_store_empty(&store);
    return room;
}

static const char *html(const char *source) { return written(source, FR_TEMPLATE_HTML, NULL); }

TEST(values_are_escaped_for_text_and_attributes)
{
    CHECK_STR(html("<p>{{ title }}</p>"), "<p>Sales &amp; more</p>");
    CHECK_STR(html("<p>{{evil}}</p>"), "<p>&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;</p>");
    CHECK_STR(html("<p title=\"{{ evil }}\">"), "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\">");
    CHECK_STR(html("<title>{{ title }}</title>"), "<title>Sales &amp; more</title>");
    CHECK_STR(html("{{ markup }}"), "<b>bold</b>");
}

TEST(addresses_are_checked)
{
    CHECK_STR(html("<a href=\"{{ url }}\">"), "<a href=\"https://example.org/?a=1&amp;b=2\">");
    CHECK_STR(html("<a href='{{ bad_url }}'>"), "<a href='#'>");
    CHECK_STR(html("<a href=\"/find?q={{ bad_url }}\">"), "<a href=\"/find?q=javascript:alert(1)\">");
    CHECK_STR(html("<a href=\"java{{ title }}\">"), "t.html:1:14: a value may not stand in the middle of an address that could "
                                                      "become another one; begin it with a path, or make it one value");
    CHECK_STR(html("<a href=\"{{ title }}{{ title }}\">"), "t.html:1:21: a value may not stand in the middle of an address that "
                                                           "could become another one; begin it with a path, or make it one value");
}

TEST(values_where_they_could_do_harm_are_refused_before_any_data)
{
    CHECK_STR(html("<script>{{ title }}</script>"), "t.html:1:9: a value may not stand in a script");
    CHECK_STR(html("<p onclick=\"{{ title }}\">"), "t.html:1:13: a value may not stand in an attribute that holds code");
    CHECK_STR(html("<p style=\"color: {{ title }}\">"), "t.html:1:18: a value may not stand in an attribute that holds code");
    CHECK_STR(html("<p {{ title }}>"), "t.html:1:4: a value may not stand inside a tag");
    CHECK_STR(html("<p class={{ title }}>"), "t.html:1:10: a value may not stand in an attribute without quotes");
    CHECK_STR(html("<{{ title }}>"), "t.html:1:2: a tag of a template may not stand right after a <");
    CHECK_STR(html("<!-- {{ title }} -->"), "t.html:1:6: a value may not stand in a comment");
    CHECK_STR(html("<style>{{ title }}</style>"), "t.html:1:8: title is data, and data may not stand in a style sheet");
    CHECK_STR(html("<p title=\"{{ markup }}\">"), "t.html:1:11: markup is markup and may stand between elements only");
}

TEST(sections_ask_whether_something_is_there)
{
    CHECK_STR(html("{{#if title}}yes{{else}}no{{/if}}"), "yes");
    CHECK_STR(html("{{#if empty}}yes{{else}}no{{/if}}{{#if zero}}yes{{else}}no{{/if}}{{#if sales}}yes{{else}}no{{/if}}"), "nonono");
    CHECK_STR(html("{{^empty}}none{{/empty}}{{^title}}none{{/title}}"), "none");
    CHECK_STR(html("{{#map}}{{inner}}{{/map}}{{map.inner}}"), "penpen");
    CHECK_STR(html("{{#list}}{{@index}}{{.}}{{#if @last}}!{{else}},{{/if}}{{/list}}"), "1a,2b!");
    CHECK_STR(html("{{#each list}}<i>{{.}}</i>{{/each}} {{list.length}} {{list.last}}"), "<i>a</i><i>b</i> 2 b");
}

TEST(a_frame_is_its_rows)
{
    const char *product[] = { "pen", NULL }, *zone[] = { "<EU>", "US" };
    double price[] = { 1.5, 1200 };
    fr_auto(frame) sales = fr_frame_new(2, fr_array("product", FR_STR, product), fr_array("zone", FR_STR, zone),
                                        fr_array("price", FR_F64, price));
    CHECK_STR(written("{{#each sales}}{{product}} {{zone}} {{price|money \"$\"}};{{/each}}", FR_TEMPLATE_HTML, sales),
              "pen &lt;EU&gt; $1.50;– US $1,200.00;");
    CHECK_STR(written("{{sales.rows}}x{{sales.columns}} {{sales.last.price}} {{sales.1.zone}}", FR_TEMPLATE_HTML, sales),
              "2x3 1200 &lt;EU&gt;");
    CHECK_STR(written("{{#each sales}}{{product|default \"none\"}} {{/each}}", FR_TEMPLATE_HTML, sales), "pen none ");
    CHECK_STR(written("{{sales}}", FR_TEMPLATE_HTML, sales),
              "t.html:1:1: sales is a whole table; name a column, or use {{#each}}");
}

TEST(filters_write_figures)
{
    CHECK_STR(html("{{one|number 1}} {{one|money \"€\"}} {{one|percent 0}} {{one|short}} {{one|number 0|signed}}"),
              "1,234.5 €1,234.50 123,450\xc2\xa0% 1,234.5 +1,235");
    CHECK_STR(html("{{one|monney}}"), "t.html:1:1: no filter 'monney' (there are number, money, percent, short, date, month, iso, "
                                      "bytes, plain, signed, default)");
    CHECK_STR(html("{{one|date 3}}"), "t.html:1:1: the filter date takes nothing");
    CHECK_STR(html("{{one|number \"x\"}}"), "t.html:1:1: the filter number takes a number of decimals");
    CHECK_STR(html("{{one|number 99}}"), "t.html:1:1: a number of decimals is 0 to 12");
}

TEST(mistakes_are_told_with_line_and_column)
{
    CHECK_STR(html("a\nbö {{ titel }}"), "t.html:2:4: there is no 'titel' here");
    CHECK_STR(html("{{ title"), "t.html:1:1: a {{ that is never closed");
    CHECK_STR(html("{{#if title}}x"), "t.html:1:1: a section is never closed: 'if'");
    CHECK_STR(html("{{#if title}}x{{/each}}"), "t.html:1:15: {{/each}} closes what was opened as 'if'");
    CHECK_STR(html("{{/if}}"), "t.html:1:1: nothing is open that could be closed by 'if'");
    CHECK_STR(html("{{else}}"), "t.html:1:1: an {{else}} outside of a section");
    CHECK_STR(html("{{{ title }}}"), "t.html:1:1: values are always escaped: two braces and a name, please");
    CHECK_STR(html("{{ }}"), "t.html:1:1: a value is missing");
    CHECK_STR(html("{{> nobody }}"), "t.html:1:1: nobody is the name of no partial");
    CHECK_STR(html("<p {{#if title}}>{{/if}}"),
              "t.html:1:18: a section must end where in HTML it began, after whole elements or inside one attribute");
    CHECK_STR(html("<p title=\""), "t.html:1:11: the template ends inside a tag, a comment or raw text");
}

TEST(braces_comments_and_lines_of_their_own)
{
    CHECK_STR(html("a \\{{ b }} {{! nothing }}c"), "a {{ b }} c");
    CHECK_STR(written("one\n  {{#if title}}\ntwo\n{{/if}}\nthree", FR_TEMPLATE_PLAIN, NULL), "one\ntwo\nthree");
    CHECK_STR(written("one {{#if title}}two{{/if}} three", FR_TEMPLATE_PLAIN, NULL), "one two three");
    CHECK_STR(written("{{evil}}", FR_TEMPLATE_PLAIN, NULL), "\"><script>alert('1')</script>");
}

/* ---- partials and limits ----------------------------------------------------------------------------------------- */
static const char *partial(void *user, const char *name)
{
    (void)user;
    return !strcmp(name, "hello") ? "hello {{ who }}" : !strcmp(name, "self") ? "{{> self }}" : NULL;
}

static fr_code run_partial(const char *source, char *text, size_t n)
{
    static const char *const who[] = { "who" };
    fr_item item = fr_item_text("you"), data = { .kind = FR_ITEM_MAP, .as.map = { who, &item, 1 } };
    fr_store store = { .allocator = NULL };
    fr_trouble trouble = { .code = FR_ERR_OK };
    fr_ink out = { .room = &store };
    fr_template *t = fr_template_parse(source, strlen(source), "t", FR_TEMPLATE_HTML, &store, &trouble);
    if (t) fr_template_write(t, &(fr_template_run){ .data = &data, .room = &store, .partial = partial }, &out, &trouble);
    snprintf(text, n, "%.300s", trouble.code ? trouble.text : out.bytes);
    fr_ink_free(&out);
    fr_store_empty(&store);
    return trouble.code;
}

TEST(partials_see_the_scopes_and_do_not_go_on_for_ever)
{
    char text[400];
    CHECK_INT(run_partial("<p>{{> hello }}!</p>", text, sizeof text), FR_ERR_OK);
    CHECK_STR(text, "<p>hello you!</p>");
    CHECK_INT(run_partial("{{> self }}", text, sizeof text), FR_ERR_TYPE);
    CHECK_STR(text, "self:1:1: self is a partial within partials, too deep");
}

TEST(templates_too_deep_are_refused)
{
    char source[1024] = "";
    for (int i = 0; i < 40; i++) strcat(source, "{{#if title}}");
    CHECK_STR(html(source), "t.html:1:417: sections are too deep");
}

/* ---- failures ---------------------------------------------------------------------------------------------------- */
static fr_outcome write_one(fr_context *context, void *state)
{
    static const char *const name[] = { "title" };
    fr_item item = fr_item_text("a < b"), data = { .kind = FR_ITEM_MAP, .as.map = { name, &item, 1 } };
    const char *source = state;
    fr_store store = { .allocator = &context->allocator };
    fr_trouble trouble = { .code = FR_ERR_OK };
    fr_ink out = { .room = &store };
    fr_template *t = fr_template_parse(source, strlen(source), "t", FR_TEMPLATE_HTML, &store, &trouble);
    if (t) fr_template_write(t, &(fr_template_run){ .data = &data, .room = &store }, &out, &trouble);
    fr_outcome outcome = { .code = trouble.code, .digest = fr_digest(0, out.bytes, out.n) };
    snprintf(outcome.message, sizeof outcome.message, "%.150s", trouble.text);
    fr_ink_free(&out);
    fr_store_empty(&store);
    return outcome;
}

TEST(writing_survives_every_failure)
{
    TORTURE(write_one, (char *)"<p>{{ title }}</p>{{#if title}}<a href=\"{{ title }}\">{{ title | default \"x\" }}</a>{{/if}}");
}
