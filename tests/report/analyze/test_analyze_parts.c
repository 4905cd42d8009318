/* The small parts of frame analyze: what names say, how numbers and lines are written, days, the store. */
#include "report/analyze/days.h"
#include "report/analyze/numbers.h"
#include "report/analyze/terminal_text.h"
#include "report/analyze/words.h"

#include <math.h>
#include <string.h>

#include "support/test.h"

static int weight(const char *name, column_role role) { return weigh_name(name).of[role]; }

TEST(a_name_is_weighed_by_its_words)
{
    CHECK_INT(weight("unit_price", ROLE_PRICE), 9);
    CHECK_INT(weight("unitPrice", ROLE_PRICE), 9);
    CHECK_INT(weight("Unit Price (EUR)", ROLE_PRICE), 9);
    CHECK_INT(weight("Cost Total $", ROLE_AMOUNT), 11);
    CHECK_INT(weight("priced", ROLE_PRICE), 0);
    CHECK_INT(weight("", ROLE_PRICE), 0);
    CHECK_INT(weight("\xf0\x9f\x92\xb0 amount", ROLE_AMOUNT), 9);
}

TEST(averages_and_lengths_are_told_from_amounts)
{
    CHECK(weight("median_income", ROLE_MEASURE) >= 4);
    CHECK(weight("bill_length_mm", ROLE_MEASURE) > weight("bill_length_mm", ROLE_AMOUNT));
    CHECK(weight("total_rooms", ROLE_AMOUNT) <= 0);
    CHECK(name_has_word("OrderID", "id") && name_has_word("order_id", "id") && !name_has_word("paid", "id"));
}

TEST(a_currency_is_found_in_a_name)
{
    CHECK_STR(currency_in_name("Cost Total $"), "$");
    CHECK_STR(currency_in_name("spending_usd"), "$");
    CHECK_STR(currency_in_name("Betrag (EUR)"), "€");
    CHECK(currency_in_name("amount") == NULL);
}

TEST(months_and_weekdays_have_an_order)
{
    CHECK_INT(calendar_order("January"), 1);
    CHECK_INT(calendar_order("DEC"), 12);
    CHECK_INT(calendar_order("monday"), 21);
    CHECK_INT(calendar_order("Thur"), 24);
    CHECK_INT(calendar_order("Ma"), 0);
    CHECK_INT(calendar_order("Marching"), 0);
    CHECK_INT(calendar_order(""), 0);
}

TEST(numbers_are_written_for_people)
{
    store s = { .blocks = NULL };
    CHECK_STR(grouped(&s, 1234567), "1,234,567");
    CHECK_STR(grouped(&s, -1000), "−1,000");
    CHECK_STR(grouped(&s, 0), "0");
    CHECK_STR(money_text(&s, "1234.5", NULL), "1,234.50");
    CHECK_STR(money_text(&s, "-1234567.8900", "$"), "−$1,234,567.89");
    CHECK_STR(money_text(&s, "0.125", "€"), "€0.125");
    CHECK_STR(money_text(&s, "12", "$"), "$12");
    CHECK_STR(money_text(&s, "99999999999999999999999999999999.99", NULL), "99,999,999,999,999,999,999,999,999,999,999.99");
    CHECK_STR(share_text(&s, 0.4149), "41.5 %");
    CHECK_STR(share_text(&s, 0.0001), "< 0.1 %");
    CHECK_STR(share_text(&s, NAN), "–");
    CHECK_STR(change_text(&s, 0.0829), "+8.3 %");
    CHECK_STR(change_text(&s, -0.5), "−50.0 %");
    CHECK_STR(change_text(&s, 0.0001), "±0.0 %");
    CHECK_STR(short_number(&s, 1367.123), "1,367.1");
    CHECK_STR(short_number(&s, -0.25), "−0.25");
    CHECK_STR(short_number(&s, 1503511973.1), "1,503,511,973");
    CHECK_STR(short_number(&s, 189778.4), "189,778");
    CHECK_STR(short_number(&s, INFINITY), "∞");
    CHECK_STR(short_number(&s, 7043545), "7,043,545");
    store_clear(&s);
}

