/* Short texts among views at every level of instructions, against one view at a time. */
#include "kernel/view_keys.h"

#include "data/view.h"
#include "support/columns.h"
#include "support/test.h"

enum { MOST = 200, KEYS = 16 };

static fr_view any_view(uint64_t *state)
{
    static const char *const texts[] = { "", "a", "north", "south", "nort", "northe", "abcdefghijkl", "abcdefghijkm" };
    const uint64_t r = fr_test_random(state);
    if (r % 9 == 0) return fr_view_long("abcdefghijklm", 13, 0, 0);
    const char *text = texts[r / 16 % FR_COUNT_OF(texts)];
    return fr_view_short(text, strlen(text));
}

static void check_level(const fr_view_key_kernels *k, const fr_view *views, size_t n, const fr_view_key *keys, size_t n_keys)
{
    uint64_t found[(MOST + 63) / 64];
    k->find(found, views, n, keys, n_keys);
    for (size_t i = 0; i < n; i++) {
        bool is_one = false;
        for (size_t j = 0; j < n_keys; j++)
            is_one |= views[i].words.first == keys[j].first && views[i].words.second == keys[j].second;
        CHECK_INT(found[i / 64] >> (i & 63) & 1, is_one);
    }
}

TEST(short_texts_are_found_among_views_at_every_level)
{
    uint64_t state = 3;
    fr_view views[MOST];
    fr_view_key keys[KEYS];
    for (size_t i = 0; i < MOST; i++) views[i] = any_view(&state);
    for (size_t n_keys = 1; n_keys <= KEYS; n_keys += n_keys < 4 ? 1 : 6)
        for (size_t n = 0; n <= MOST; n += n % 64 < 2 ? 1 : 61) {
            for (size_t j = 0; j < n_keys; j++) {
                fr_view key = any_view(&state);
                if (key.in.length > FR_VIEW_INLINE) key = fr_view_short("z", 1);
                keys[j] = (fr_view_key){ key.words.first, key.words.second };
            }
            for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
                check_level(FR_ISA_AT(fr_view_key_kernels, isa), views, n, keys, n_keys);
        }
}
