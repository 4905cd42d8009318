/* Text on its way into HTML. */
#include "report/html_text.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

static const char *put(void (*how)(fr_ink *, const char *, size_t), const char *text, size_t n)
{
    static _Thread_local char room[512];
    fr_store store = { .allocator = NULL };
    fr_ink out = { .room = &store };
    how(&out, text, n);
    snprintf(room, sizeof room, "%s", out.bytes ? out.bytes : "");
    fr_ink_free(&out);
    return room;
}

static const char *escaped(const char *text, size_t n) { return put(fr_put_text_n, text, n); }

static const char *prose(const char *text) { return put(fr_put_prose_n, text, strlen(text)); }

TEST(prose_breaks_no_line_within_a_date_or_before_a_percent_sign)
{
    CHECK_STR(prose("up 19.4 % on 2024-11"), "up 19.4\xc2\xa0% on <span class=\"t\">2024-11</span>");
    CHECK_STR(prose("2023-01-01 to 2024-12-31"),
              "<span class=\"t\">2023-01-01</span> to <span class=\"t\">2024-12-31</span>");
    CHECK_STR(prose("a & 1-2"), "a &amp; <span class=\"t\">1-2</span>");
    CHECK_STR(prose("5 -3, 7- 8, a-1, 50% %"), "5 -3, 7- 8, a-1, 50% %");
    CHECK_STR(prose("1234567890-1234567890-1234567890"), "1234567890-1234567890-1234567890");
    CHECK_STR(prose(""), "");
    CHECK_STR(prose("1 %"), "1\xc2\xa0%");
}

TEST(five_characters_are_escaped)
{
    CHECK_STR(escaped("<a href=\"x\">'&'</a>", 19), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    CHECK_STR(escaped("größe 😀", strlen("größe 😀")), "größe 😀");
    CHECK_STR(escaped("", 0), "");
}

TEST(bytes_that_are_no_text_become_the_replacement_character)
{
    CHECK_STR(escaped("a\0b", 3), "a�b");
    CHECK_STR(escaped("\x01\x7f\xc2\x85", 4), "���");
    CHECK_STR(escaped("\xff\xc0\x80\xed\xa0\x80", 6), "������");        /* never, overlong, a surrogate: byte by byte */
    CHECK_STR(escaped("\xe2\x82", 2), "��");
    CHECK_STR(escaped("\xef\xb7\x90\xef\xbf\xbf", 6), "��");             /* noncharacters */
}

TEST(line_ends_are_line_feeds)
{
    CHECK_STR(escaped("a\r\nb\rc\td\n", 9), "a\nb\nc\td\n");
}

static bool harmless(const char *url) { return fr_url_is_harmless(url, strlen(url)); }

TEST(addresses_that_stay_on_the_page_or_say_where_they_go)
{
    CHECK(harmless("https://example.org/a?b=c#d"));
    CHECK(harmless("HTTP://EXAMPLE.ORG"));
    CHECK(harmless("mailto:someone@example.org"));
    CHECK(harmless("#section"));
    CHECK(harmless("cleaned.csv"));
    CHECK(harmless("a/b:c"));
    CHECK(harmless(""));
}

TEST(addresses_that_would_run_or_hide_something)
{
    CHECK(!harmless("javascript:alert(1)"));
    CHECK(!harmless("JaVaScRiPt:alert(1)"));
    CHECK(!harmless("java\nscript:alert(1)"));
    CHECK(!harmless(" javascript:alert(1)"));
    CHECK(!harmless("\x01javascript:alert(1)"));
    CHECK(!harmless("data:text/html,<script>"));
    CHECK(!harmless("vbscript:x"));
    CHECK(!harmless("//evil.example"));
    CHECK(!harmless("\\\\evil.example"));
    CHECK(!harmless("file:///etc/passwd"));
    CHECK(!harmless("blob:x"));
}