TEST(days_and_the_calendar_are_each_others_inverse)
{
    CHECK_INT(days_of((civil){ 1970, 1, 1 }), 0);
    CHECK_INT(days_of((civil){ 2024, 2, 29 }), 19782);
    CHECK_INT(days_of((civil){ 1, 1, 1 }), -719162);
    for (int32_t day = -719162; day < 2932897; day += 97) {           /* years 1 to 9999 */
        const civil c = civil_of(day);
        CHECK_INT(days_of(c), day);
        CHECK(c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31);
    }
}

TEST(a_text_fits_its_columns)
{
    store s = { .blocks = NULL };
    CHECK_INT(shown_width("größe"), 5);
    CHECK_INT(shown_width("日本"), 4);
    CHECK_INT(shown_width("\033[1mbold\033[0m"), 4);
    CHECK_STR(fit_text(&s, "North America", 8), "North A…");
    CHECK_STR(fit_text(&s, "North", 5), "North");
    CHECK_STR(fit_text(&s, "日本語", 4), "日…");
    CHECK_STR(fit_text(&s, "a\033b\n", 40), "a\\x1bb\\x0a");
    CHECK_STR(fit_text(&s, "", 0), "");
    store_clear(&s);
}

static const char *made_safe(const char *text, bool color, char room[128])
{
    growing g = { .bytes = NULL };
    grow(&g, text);
    make_safe(&g, color);
    snprintf(room, 128, "%s", g.bytes);
    growing_clear(&g);
    return room;
}

TEST(only_our_own_colours_reach_a_terminal)
{
    char room[128];
    CHECK_STR(made_safe("\033[1mbold\033[0m\n", true, room), "\033[1mbold\033[0m\n");
    CHECK_STR(made_safe("\033[1mbold\n", false, room), "\\x1b[1mbold\n");
    CHECK_STR(made_safe("\033]0;title\a", true, room), "\\x1b]0;title\\x07");
    CHECK_STR(made_safe("a\u202eb", true, room), "a\\u202eb");
}

TEST(bars_are_drawn_in_eighths)
{
    const look how = { .width = 80 }, plain = { .width = 80, .ascii = true };
    growing g = { .bytes = NULL };
    put_bar(&g, &how, 0.5, 4);
    CHECK_STR(g.bytes, "██");
    growing_clear(&g);
    put_bar(&g, &how, 0.28125, 4);
    CHECK_STR(g.bytes, "█▏");
    growing_clear(&g);
    put_bar(&g, &how, 0.0001, 4);
    CHECK_STR(g.bytes, "▏");
    growing_clear(&g);
    put_bar(&g, &plain, 0.5, 4);
    CHECK_STR(g.bytes, "##");
    growing_clear(&g);
    put_bar(&g, &how, NAN, 4);
    CHECK(g.n == 0);
    growing_clear(&g);
}

TEST(a_terminal_without_utf8_gets_ascii)
{
    growing g = { .bytes = NULL };
    grow(&g, "−5 × 3 → … · café ✓");
    to_ascii(&g);
    CHECK_STR(g.bytes, "-5 x 3 -> ... | caf? ok");
    growing_clear(&g);
}

TEST(the_store_keeps_what_it_was_given)
{
    store s = { .blocks = NULL };
    int64_t *numbers = NULL;
    for (size_t i = 0; i < 1000; i++) {
        void *moved;
        int64_t *one = store_add(&s, numbers, i, sizeof *one, &moved);
        CHECK(one != NULL);
        numbers = moved;
        *one = (int64_t)i;
    }
    for (size_t i = 0; i < 1000; i++) CHECK_INT(numbers[i], i);
    CHECK_STR(keep_format(&s, "%s %d", "text", 7), "text 7");
    CHECK(store_array(&s, SIZE_MAX / 2, 16) == NULL && s.out_of_memory);
    store_clear(&s);
}
