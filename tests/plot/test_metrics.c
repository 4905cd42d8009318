/* test_metrics.c — any bytes as labels; measuring, cutting and wrapping. */
#include "plot/metrics.h"

#include <fontconfig/fontconfig.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "support/test.h"
#include "support/torture.h"

static const fr_font ten = { .size = 10 };

#define CELLS                                                                                                          \
    fr_call call;                                                                                                      \
    fr_metrics metrics;                                                                                                \
    FR_CLEANUP(fr_arena_clear) fr_arena arena;                                                                         \
    fr_call_begin(&call, NULL, __FILE__, __LINE__);                                                                    \
    fr_arena_init(&arena, call.context);                                                                               \
    fr_metrics_cells(&metrics)

static const char *fit(fr_call *call, fr_arena *arena, const fr_metrics *metrics, const char *text, double width)
{
    return fr_text_fit(call, arena, metrics, text, &ten, width);
}

static const char *wrap(fr_call *call, fr_arena *arena, const fr_metrics *metrics, const char *text, double width)
{
    return fr_text_wrap(call, arena, metrics, text, &ten, width, 3);
}

TEST(what_no_format_can_hold_is_replaced)
{
    CELLS;
    CHECK_STR(fr_text_clean(&call, &arena, "plain"), "plain");
    CHECK_STR(fr_text_clean(&call, &arena, NULL), "");
    CHECK_STR(fr_text_clean(&call, &arena, "a\tb\x01" "c\x7f" "d\ne\r"), "a b c d\ne ");
    CHECK_STR(fr_text_clean(&call, &arena, "caf\xe9!"), "caf\xef\xbf\xbd!");                 /* Latin-1 */
    CHECK_STR(fr_text_clean(&call, &arena, "\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");   /* half a pair */
    CHECK_STR(fr_text_clean(&call, &arena, "\xef\xbf\xbe|\xc2\x85|\xf0\x9f\x98\x80"), "\xef\xbf\xbd| |\xf0\x9f\x98\x80");
    fr_call_end(&call);
}

TEST(a_text_of_a_megabyte_is_cut)
{
    CELLS;
    char *huge = fr_new(&call, 1 << 20);
    REQUIRE(huge);
    memset(huge, 'x', (1 << 20) - 1);
    const char *clean = fr_text_clean(&call, &arena, huge);
    CHECK(clean && strlen(clean) <= FR_LONGEST_LABEL + 3);
    CHECK(clean && strcmp(clean + strlen(clean) - 3, "\xe2\x80\xa6") == 0);
    CHECK_STR(fit(&call, &arena, &metrics, huge, 80), "xxxxxxxxx\xe2\x80\xa6");
    for (size_t i = 0; i + 3 < 1 << 20; i += 3) memcpy(huge + i, "\xe2\x82\xac", 3);         /* a cut falls inside a € */
    clean = fr_text_clean(&call, &arena, huge);
    CHECK(clean && fr_utf8_check(clean, strlen(clean)) == strlen(clean));
    CHECK(clean && !strstr(clean, "\xef\xbf\xbd"));
    fr_free(call.context, huge, 1 << 20);
    fr_call_end(&call);
}

TEST(a_label_is_cut_to_its_width)
{
    CELLS;
    CHECK_STR(fit(&call, &arena, &metrics, "North", 40), "North");
    CHECK_STR(fit(&call, &arena, &metrics, "Northern Ireland", 80), "Northern\xe2\x80\xa6");   /* no blank before the dots */
    CHECK_STR(fit(&call, &arena, &metrics, "Northern Ireland", 96), "Northern Ir\xe2\x80\xa6");
    CHECK_STR(fit(&call, &arena, &metrics, "Northern", 3), "\xe2\x80\xa6");
    CHECK_STR(fit(&call, &arena, &metrics, "two\nlines", 400), "two\xe2\x80\xa6");
    CHECK_STR(fit(&call, &arena, &metrics, "e\xcc\x81" "e\xcc\x81" "e\xcc\x81", 16), "e\xcc\x81\xe2\x80\xa6"); /* accents stay */
    CHECK_STR(fit(&call, &arena, &metrics, "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", 40), "\xe6\xbc\xa2\xe5\xad\x97\xe2\x80\xa6");
    fr_call_end(&call);
}

TEST(a_label_is_wrapped_at_words_into_even_lines)
{
    CELLS;
    CHECK_STR(wrap(&call, &arena, &metrics, "North", 80), "North");
    CHECK_STR(wrap(&call, &arena, &metrics, "Widget Pro with a long name", 96), "Widget Pro\nwith a\nlong name");
    CHECK_STR(wrap(&call, &arena, &metrics, "one two three four", 112), "one two\nthree four");
    CHECK_STR(wrap(&call, &arena, &metrics, "North-Rhine/Westphalia", 96), "North-Rhine/\nWestphalia");
    CHECK_STR(wrap(&call, &arena, &metrics, "a b c d e f g h i", 24), "a b\nc d\ne\xe2\x80\xa6");
    CHECK_STR(wrap(&call, &arena, &metrics, "Incomprehensibilities abound", 80), "Incompreh\xe2\x80\xa6\nabound");
    CHECK_STR(wrap(&call, &arena, &metrics, "two\nlines", 80), "two\nlines");
    fr_call_end(&call);
}

TEST(cells_count_east_asian_characters_twice)
{
    CELLS;
    fr_extents size;
    CHECK(fr_measure(&call, &metrics, "ab\xe6\xbc\xa2", &ten, &size));
    CHECK_F64(size.width, 32);
    CHECK(fr_measure(&call, &metrics, "first\nsecond line", &ten, &size));
    CHECK_F64(size.width, 40);
    fr_call_end(&call);
}

TEST(pango_measures_in_proportion_to_the_size)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_metrics_clear) fr_metrics metrics = { 0 };
    REQUIRE(fr_metrics_pango(&call, &metrics));
    fr_extents small, large, again, ones, eights, bad;
    CHECK(fr_measure(&call, &metrics, "Revenue", &ten, &small) && fr_measure(&call, &metrics, "Revenue", &ten, &again) &&
          fr_measure(&call, &metrics, "Revenue", &(fr_font){ .size = 20 }, &large));
    CHECK(small.width > 30 && small.width < 70 && small.ascent > 7 && small.descent > 1);
    CHECK(small.cap_height > 6 && small.cap_height < 9);
    CHECK_NEAR(large.width, 2 * small.width, 1e-3);
    CHECK_F64(again.width, small.width);
    CHECK(fr_measure(&call, &metrics, "1111", &ten, &ones) && fr_measure(&call, &metrics, "8888", &ten, &eights));
    CHECK_NEAR(ones.width, eights.width, 1e-3);                                       /* tabular figures */
    CHECK(fr_measure(&call, &metrics, "\xff\x01", &ten, &bad) && bad.width > 0);
    fr_call_end(&call);
}

