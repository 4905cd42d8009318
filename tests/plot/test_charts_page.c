/* docs/charts.md says what axes, numbers and bins look like; every line of its blocks is computed here. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date_text.h"
#include "data/zone_file.h"
#include "plot/stat.h"
#include "plot/ticks.h"
#include "support/test.h"

enum { ROOM = 2048 };

/* Blanks that do not break are plain ones on the page. */
static void plain_blanks(char *text)
{
    char *out = text;
    for (const char *at = text; *at; at++) {
        if (at[0] == '\xc2' && at[1] == '\xa0') *out++ = ' ', at++;
        else *out++ = *at;
    }
    *out = 0;
}

/* The next word, or a text in quotes; false at the end or before two blanks (then comes what is expected). */
static bool word(const char **at, char out[ROOM])
{
    const char *from = *at;
    if (*from == 0 || (from[0] == ' ' && from[1] == ' ')) return false;
    if (*from == ' ') from++;
    const char *end = *from == '"' ? strchr(from + 1, '"') : from + strcspn(from, " ");
    const size_t quoted = *from == '"', n = (size_t)(end - from) - quoted;
    memcpy(out, from + quoted, n);
    out[n] = 0;
    *at = end + quoted;
    return true;
}

static const char *expected_of(const char *at) { return at + strspn(at, " "); }

/* ---- axes -------------------------------------------------------------------------------------------------------- */
typedef struct request {
    char kind[ROOM], low[ROOM], high[ROOM], text[ROOM];
    fr_tick_wish wish;
    const char *zone;
} request;

static void read_options(const char **at, request *r)
{
    char option[ROOM];
    while (word(at, option)) {
        if (!strcmp(option, "inside")) r->wish.cover = false;
        if (!strcmp(option, "whole")) r->wish.whole = true;
        if (!strcmp(option, "percent")) r->wish.style.percent = true;
        const bool format = !strcmp(option, "format"), date = !strcmp(option, "date"), zone = !strcmp(option, "zone");
        if (!format && !date && !zone) continue;
        (void)word(at, r->text);
        if (zone) r->zone = r->text;
        if (date) r->wish.date_format = r->text;
        if (format && !strcmp(r->text, "$")) r->wish.style.symbol = "$";
        else if (format) r->wish.style.format = r->text;
    }
}

static int64_t instant(const char *text)
{
    fr_moment when;
    int64_t out = 0;
    CHECK(fr_parse_iso(text, strlen(text), &when, NULL) && fr_moment_ticks(&when, 1000000, &out, NULL));
    return out;
}

static bool scale_of(fr_call *call, fr_arena *arena, const request *r, fr_scale *out)
{
    const double low = strtod(r->low, NULL), high = strtod(r->high, NULL);
    if (!strcmp(r->kind, "linear")) return fr_scale_linear(call, low, high, out);
    if (!strcmp(r->kind, "log")) return fr_scale_log(call, low, high, 10, out);
    if (!strcmp(r->kind, "log2")) return fr_scale_log(call, low, high, 2, out);
    if (!strcmp(r->kind, "duration")) return fr_scale_duration(call, low * 1e6, high * 1e6, 1000000, out);
    fr_time_domain d = { .low = instant(r->low), .high = instant(r->high), .per_second = 1000000 };
    return (!r->zone || fr_zone_read(call, arena, r->zone, &d.zone)) && fr_scale_time(call, &d, out);
}

static void check_axis(fr_call *call, fr_arena *arena, const char *line)
{
    request r = { .wish.count = 5 };
    char text[ROOM] = "";
    fr_scale scale;
    fr_ticks t;
    const char *at = line;
    REQUIRE(word(&at, r.kind) && word(&at, r.low) && word(&at, r.high));
    r.wish.cover = !strcmp(r.kind, "linear");
    read_options(&at, &r);
    REQUIRE(scale_of(call, arena, &r, &scale) && fr_scale_ticks(call, arena, &scale, &r.wish, &t));
    for (size_t i = 0; i < t.n; i++) {
        const fr_tick *k = &t.ticks[i];
        if (!k->label) continue;
        snprintf(text + strlen(text), ROOM - strlen(text), "%s%s", *text ? " | " : "", k->label);
        if (k->context) snprintf(text + strlen(text), ROOM - strlen(text), "[%s]", k->context);
    }
    plain_blanks(text);
    CHECK_STR(text, expected_of(at));
}

/* ---- numbers and bins -------------------------------------------------------------------------------------------- */
static void check_number(fr_call *call, fr_arena *arena, const char *line)
{
    char format[ROOM], value[ROOM], text[FR_LABEL_BYTES];
    const char *at = line;
    (void)arena;
    REQUIRE(word(&at, format) && word(&at, value));
    const fr_number_style style = { .format = strcmp(format, "house") ? format : NULL };
    REQUIRE(fr_number_style_check(call, &style));
    fr_label_number(&style, strtod(value, NULL), text);
    plain_blanks(text);
    CHECK_STR(text, expected_of(at));
}

static void check_bins(fr_call *call, fr_arena *arena, const char *line)
{
    double values[64];
    char value[ROOM], text[ROOM] = "";
    const char *at = line;
    fr_histogram h;
    size_t n = 0;
    while (n < 64 && word(&at, value)) values[n++] = strtod(value, NULL);
    REQUIRE(fr_histogram_make(call, arena, &(fr_numbers){ values, NULL, n }, &(fr_histogram_wish){ 0 }, &h));
    for (size_t i = 0; i <= h.n; i++) snprintf(text + strlen(text), ROOM - strlen(text), "%s%g", i ? " " : "", h.edges[i]);
    snprintf(text + strlen(text), ROOM - strlen(text), ":");
    for (size_t i = 0; i < h.n; i++) snprintf(text + strlen(text), ROOM - strlen(text), " %lld", (long long)h.counts[i]);
    const char *note = strstr(expected_of(at), "  ");
    REQUIRE(note != NULL);
    CHECK(strncmp(text, expected_of(at), strlen(text)) == 0 && expected_of(at)[strlen(text)] == ' ');
    CHECK_STR(h.note, note + strspn(note, " "));
}

typedef void checker(fr_call *call, fr_arena *arena, const char *line);

static int check_blocks(const char *kind, checker *check)
{
    char line[ROOM], open[32];
    bool inside = false;
    int n = 0;
    fr_call call;
    FILE *file = fopen(fr_test_path("docs/charts.md"), "r");
    if (!file) return 0;
    snprintf(open, sizeof open, "```%s\n", kind);
    fr_call_begin(&call, NULL, NULL, 0);
    fr_arena arena;
    fr_arena_init(&arena, call.context);
    while (fgets(line, sizeof line, file)) {
        if (!strncmp(line, "```", 3)) { inside = !inside && !strcmp(line, open); continue; }
        if (!inside) continue;
        line[strcspn(line, "\n")] = 0;
        check(&call, &arena, line);
        n++;
    }
    fclose(file);
    fr_arena_clear(&arena);
    fr_call_end(&call);
    return n;
}

TEST(axes_are_as_the_page_says)    { CHECK(check_blocks("axis", check_axis) >= 25); }
TEST(numbers_are_as_the_page_says) { CHECK(check_blocks("number", check_number) >= 14); }
TEST(bins_are_as_the_page_says)    { CHECK(check_blocks("bins", check_bins) >= 2); }
