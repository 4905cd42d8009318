/* cut_views: every instruction-set level of this machine against one text at a time. */
#include "kernel/cut_views.h"

#include "data/view.h"
#include "support/columns.h"
#include "support/test.h"

#include <string.h>

enum { MOST = 70 };

static fr_view any_view(uint64_t *state, bool odd)
{
    char text[FR_VIEW_INLINE];
    const size_t n = fr_test_random(state) % (FR_VIEW_INLINE + 1);
    for (size_t i = 0; i < n; i++) text[i] = (char)(fr_test_random(state) % 128);
    if (odd && n) text[fr_test_random(state) % n] = (char)0xC3;
    return odd && !n ? fr_view_long("abcdefghijklm", 13, 0, 0) : fr_view_short(text, n);
}

/* Characters from … of a text, at most `some`. */
static void cuts_of(fr_view_cuts *cuts, size_t from, size_t some)
{
    memset(cuts, 0, sizeof *cuts);
    for (size_t n = 0; n < FR_CUT_LENGTHS; n++) {
        const size_t left = from < n ? n - from : 0, length = left < some ? left : some;
        memset(cuts->from[n], FR_CUT_NOTHING, sizeof cuts->from[n]);
        cuts->length[n][0] = (uint8_t)length;
        for (size_t k = 0; k < length; k++) cuts->from[n][4 + k] = (uint8_t)(4 + from + k);
    }
}

static void check_level(const fr_cut_views_kernels *k, size_t n, size_t first_odd, uint64_t *state)
{
    fr_view views[MOST + 1], got[MOST + 1];
    for (size_t i = 0; i < n; i++) views[i] = any_view(state, i == first_odd);
    for (size_t from = 0; from <= FR_VIEW_INLINE; from++)
        for (size_t some = 0; some + from <= FR_VIEW_INLINE; some++) {
            fr_view_cuts cuts;
            cuts_of(&cuts, from, some);
            memset(got, 0x5a, sizeof got);
            const size_t done = k->cut(got, views, n, &cuts);
            CHECK_INT(done, first_odd < n ? first_odd : n);
            for (size_t i = 0; i < done; i++) {
                const size_t length = views[i].in.length, left = from < length ? length - from : 0;
                const fr_view same = fr_view_short(views[i].in.text + (left ? from : 0), left < some ? left : some);
                CHECK(!memcmp(&got[i], &same, sizeof same));
            }
            CHECK(got[done].words.first == UINT64_C(0x5a5a5a5a5a5a5a5a));
        }
}

TEST(views_are_cut_as_their_texts_at_every_level)
{
    uint64_t state = 11;
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t n = 0; n <= MOST; n += n < 4 ? 1 : 11)
            for (size_t odd = 0; odd <= n; odd += 1 + n / 5)
                check_level(FR_ISA_AT(fr_cut_views_kernels, isa), n, odd, &state);
}
