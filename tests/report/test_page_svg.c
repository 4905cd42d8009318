/* Drawings are looked at before they get onto a page. */
#include "report/page.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

/* The drawing as it stands on a page, or the message of the trouble. */
static const char *drawn(const char *svg)
{
    static _Thread_local char rooms[4][2048];
    static _Thread_local unsigned next;
    char *room = rooms[next++ % 4];
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t" });
    fr_markup markup = fr_page_svg(page, svg, 0);
    const fr_trouble *trouble = fr_page_trouble(page);
    snprintf(room, 2048, "%.*s", trouble ? 2000 : (int)markup.n, trouble ? trouble->text : markup.html);
    fr_page_free(page);
    return room;
}

#define SVG(inside) "<svg xmlns=\"http://www.w3.org/2000/svg\">" inside "</svg>"

static bool passes(const char *svg)
{
    return !strncmp(drawn(svg), "<svg", 4);
}

TEST(an_ordinary_drawing_passes)
{
    CHECK_STR(drawn("<?xml version=\"1.0\"?>\n<!-- made --><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox='0 0 1 1'>"
                    "<title>A &amp; B</title><path d=\"M0 0\" fill=\"var(--blue, #000)\"/></svg>\n"),
              "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox='0 0 1 1'>"
              "<title>A &amp; B</title><path d=\"M0 0\" fill=\"var(--blue, #000)\"/></svg>");
}

TEST(ids_are_numbered_so_that_drawings_do_not_meet)
{
    CHECK_STR(drawn("<svg aria-labelledby=\"t d\"><clipPath id=\"c\"/><g clip-path=\"url(#c)\"/><use href=\"#c\"/></svg>"),
              "<svg aria-labelledby=\"f1-t f1-d\"><clipPath id=\"f1-c\"/><g clip-path=\"url(#f1-c)\"/><use href=\"#f1-c\"/></svg>");
}

TEST(a_style_sheet_keeps_to_its_drawing)
{
    CHECK_STR(drawn("<svg id=\"a1\"><style>#a1{--b:#a1b2c3}@media(x){#a1 .s>p{fill:#a1}}</style></svg>"),
              "<svg id=\"f1-a1\"><style>#f1-a1{--b:#a1b2c3}@media(x){#f1-a1 .s>p{fill:#f1-a1}}</style></svg>");
}

TEST(paper_is_white_in_the_dark_too)
{
    CHECK_STR(drawn("<svg id=\"a\"><style>@media(prefers-color-scheme:dark){#a{--b:#fff}}@media(x){}</style></svg>"),
              "<svg id=\"f1-a\"><style>@media screen and (prefers-color-scheme:dark){#f1-a{--b:#fff}}@media(x){}</style></svg>");
}

TEST(what_runs_or_fetches_does_not_pass)
{
    CHECK(!passes(SVG("<script>alert(1)</script>")));
    CHECK(!passes(SVG("<g onload=\"alert(1)\"/>")));
    CHECK(!passes(SVG("<foreignObject/>")));
    CHECK(!passes(SVG("<image href=\"http://example.org\"/>")));
    CHECK(!passes(SVG("<use href=\"http://example.org#a\"/>")));
    CHECK(!passes(SVG("<a href=\"#a\"/>")));
    CHECK(!passes(SVG("<path fill=\"url(http://example.org)\"/>")));
    CHECK(!passes(SVG("<path style=\"fill:url( #a)\"/>")));
    CHECK(!passes(SVG("<style>@import 'x'</style>")));
    CHECK(!passes(SVG("<style>a{b:\\75rl(x)}</style>")));
    CHECK(!passes(SVG("<path style=\"fill:u&#114;l(http://example.org)\"/>")));
    CHECK(!passes(SVG("<path mask=\"url&#40;http://example.org)\"/>")));
    CHECK(!passes(SVG("<style>a{b:u&#114;l(http://example.org)}</style>")));
    CHECK(passes(SVG("<g aria-label=\"a &amp; b\" data-part=\"&lt;\"/>")));
    CHECK(!passes(SVG("<animate/>")));
    CHECK(!passes("<svg xmlns=\"http://www.w3.org/1999/xhtml\"/>"));
    CHECK(!passes("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>"));
}

TEST(what_is_not_well_formed_does_not_pass)
{
    CHECK_STR(drawn("<svg><g></svg></g>"), "a drawing is not fit for a page: at byte 14 it has tags that cross");
    CHECK(!passes("<svg>"));
    CHECK(!passes("<svg><g a></svg>"));
    CHECK(!passes("<svg x=1/>"));
    CHECK(!passes("<svg x=\"1/>"));
    CHECK(!passes("<svg x=\"<\"/>"));
    CHECK(!passes("<svg>&</svg>"));
    CHECK(!passes("<svg/><svg/>"));
    CHECK(!passes("text<svg/>"));
    CHECK(!passes("<g/>"));
    CHECK(!passes("<svg><!-- </svg>"));
    CHECK(!passes(""));
}

TEST(a_sparkline_is_one_path_with_gaps)
{
    double values[] = { 0, 10, __builtin_nan(""), 5 };
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "t" });
    fr_markup spark = fr_page_spark(page, values, 4);
    CHECK(strstr(spark.html, "d=\"M2.00 21.00L34.00 3.00M98.00 12.00\"") != NULL);
    CHECK_INT(fr_page_spark(page, values + 2, 1).n, 0);
    fr_page_free(page);
}
