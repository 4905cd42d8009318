/* csv_count.isa.c — how many records a piece of text has, by bit masks (csv_masks.inc.h).
 *
 * Both hypotheses are followed at once: where one is inside quotes the other is outside, so they share every mask and
 * differ in which side of `inside` they take.
 */
#include "io/csv/csv_count.h"
#include "io/csv/csv_masks.inc.h"

/* Where record ends are is asked for the first and the last one only: the loops note which stretch of a piece has one, and
 * look for it afterwards. */
#define STRETCH_BYTES 4096

/* 64 bytes of a piece. Those behind its end are 0, and not valid. */
typedef struct block { uint64_t quotes, newlines, seps, cr, valid; } block;

typedef struct carry {             /* what the 64 bytes before leave behind: the last bit of a word of marks             */
    uint64_t quote, newline, sep;
    uint64_t quote_cr, newline_cr; /* a CR behind a quote, behind a line feed                                           */
    uint64_t inside;               /* all ones inside quotes, if the piece begins outside                               */
} carry;

typedef struct tally {             /* of the piece so far; [1]: if it begins inside quotes                              */
    uint64_t lines, ends[2], blanks[2], bad[2];
    uint64_t high, nul, cr;        /* not 0: there are such bytes                                                       */
} tally;

typedef struct stretch {           /* the first or last one with a record end                                           */
    bool     any;
    size_t   begin, end;
    uint64_t inside;               /* as in carry, at its beginning                                                     */
} stretch;

/* What all blocks of a stretch have together, by either and by keep_zeros; a short last block has zeros of its own. */
FR_TEMPLATE_FN void note_bytes(tally *t, bytes64 any, bytes64 least, const char *text, size_t n)
{
    t->high |= high_bits(any);
    t->nul |= n % 64 ? memchr(text, 0, n) != NULL : equal(least, 0) != 0;
}

/* The bytes behind the marked ones. */
FR_TEMPLATE_FN uint64_t behind(uint64_t marks, uint64_t *carried)
{
    const uint64_t moved = marks << 1 | *carried;
    *carried = marks >> 63;
    return moved;
}

/* Line feeds that end an empty line which begins in the piece. */
FR_TEMPLATE_FN uint64_t blank_ends(const block *b, uint64_t behind_newline, carry *c)
{
    return b->newlines & (behind_newline | behind(b->cr & behind_newline, &c->newline_cr));
}

/* Are all quotes where RFC 4180 wants them? An opening one follows a delimiter or (doubled) a closing one; after a closing
 * one comes a delimiter, a quote, or CR LF. What opens under one hypothesis closes under the other, so a quote behind
 * something else is wrong where it opens, and a byte that no quote may precede is wrong where it is outside. */
FR_TEMPLATE_FN void check_quotes(const block *b, uint64_t behind_newline, uint64_t inside, carry *c, uint64_t bad[2])
{
    const uint64_t behind_quote = behind(b->quotes, &c->quote), marks = b->quotes | b->newlines;
    const uint64_t behind_cr = behind(b->cr & behind_quote, &c->quote_cr);
    const uint64_t opens_badly = b->quotes & ~(behind_newline | behind_quote | behind(b->seps, &c->sep));
    const uint64_t ends_badly = ((behind_quote & ~(marks | b->seps | b->cr)) | (behind_cr & ~marks)) & b->valid;
    const uint64_t bad_outside = (opens_badly & inside) | (ends_badly & ~inside);
    bad[0] |= bad_outside;
    bad[1] |= bad_outside ^ (opens_badly | ends_badly);
}

/* No quote in the whole piece, which is the common case: one hypothesis holds every line feed, the other none. */
static void count_without_quotes(const char *text, size_t begin, size_t end, carry *caller_carry, tally *caller_tally)
{
    carry c = *caller_carry;                                /* in registers */
    tally t = *caller_tally;
    bytes64 any = same_bytes(0), least = same_bytes(-1);
    for (size_t at = begin; at < end; at += 64) {
        block b = { 0 };
        const bytes64 x = load_part(text, at, end, &b.valid);
        b.newlines = equal(x, '\n');
        b.cr = equal(x, '\r');
        any = either(any, x);
        least = keep_zeros(least, x);
        t.cr |= b.cr;
        t.lines += (uint64_t)__builtin_popcountll(b.newlines);
        const uint64_t blanks = blank_ends(&b, behind(b.newlines, &c.newline), &c);
        t.blanks[0] += (uint64_t)__builtin_popcountll(blanks);
    }
    t.ends[0] = t.lines;
    note_bytes(&t, any, least, text + begin, end - begin);
    *caller_carry = c;
    *caller_tally = t;
}

