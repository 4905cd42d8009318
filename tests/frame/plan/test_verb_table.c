/* The table of verbs as data, and steps made from it. */
#include <frame/verb_info.h>

#include <string.h>

#include "plan/verb_table.h"
#include "support/test.h"

TEST(every_verb_is_found_by_its_name_and_its_number)
{
    size_t n;
    const fr_verb_info *verbs = fr_verb_infos(&n);
    CHECK(n >= 21);
    for (size_t i = 0; i < n; i++) {
        CHECK(fr_verb_info_of(verbs[i].name) == &verbs[i]);
        CHECK(fr_verb_of(verbs[i].number) == &verbs[i]);
        CHECK(verbs[i].size_bytes <= sizeof(fr_step) - 16);
    }
    CHECK(fr_verb_info_of("sortt") == NULL);
    CHECK(fr_verb_info_of(NULL) == NULL);
    CHECK(fr_verb_of(0) == NULL);
    CHECK(fr_verb_of(9999) == NULL);
}

TEST(words_from_elsewhere_are_translated)
{
    size_t n;
    const fr_verb_info *verbs = fr_verb_infos(&n);
    for (size_t i = 0; i < n; i++) CHECK(fr_verb_translated(verbs[i].name) == NULL);
    CHECK_STR(fr_verb_translated("arrange"), "sort");
    CHECK(strncmp(fr_verb_translated("group_by"), "group", 5) == 0);
    CHECK(fr_verb_translated("no such word") == NULL);
    CHECK(fr_verb_translated(NULL) == NULL);
}

TEST(words_of_a_join_from_elsewhere_are_taken_or_translated)
{
    const fr_option_info *how = fr_verb_option(fr_verb_info_of("join"), "how");
    const fr_option_info *other = fr_verb_option(fr_verb_info_of("drop_null"), "how");
    for (size_t i = 0; i < how->n_words; i++) {
        CHECK_INT(fr_word_named(how, how->words[i].word), (int)i);
        CHECK(fr_word_translated(how, how->words[i].word) == NULL);
    }
    CHECK_INT(fr_word_named(how, "outer"), FR_JOIN_FULL);
    CHECK(fr_word_translated(how, "outer") == NULL);
    CHECK_INT(fr_word_named(how, "oute"), -1);
    CHECK_INT(fr_word_named(how, "right"), -1);
    CHECK_STR(fr_word_translated(how, "right"), "left, with the two frames swapped");
    CHECK(strncmp(fr_word_translated(how, "cross"), "inner, on", 9) == 0);
    CHECK(fr_word_translated(how, "some") == NULL);
    CHECK_INT(fr_word_named(other, "outer"), -1);
    CHECK(fr_word_translated(other, "right") == NULL);
    CHECK_INT(fr_word_named(NULL, "left"), -1);
    CHECK_INT(fr_word_named(how, NULL), -1);
    CHECK(fr_word_translated(NULL, "right") == NULL && fr_word_translated(how, NULL) == NULL);
}

static const char *told(const char *verb, const char *option, const char *word)
{
    const fr_option_info *info = fr_verb_option(fr_verb_info_of(verb), option);
    return fr_word_named(info, word) >= 0 ? "taken" : fr_word_translated(info, word);
}

TEST(words_of_other_options_from_elsewhere_are_translated)
{
    CHECK_STR(told("join", "validate", "m:1"), "many_to_one");
    CHECK_STR(told("fill_null", "method", "ffill"), "forward");
    CHECK_STR(told("fill_null", "method", "forward"), "taken");
    CHECK_STR(told("distinct", "keep", "any"), "first");
    CHECK(strncmp(told("cast", "errors", "ignore"), "coerce, ", 8) == 0);
    CHECK(told("cast", "errors", "some") == NULL);
}

TEST(options_lie_where_the_structs_have_them)
{
    const fr_verb_info *join = fr_verb_info_of("join");
    CHECK_INT(fr_verb_option(join, "how")->offset, offsetof(fr_join_args, how));
    CHECK_INT(fr_verb_option(join, "how")->n_words, 7);
    CHECK_STR(fr_verb_option(join, "how")->words[FR_JOIN_LEFT].word, "left");
    CHECK_INT(fr_verb_option(join, "right")->kind, FR_OPTION_FRAME);
    CHECK_INT(fr_verb_option(join, "on")->n_words, 0);
    CHECK(fr_verb_option(join, "onn") == NULL);
}

TEST(a_step_of_the_table_is_the_step_of_the_macro)
{
    fr_step made, written = fr_sample();
    CHECK(fr_step_init(&made, "sample"));
    CHECK_INT(made.verb, written.verb);
    CHECK_INT(made.args.sample.size_, written.args.sample.size_);
    CHECK_INT(made.args.sample.n, written.args.sample.n);
    CHECK_F64(made.args.sample.fraction, written.args.sample.fraction);
    CHECK(!fr_step_init(&made, "nothing"));
}

/* An explicit 0 is 0, whatever the default: every number of every verb, through the macro. */
TEST(zero_given_to_a_number_is_zero)
{
    CHECK_INT((fr_head(0)).args.head.n, 0);
    CHECK_INT((fr_head()).args.head.n, 5);
    CHECK_INT((fr_tail(0)).args.tail.n, 0);
    CHECK_INT((fr_slice(0, 0)).args.slice.n, 0);
    CHECK_INT((fr_slice(3)).args.slice.n, -1);
    CHECK_INT((fr_sample(0)).args.sample.n, 0);
    CHECK_F64((fr_sample(.fraction = 0)).args.sample.fraction, 0);
    CHECK_INT((fr_sample(.seed = 0)).args.sample.seed, 0);
    CHECK_INT((fr_fill_null(.limit = 0)).args.fill_null.limit, 0);
    CHECK_INT((fr_drop_null(.min_valid = 0)).args.drop_null.min_valid, 0);
    CHECK_INT((fr_join(NULL, .max_rows = 0)).args.join.max_rows, 0);
    CHECK_INT((fr_pivot(.max_columns = 0)).args.pivot.max_columns, 0);
}

/* … and that the list above is complete: as many as the table has numbers. */
TEST(the_table_has_as_many_numbers_as_the_test_above_tries)
{
    size_t n, numbers = 0;
    const fr_verb_info *verbs = fr_verb_infos(&n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < verbs[i].n_options; k++)
            numbers += verbs[i].options[k].kind == FR_OPTION_I64 || verbs[i].options[k].kind == FR_OPTION_F64;
    CHECK_INT(numbers,
              11); /* head, tail, slice offset and n, sample n, fraction and seed, fill_null, drop_null, join, pivot */
}

TEST(defaults_of_the_table_are_those_of_the_macros)
{
    const fr_step steps[] = { fr_filter(),      fr_select(),   fr_with(),         fr_rename(),    fr_drop(),
                              fr_sort(),        fr_head(),     fr_tail(),         fr_slice(),     fr_sample(),
                              fr_group(),       fr_distinct(), fr_fill_null(),    fr_drop_null(), fr_cast(),
                              fr_parse_dates(), fr_describe(), fr_value_counts(), fr_concat(),    fr_join(),
                              fr_write(),       fr_pivot(),    fr_melt(),         fr_complete() };
    size_t n;
    fr_verb_infos(&n);
    CHECK_INT(sizeof steps / sizeof steps[0], n);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const fr_verb_info *verb = fr_verb_of(steps[i].verb);
        for (size_t k = 0; k < verb->n_options; k++) CHECK(fr_option_is_default(&steps[i], &verb->options[k]));
    }
}
