#include "data/dictionary.h"

#include <frame/arrow.h>
#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "support/columns.h"
#include "support/test.h"

static void drop_coder(fr_coder **slot) { fr_coder_unref(*slot); }
static void drop_dictionary(fr_dictionary **slot) { fr_dictionary_unref(*slot); }
#define OWN_CODER FR_CLEANUP(drop_coder) fr_coder
#define OWN_DICTIONARY FR_CLEANUP(drop_dictionary) fr_dictionary

static fr_dictionary *dictionary_of(fr_call *call, const char *const *texts, size_t n)
{
    OWN_CODER *coder = fr_coder_new(call);
    for (size_t i = 0; i < n; i++)
        if (fr_coder_code(call, coder, texts[i], strlen(texts[i])) < 0) return NULL;
    return fr_coder_finish(call, coder);
}

static const char *text_at(const fr_dictionary *dictionary, uint32_t code)
{
    static char room[64];
    size_t n;
    const char *text = fr_dictionary_text(dictionary, code, &n);
    memcpy(room, text, n);
    room[n] = 0;
    return room;
}

TEST(codes_count_first_appearances)
{
    WITH_CALL;
    OWN_CODER *coder = fr_coder_new(call);
    CHECK_INT(fr_coder_code(call, coder, "North", 5), 0);
    CHECK_INT(fr_coder_code(call, coder, "South", 5), 1);
    CHECK_INT(fr_coder_code(call, coder, "", 0), 2);
    CHECK_INT(fr_coder_code(call, coder, "North", 5), 0);
    CHECK_INT(fr_coder_code(call, coder, "a text beyond twelve bytes", 26), 3);
    CHECK_INT(fr_coder_code(call, coder, "a text beyond twelve bytes", 26), 3);
    CHECK_INT(fr_coder_code(call, coder, "\0", 1), 4);
    OWN_DICTIONARY *dictionary = fr_coder_finish(call, coder);
    CHECK_STR(text_at(dictionary, 1), "South");
    CHECK_STR(text_at(dictionary, 3), "a text beyond twelve bytes");
}

TEST(many_texts_keep_their_codes)
{
    WITH_CALL;
    enum { MANY = 100000 };
    OWN_CODER *coder = fr_coder_new(call);
    char text[64];
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < MANY; i++) {
            int n = snprintf(text, sizeof text, i % 2 ? "%d" : "a longer text number %d", i);
            if (fr_coder_code(call, coder, text, (size_t)n) != i) return CHECK_INT(i, -1);
        }
    OWN_DICTIONARY *dictionary = fr_coder_finish(call, coder);
    REQUIRE(dictionary);
    CHECK_INT(dictionary->length, MANY);
    CHECK_STR(text_at(dictionary, 99998), "a longer text number 99998");
    CHECK_INT(fr_dictionary_find(call, dictionary, "77777", 5), 77777);
    CHECK_INT(fr_dictionary_find(call, dictionary, "77776", 5), -1);
}

TEST(ranks_are_the_order_of_bytes)
{
    WITH_CALL;
    static const char *const texts[] = { "b", "é", "", "a", "B", "ab", "z", "a text beyond twelve", "a text beyond",
                                         "A" };
    static const uint32_t expected[] = { 7, 9, 0, 3, 2, 6, 8, 5, 4, 1 };
    OWN_DICTIONARY *dictionary = dictionary_of(call, texts, FR_COUNT_OF(texts));
    const uint32_t *ranks = fr_dictionary_ranks(call, dictionary);
    REQUIRE(ranks);
    for (size_t i = 0; i < FR_COUNT_OF(texts); i++) CHECK_INT(ranks[i], expected[i]);
    CHECK(fr_dictionary_ranks(call, dictionary) == ranks);
}

TEST(a_union_lists_the_first_ones_first)
{
    WITH_CALL;
    OWN_DICTIONARY *a = dictionary_of(call, (const char *[]){ "x", "y" }, 2);
    OWN_DICTIONARY *b = dictionary_of(call, (const char *[]){ "z", "y", "w" }, 3);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    uint32_t *maps[3];
    OWN_DICTIONARY *all = fr_dictionary_union(call, (const fr_dictionary *[]){ a, b, a }, 3, &arena, maps);
    REQUIRE(all);
    CHECK_INT(all->length, 4);
    CHECK_INT(maps[0][1], 1);
    CHECK_INT(maps[1][0], 2);
    CHECK_INT(maps[1][1], 1);
    CHECK_INT(maps[1][2], 3);
    CHECK_INT(maps[2][0], 0);
    OWN_DICTIONARY *same = fr_dictionary_union(call, (const fr_dictionary *[]){ b, b }, 2, &arena, maps);
    CHECK(same == b);
    CHECK_INT(maps[1][2], 2);
}

TEST(a_map_knows_what_the_other_dictionary_lacks)
{
    WITH_CALL;
    OWN_DICTIONARY *from = dictionary_of(call, (const char *const[]){ "b", "x", "", "a text beyond twelve bytes" }, 4);
    OWN_DICTIONARY *to = dictionary_of(call, (const char *const[]){ "a text beyond twelve bytes", "a", "b" }, 3);
    OWN_DICTIONARY *none = dictionary_of(call, NULL, 0);
    uint32_t map[4];
    REQUIRE(fr_dictionary_map(call, from, to, map));
    const uint32_t expected[] = { 2, 3, 3, 0 };
    CHECK(!memcmp(map, expected, sizeof map));
    REQUIRE(fr_dictionary_map(call, to, none, map) && fr_dictionary_map(call, none, to, map));
    CHECK_INT(map[2], 0);
}

