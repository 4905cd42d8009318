/* Lines of rows: through selections, cuts and stretches, against the plain list of numbers. */
#include "support/test.h"
#include "support/torture.h"

#include "base/memory.h"
#include "data/lines.h"

enum { MOST = 20000 };

/* The slow twin: line numbers as a plain array. */
typedef struct plain { int64_t n, line[MOST]; } plain;

static void same(const fr_lines *lines, const plain *p)
{
    int64_t i = 0;
    while (i < p->n && fr_line_of(lines, i) == p->line[i]) i++;
    CHECK_INT(i, p->n);
    if (i < p->n) CHECK_INT(fr_line_of(lines, i), p->line[i]);
}

static fr_lines *keep_some(fr_call *call, fr_lines *lines, plain *p, uint64_t salt)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep = fr_buffer_zeroed(call, (MOST / 64 + 1) * sizeof(uint64_t));
    CHECK(keep);
    if (!keep) return NULL;
    uint64_t *bits = keep->data;
    int64_t kept = 0, n = p->n;
    for (int64_t i = 0; i < n; i++) {
        if ((((uint64_t)i + salt) * UINT64_C(0x9E3779B97F4A7C15) >> 62) == 0) continue;
        bits[i / 64] |= (uint64_t)1 << i % 64;
        p->line[kept++] = p->line[i];
    }
    if (n % 64) bits[n / 64] |= ~(((uint64_t)1 << n % 64) - 1);      /* bits behind the end mean nothing */
    p->n = kept;
    return fr_lines_keep(call, lines, keep, n);
}

static void chain_of(int64_t n)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    static plain p;
    p.n = n;
    for (int64_t i = 0; i < n; i++) p.line[i] = i + 2;
    fr_lines *lines = fr_lines_from(&call, 2, "one.csv");
    for (uint64_t step = 0; step < 4; step++) {
        fr_lines *next = keep_some(&call, lines, &p, step);
        fr_lines_unref(lines);
        lines = next;
        same(lines, &p);
        int64_t offset = p.n / 10;
        next = fr_lines_cut(&call, lines, offset);
        fr_lines_unref(lines);
        lines = next;
        for (int64_t i = offset; i < p.n; i++) p.line[i - offset] = p.line[i];
        p.n -= offset;
        same(lines, &p);
    }
    fr_lines_unref(lines);
    fr_call_end(&call);
}

TEST(selections_and_cuts_keep_the_lines)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, 4096, 4097, 8192, MOST };
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) chain_of(lengths[i]);
}

TEST(stretches_of_several_files_know_theirs)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    fr_lines *parts[] = { fr_lines_from(&call, 2, "a.csv"), NULL, fr_lines_from(&call, 2, "b.csv") };
    fr_lines *all = fr_lines_concat(&call, parts, (const int64_t[]){ 2, 2, 2 }, 3);
    fr_lines *cut = fr_lines_cut(&call, all, 1);
    fr_buffer *odd = fr_buffer_new(&call, 8);
    REQUIRE(odd);
    *(uint64_t *)odd->data = 0xF5;                 /* rows 0, 2, 4 of the cut: a.csv:3, none, b.csv:3; three bits mean nothing */
    fr_lines *kept = fr_lines_keep(&call, cut, odd, 5);
    fr_buffer_unref(odd);
    CHECK(fr_lines_are_mixed(all) && fr_lines_are_mixed(cut) && fr_lines_are_mixed(kept));
    CHECK_STR(fr_file_of(kept, 0), "a.csv");
    CHECK_INT(fr_line_of(kept, 0), 3);
    CHECK(fr_file_of(kept, 1) == NULL && fr_line_of(kept, 1) == -1);
    CHECK_STR(fr_file_of(kept, 2), "b.csv");
    CHECK_INT(fr_line_of(kept, 2), 3);
    CHECK_INT(fr_line_of(kept, 3), -1);
    fr_lines *nameless = fr_lines_concat(&call, (fr_lines *[]){ parts[0], kept }, (const int64_t[]){ 1, 3 }, 2);
    CHECK(fr_lines_are_mixed(nameless));
    fr_lines *const made[] = { all, cut, kept, nameless, parts[0], parts[2] };
    for (size_t i = 0; i < FR_COUNT_OF(made); i++) fr_lines_unref(made[i]);
    fr_call_end(&call);
}

/* A frame that a loop appends to remembers each time, and gives them up one after the other. */
TEST(lines_of_very_many_stretches_are_given_up)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    fr_lines *all = fr_lines_from(&call, 2, "a.csv"), *one = fr_lines_ref(all);
    for (int64_t i = 1; all && i < 200000; i++) {
        fr_lines *next = fr_lines_concat(&call, (fr_lines *[]){ all, one }, (const int64_t[]){ i, 1 }, 2);
        fr_lines_unref(all);
        all = next;
    }
    CHECK_INT(fr_line_of(all, 199999), 2);
    CHECK(!fr_lines_are_mixed(all));
    fr_lines_unref(all);
    fr_lines_unref(one);
    fr_call_end(&call);
}

TEST(stretches_follow_one_another)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    fr_lines *parts[] = { fr_lines_from(&call, 2, "a.csv"), fr_lines_from(&call, 50, "a.csv"), fr_lines_from(&call, 90, "a.csv") };
    fr_lines *all = fr_lines_concat(&call, parts, (const int64_t[]){ 3, 0, 2 }, 3);
    CHECK_INT(fr_line_of(all, 2), 4);
    CHECK_INT(fr_line_of(all, 3), 90);
    CHECK_INT(fr_line_of(all, 4), 91);
    CHECK_INT(fr_line_of(NULL, 0), -1);
    CHECK_STR(fr_file_of(all, 4), "a.csv");
    CHECK(!fr_lines_are_mixed(all) && !fr_lines_are_mixed(NULL) && !fr_file_of(NULL, 0));
    fr_lines_unref(all);
    for (int i = 0; i < 3; i++) fr_lines_unref(parts[i]);
    CHECK(fr_lines_concat(&call, (fr_lines *[]){ NULL }, (const int64_t[]){ 1 }, 1) == NULL && !fr_failed(&call));
    fr_call_end(&call);
}