TEST(without_fonts_the_error_names_a_package)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_metrics_clear) fr_metrics metrics = { 0 };
    FcConfig *usual = FcConfigReference(NULL), *none = FcConfigCreate();              /* knows no font */
    FcConfigSetCurrent(none);
    CHECK(!fr_metrics_pango(&call, &metrics));
    FcConfigSetCurrent(usual);
    FcConfigDestroy(none);
    FcConfigDestroy(usual);
    fr_outcome outcome = fr_outcome_of_call(&call, 0);
    CHECK_INT(outcome.code, FR_ERR_NOT_FOUND);
    CHECK(strstr(outcome.message, "no font") != NULL);
}

static fr_outcome cut_and_wrap(fr_context *context, void *state)
{
    fr_call call;
    uint64_t digest = 0;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    {
        fr_metrics metrics;
        fr_metrics_cells(&metrics);
        FR_CLEANUP(fr_arena_clear) fr_arena arena;
        fr_arena_init(&arena, call.context);
        const char *a = fit(&call, &arena, &metrics, state, 96), *b = a ? wrap(&call, &arena, &metrics, state, 96) : NULL;
        if (b) digest = fr_digest(fr_digest(0, a, strlen(a)), b, strlen(b));
    }
    return fr_outcome_of_call(&call, digest);
}

TEST(cutting_and_wrapping_survive_every_failure)
{
    static char text[] = "a long text with \xff bad bytes, and more words than fit into three lines of twelve cells";
    TORTURE(cut_and_wrap, text);
}