static void count_with_quotes(const char *text, size_t begin, size_t end, char sep, char quote, carry *caller_carry,
                              tally *caller_tally)
{
    carry c = *caller_carry;
    tally t = *caller_tally;
    bytes64 any = same_bytes(0), least = same_bytes(-1);
    for (size_t at = begin; at < end; at += 64) {
        block b;
        const bytes64 x = load_part(text, at, end, &b.valid);
        b.quotes = equal(x, quote);
        b.newlines = equal(x, '\n');
        b.seps = equal(x, sep);
        b.cr = equal(x, '\r');
        any = either(any, x);
        least = keep_zeros(least, x);
        t.cr |= b.cr;
        const uint64_t inside = prefix_xor(b.quotes) ^ c.inside, behind_newline = behind(b.newlines, &c.newline);
        c.inside = (uint64_t)((int64_t)inside >> 63);
        t.lines += (uint64_t)__builtin_popcountll(b.newlines);
        t.ends[1] += (uint64_t)__builtin_popcountll(b.newlines & inside);
        check_quotes(&b, behind_newline, inside, &c, t.bad);
        const uint64_t blanks = blank_ends(&b, behind_newline, &c);
        if (!blanks) continue;
        t.blanks[0] += (uint64_t)__builtin_popcountll(blanks & ~inside);
        t.blanks[1] += (uint64_t)__builtin_popcountll(blanks & inside);
    }
    t.ends[0] = t.lines - t.ends[1];
    note_bytes(&t, any, least, text + begin, end - begin);
    *caller_carry = c;
    *caller_tally = t;
}

/* Places of the first and the last record end in a stretch, -1 where there is none. */
static void find_ends(const char *text, const stretch *s, char quote, bool begins_inside, int64_t *first, int64_t *last)
{
    uint64_t carried = s->inside;
    *first = *last = -1;
    for (size_t at = s->begin; s->any && at < s->end; at += 64) {
        uint64_t valid;
        const bytes64 x = load_part(text, at, s->end, &valid);
        const uint64_t inside = (quote ? prefix_xor(equal(x, quote)) : 0) ^ carried;
        const uint64_t ends = equal(x, '\n') & (begins_inside ? inside : ~inside);
        carried = (uint64_t)((int64_t)inside >> 63);
        if (!ends) continue;
        if (*first < 0) *first = (int64_t)at + __builtin_ctzll(ends);
        *last = (int64_t)at + 63 - __builtin_clzll(ends);
    }
}

static void count(const char *text, size_t n, char sep, char quote, fr_csv_counts *out)
{
    const bool quotes = quote && n && memchr(text, quote, n);
    carry c = { .newline = 0, .sep = 1 };                   /* a quote may open at the very beginning */
    tally t = { 0 };
    stretch first[2] = { 0 }, last[2] = { 0 };
    for (size_t begin = 0, end; begin < n; begin = end) {
        end = n - begin > STRETCH_BYTES ? begin + STRETCH_BYTES : n;
        const stretch this = { .any = true, .begin = begin, .end = end, .inside = c.inside };
        const uint64_t before[2] = { t.ends[0], t.ends[1] };
        if (quotes) count_with_quotes(text, begin, end, sep, quote, &c, &t);
        else count_without_quotes(text, begin, end, &c, &t);
        for (int h = 0; h < 2; h++) {
            if (t.ends[h] == before[h]) continue;
            if (!first[h].any) first[h] = this;
            last[h] = this;
        }
    }
    *out = (fr_csv_counts){ .lines = (int64_t)t.lines, .odd_quotes = c.inside != 0, .ascii = !t.high,
                            .nul = t.nul != 0, .quotes = quotes, .cr = t.cr != 0 };
    for (int h = 0; h < 2; h++) {
        fr_csv_half *half = &out->half[h];
        int64_t place;
        *half = (fr_csv_half){ .ends = (int64_t)t.ends[h], .blanks = (int64_t)t.blanks[h], .bad = t.bad[h] != 0 };
        find_ends(text, &first[h], quotes ? quote : 0, h, &half->first, &place);
        find_ends(text, &last[h], quotes ? quote : 0, h, &place, &half->last);
    }
}

const fr_csv_count_kernels FR_ISA_NAME(fr_csv_count_kernels) = { .count = count };