TEST(views_compare_by_bytes)
{
    static const char *const texts[] = { "", "a", "a\x01", "aaaa", "aaaab", "aaaabbbbcccc", "aaaabbbbccccd",
                                         "aaaabbbbcccce", "b",
                                         "\xc3\xa9" };
    for (size_t i = 0; i < FR_COUNT_OF(texts); i++)
        for (size_t j = 0; j < FR_COUNT_OF(texts); j++) {
            const char *bases[] = { texts[i], texts[j] };
            size_t n = strlen(texts[i]), m = strlen(texts[j]);
            fr_view a = n <= 12 ? fr_view_short(texts[i], n) : fr_view_long(texts[i], n, 0, 0);
            fr_view b = m <= 12 ? fr_view_short(texts[j], m) : fr_view_long(texts[j], m, 1, 0);
            int order = fr_view_compare(&a, bases, &b, bases);
            CHECK_INT((order > 0) - (order < 0), (i > j) - (i < j));
            CHECK_INT(fr_view_equal(&a, bases, &b, bases), i == j);
        }
}

TEST(texts_of_any_length_are_collected)
{
    WITH_CALL;
    FR_CLEANUP(fr_texts_clear) fr_texts texts = FR_TEXTS_INIT(call);
    char big[20000];
    memset(big, 'x', sizeof big);
    fr_view views[200];
    for (size_t i = 0; i < 200; i++) REQUIRE(fr_texts_add(call, &texts, big, i * 100, &views[i]));
    FR_CLEANUP(fr_drop_heap) fr_heap *heap = fr_texts_finish(call, &texts);
    REQUIRE(heap);
    for (size_t i = 0; i < 200; i++) {
        CHECK_INT(views[i].in.length, i * 100);
        CHECK(!memcmp(fr_view_text(&views[i], heap->bases), big, i * 100));
    }
}

/* ---- codes of one, two and four bytes, as a user meets them -------------------------------------------------------- */
enum { ENTRY_BYTES = 32 };

/* Two columns of n texts from number `from` on, each twice, every seventh missing in one, and the row's number. */
static fr_frame *texts_of(size_t from, size_t n)
{
    char *room = malloc(n * ENTRY_BYTES);
    const char **c = malloc(2 * n * sizeof *c), **d = malloc(2 * n * sizeof *d);
    int64_t *id = malloc(2 * n * sizeof *id);
    for (size_t i = 0; i < n; i++) snprintf(room + i * ENTRY_BYTES, ENTRY_BYTES, "text %zu", from + i);
    for (size_t i = 0; i < 2 * n; i++) {
        c[i] = i % 7 == 6 ? NULL : room + i % n * ENTRY_BYTES;
        d[i] = room + (i % 5 ? i % n : (i * 31) % n) * ENTRY_BYTES;
        id[i] = (int64_t)i;
    }
    fr_frame *frame = fr_frame_new((int64_t)(2 * n), fr_array("c", FR_STR, c), fr_array("d", FR_STR, d),
                                   fr_array("id", FR_I64, id));
    free(room), free(c), free(d), free(id);
    return frame;
}

/* What the chain makes of the frame, categories being texts again. */
static fr_frame *as_texts(const fr_frame *frame, const fr_frame *more, const char *chain)
{
    char text[200];
    snprintf(text, sizeof text, "%s | cast c: str, d: str", chain);
    fr_auto(steps) steps = fr_steps_parse_chain_with(text, (const fr_named_frame[]){ { "more", more } }, 1, NULL);
    return fr_run(frame, steps);
}

TEST(categories_of_any_number_do_what_their_texts_do)
{
    static const size_t numbers[] = { 200, 300, 70000 };
    static const char *const chains[] = {
        "where c == d", "where c < d", "where c >= 'text 77'", "where c in ('text 5', 'text 250', 'text 69999')", "sort c, d desc",
        "with u = upper(c), m = when(c < d, c, d)", "fill_null c with 'none'", "concat more", "distinct c keep last",
        "group c, d: n = size(), last = max(id)", "left join more on c | rename d_x as d | drop d_y" };
    for (size_t k = 0; k < FR_COUNT_OF(numbers); k++) {
        fr_auto(frame) texts = texts_of(0, numbers[k]);
        fr_auto(frame) more = texts_of(numbers[k] / 2, numbers[k]);
        fr_auto(frame) cats = fr_pipe(texts, fr_cast("c: cat, d: cat"));
        fr_auto(frame) more_cats = fr_pipe(more, fr_cast("c: cat, d: cat"));
        for (size_t i = 0; i < FR_COUNT_OF(chains); i++) {
            fr_auto(frame) one = as_texts(cats, more_cats, chains[i]);
            fr_auto(frame) other = as_texts(texts, more, chains[i]);
            fr_test_check(fr_ok(other) && fr_equal(one, other), chains[i], __FILE__, __LINE__);
        }
    }
}

TEST(categories_of_any_number_are_written_and_handed_over)
{
    static const size_t numbers[] = { 200, 300, 70000 };
    for (size_t k = 0; k < FR_COUNT_OF(numbers); k++) {
        fr_auto(frame) texts = texts_of(0, numbers[k]);
        fr_auto(frame) cats = fr_pipe(texts, fr_cast("c: cat, d: cat"));
        fr_auto(frame) written = fr_write_csv(cats, fr_test_scratch("categories.csv"));
        fr_auto(frame) read = fr_read_csv(fr_test_scratch("categories.csv"), .dtypes = "c: cat, d: cat");
        CHECK(fr_ok(written) && fr_equal(read, cats));
        struct ArrowArrayStream stream;
        REQUIRE(!fr_frame_export_arrow(cats, &stream, NULL));
        fr_auto(frame) handed = fr_frame_import_arrow(&stream, NULL);
        CHECK(fr_equal(handed, cats));
    }
}
