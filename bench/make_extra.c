/* make_extra.c — tables for the rows that db-benchmark does not have: make-extra clean|wide ROWS DIR
 *
 *     clean    T1_<rows>.csv: seq (0, 1, 2 …, one row in a hundred up to 1,000 places away), stamp (a second of two years, as
 *              text), code (B17-004211-K, nearly unique), v and w (one in ten missing)
 *     wide     W1_<rows>.csv: 200 columns c0 … c199 and a fiftieth of the rows: integers, decimals, short texts, in turn
 *
 * Drawn by splitmix64 from one seed, the same bytes everywhere.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 108;

static uint64_t random_u64(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static unsigned below(unsigned n) { return (unsigned)((random_u64() >> 32) * n >> 32); }

static void write_clean_row(FILE *out, uint64_t row)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    uint64_t seq = below(100) ? row : row + below(1000);
    unsigned month = below(12), day = 1 + below((unsigned)days[month]), second = below(86400), value = below(100000000);
    fprintf(out, "%" PRIu64 ",%u-%02u-%02u %02u:%02u:%02u,", seq, 2022 + below(2), month + 1, day, second / 3600,
            second / 60 % 60, second % 60);
    fprintf(out, "%c%02u-%06u-%c,", 'A' + (int)below(26), below(100), below(1000000), 'A' + (int)below(26));
    if (below(10)) fprintf(out, "%u.%02u", value / 100, value % 100);
    if (below(10)) fprintf(out, ",%u\n", below(1000));
    else fputs(",\n", out);
}

static void write_wide_row(FILE *out)
{
    for (int c = 0; c < 200; c++) {
        unsigned value = below(1000000);
        if (c % 4 == 0) fprintf(out, "%u", value % 1000);
        else if (c % 4 == 1) fprintf(out, "%u.%02u", value / 100, value % 100);
        else if (c % 4 == 2) fprintf(out, "%u", value);
        else fprintf(out, "t%03u", value % 1000);
        fputc(c < 199 ? ',' : '\n', out);
    }
}

static FILE *create(const char *directory, const char *prefix, double n)
{
    char path[4096];
    int exponent = 0;
    for (; n >= 10; n /= 10) exponent++;
    snprintf(path, sizeof path, "%s/%s_%.0fe%d.csv", directory, prefix, n, exponent);
    FILE *out = fopen(path, "wb");
    if (!out) perror(path);
    return out;
}

int main(int argc, char **argv)
{
    uint64_t rows = argc == 4 ? (uint64_t)strtod(argv[2], NULL) : 0;
    int wide = argc == 4 && !strcmp(argv[1], "wide");
    if (rows < 100 || (!wide && strcmp(argv[1], "clean")))
        return fprintf(stderr, "usage: make-extra clean|wide ROWS DIR\n"), 2;
    FILE *out = create(argv[3], wide ? "W1" : "T1", (double)rows);
    if (!out) return 1;
    if (!wide) fputs("seq,stamp,code,v,w\n", out);
    for (int c = 0; wide && c < 200; c++) fprintf(out, "c%d%c", c, c < 199 ? ',' : '\n');
    for (uint64_t i = 0; i < (wide ? rows / 50 : rows); i++) {
        if (wide) write_wide_row(out);
        else write_clean_row(out, i);
    }
    return (ferror(out) | fclose(out)) ? (perror("make-extra"), 1) : 0;
}
