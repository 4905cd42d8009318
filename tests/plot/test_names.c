/* test_names.c — numbers of texts: a slow twin, and figures of very many names. */
#include "plot/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "plot/figure_support.h"
#include "support/test.h"

/* As many texts as there are, of few or many kinds, numbered by looking at all that came before. */
static void numbers_agree(size_t n, size_t n_kinds)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    char (*texts)[24] = calloc(n + 1, sizeof *texts);
    size_t *numbers = calloc(n + 1, sizeof *numbers), known = 0;
    fr_names names;
    REQUIRE(fr_names_begin(&call, &arena, n, &names));
    for (size_t i = 0; i < n; i++) {
        snprintf(texts[i], sizeof texts[i], "%zu", (size_t)(fr_rng_at(7, n, i) % n_kinds) * 1000003);
        size_t before = 0;
        while (before < i && strcmp(texts[before], texts[i]) != 0) before++;
        numbers[i] = before < i ? numbers[before] : known++;
        CHECK_INT(fr_names_number(&names, texts[i]), numbers[i]);
    }
    CHECK_INT(names.n, known);
    for (size_t i = 0; i < n; i++) CHECK_STR(names.texts[numbers[i]], texts[i]);
    free(texts);
    free(numbers);
    fr_call_end(&call);
}

TEST(names_have_the_numbers_of_their_first_appearance)
{
    static const size_t counts[] = { 0, 1, 3, 7, 63, 64, 65, 511 };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        for (size_t kinds = 1; kinds <= 1000; kinds *= 10) numbers_agree(counts[i], kinds);
}

/* Each took minutes when names were looked for one by one. */
TEST(two_hundred_thousand_names_are_facets_series_and_categories)
{
    enum { N = 200000 };
    char (*texts)[16] = calloc(N, sizeof *texts);
    const char **name = calloc(N, sizeof *name);
    int64_t *number = calloc(N, sizeof *number);
    for (int i = 0; i < N; i++) {
        snprintf(texts[i], sizeof texts[i], "name %d", i);
        name[i] = texts[i];
        number[i] = i;
    }
    fr_auto(frame) frame = fr_frame_new(N, fr_array("name", FR_STR, name), fr_array("number", FR_I64, number));
    fr_auto(figure) facets = fr_plot(frame, .marks = fr_marks(fr_mark_point("number", "number")), .facet = "name");
    CHECK(fr_ok(facets) && strstr(facets->note, "The first 24 of 200000 charts."));
    fr_auto(figure) series = fr_plot(frame, .marks = fr_marks(fr_mark_bar("number", "number", .colour = "name",
        .reduce = FR_REDUCE_SUM), fr_mark_bar("number", "number", .colour = "name", .reduce = FR_REDUCE_SUM)));
    CHECK(fr_ok(series));
    fr_auto(figure) axis = fr_plot(frame, .marks = fr_marks(fr_mark_point("name", "number"), fr_mark_point("name", "number")));
    CHECK(fr_ok(axis) && axis->x->n_names == N);
    free(texts), free(name), free(number);
}
