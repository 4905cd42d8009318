/* Where texts lie at every level of instructions, against one view at a time. */
#include "kernel/view_texts.h"

#include "data/view.h"
#include "support/columns.h"
#include "support/test.h"

enum { MOST = 70, BUFFERS = 3 };

TEST(texts_are_found_where_their_views_say)
{
    static const char buffers[BUFFERS][100];
    const char *const bases[BUFFERS] = { buffers[0], buffers[1], buffers[2] };
    uint64_t state = 8;
    fr_view views[MOST];
    for (size_t n = 0; n <= MOST; n++) {
        const uint64_t longs = n % 3;                  /* none, some, most */
        for (size_t i = 0; i < n; i++) {
            const uint64_t r = fr_test_random(&state);
            const bool is_long = longs && r % 4 < 2 * longs - 1;
            const uint32_t buffer = (uint32_t)(r / 512 % BUFFERS), offset = (uint32_t)(r / 64 % 40);
            views[i] = is_long ? fr_view_long("abcdefghijklm", 13 + r / 8 % 40, buffer, offset)
                               : fr_view_short("abcdefghijkl", r / 16 % 13);
        }
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
            fr_piece out[MOST + 1] = { [MOST] = { bases[0], 7 } };
            out[n] = (fr_piece){ bases[0], 7 };
            FR_ISA_AT(fr_view_text_kernels, isa)->find(out, views, n, longs ? bases : NULL);
            for (size_t i = 0; i < n; i++) {
                CHECK(out[i].text == fr_view_text(&views[i], bases));
                CHECK_INT(out[i].n, views[i].in.length);
            }
            CHECK(out[n].text == bases[0] && out[n].n == 7);
        }
    }
}
