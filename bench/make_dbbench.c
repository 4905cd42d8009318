/* make_dbbench.c — the data of db-benchmark, value for value as its R scripts draw them (set.seed(108)).
 *
 *     make-dbbench g1 ROWS K NAS SORTED DIR     G1_<rows>_<k>_<nas>_<sorted>.csv: id1 … id6, v1 … v3
 *     make-dbbench j1 ROWS NAS SORTED DIR       J1_<rows>_{NA,<rows/1e6>,<rows/1e3>,<rows>}_<nas>_<sorted>.csv
 *
 * NAS is the percentage of missing values: of each key's distinct values, of each value column's rows; in joins of the left
 * table only, where R makes the text idNA of a missing key. SORTED is 0 or 1: by the keys. The sums of every
 * column that db-benchmark publishes (bench/goldens.json) hold to the last digit.
 * Source: the definition of the task in h2oai/db-benchmark, _data/groupby-datagen.R and join-datagen.R.
 */
#include "r_random.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *room(uint64_t n, size_t size)
{
    void *block = calloc(n ? n : 1, size);
    if (!block) exit((fprintf(stderr, "make-dbbench: no memory for %" PRIu64 " × %zu bytes\n", n, size), 1));
    return block;
}

static void *given(void *block)
{
    if (!block) exit((fprintf(stderr, "make-dbbench: no memory\n"), 1));
    return block;
}

/* ---- writing --------------------------------------------------------------------------------------------------------- */
static char *put_digits(char *out, uint64_t value, int width)
{
    char digits[24];
    int n = 0;
    do digits[n++] = (char)('0' + value % 10);
    while (value /= 10);
    for (int i = n; i < width; i++) *out++ = '0';
    while (n) *out++ = digits[--n];
    return out;
}

/* Below 0.001 the scientific form may be shorter, and R writes the shorter: 1e-05, 1.2e-05, 1e-04, but 0.00012. */
static char *put_small(char *out, uint64_t millionths)
{
    int exponent = -6;
    for (; millionths % 10 == 0; millionths /= 10) exponent++;
    uint64_t first = millionths < 10 ? millionths : millionths / 10;
    out = put_digits(out, first, 1);
    if (millionths >= 10) *out++ = '.', *out++ = (char)('0' + millionths % 10), exponent++;
    *out++ = 'e', *out++ = '-', *out++ = '0', *out++ = (char)('0' - exponent);
    return out;
}

static bool is_shorter_scientific(uint64_t millionths)
{
    return millionths && (millionths < 100 || (millionths < 1000 && millionths % 100 == 0));
}

/* Millionths, as 12.345 and 7: no zeros at the end. */
static char *put_millionths(char *out, uint64_t millionths)
{
    if (is_shorter_scientific(millionths)) return put_small(out, millionths);
    out = put_digits(out, millionths / 1000000, 1);
    uint64_t rest = millionths % 1000000;
    if (!rest) return out;
    int width = 6;
    for (; rest % 10 == 0; rest /= 10) width--;
    *out++ = '.';
    return put_digits(out, rest, width);
}

static FILE *create(const char *directory, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *out = fopen(path, "wb");
    if (!out) exit((perror(path), 1));
    setvbuf(out, NULL, _IOFBF, 1 << 20);
    return out;
}

static void finish(FILE *out)
{
    if (ferror(out) | fclose(out)) exit((perror("make-dbbench"), 1));
}

/* 1e7 for 10000000, as the files are called */
static const char *short_number(double n, char text[static 32])
{
    int exponent = n > 0 ? (int)floor(log10(n)) : 0;
    snprintf(text, 32, "%.0fe%d", n / pow(10, exponent), exponent);
    return text;
}

/* ---- group by -------------------------------------------------------------------------------------------------------- */
enum { KEYS = 6, COLUMNS = 9 };

typedef struct g1 {
    uint64_t rows, k;
    uint32_t *column[COLUMNS];          /* keys and integers as 1, 2, …; v3 in millionths, plus one; 0: missing          */
} g1;

static uint32_t *drawn(r_random *r, uint64_t rows, uint64_t n)
{
    uint32_t *column = room(rows, sizeof *column);
    for (uint64_t i = 0; i < rows; i++) column[i] = (uint32_t)r_index(r, (double)n) + 1;
    return column;
}

static uint32_t *drawn_floats(r_random *r, uint64_t rows)
{
    uint32_t *column = room(rows, sizeof *column);
    for (uint64_t i = 0; i < rows; i++) column[i] = (uint32_t)nearbyint(r_uniform(r) * 100 * 1e6) + 1;
    return column;
}

/* Distinct values in order of first appearance. */
static uint32_t *distinct(const uint32_t *column, uint64_t rows, uint64_t n, uint64_t *found)
{
    bool *seen = room(n + 1, sizeof *seen);
    uint32_t *values = room(n, sizeof *values);
    *found = 0;
    for (uint64_t i = 0; i < rows; i++)
        if (!seen[column[i]]) seen[column[i]] = true, values[(*found)++] = column[i];
    free(seen);
    return values;
}

static void lose_values(r_random *r, uint64_t rows, uint32_t *column, uint64_t n, double share)
{
    uint64_t found;
    uint32_t *values = distinct(column, rows, n, &found);
    uint64_t lost = (uint64_t)((double)found * share);
    if (lost) {
        uint32_t *which = given(r_some(r, found, lost));
        bool *gone = room(n + 1, sizeof *gone);
        for (uint64_t i = 0; i < lost; i++) gone[values[which[i] - 1]] = true;
        for (uint64_t i = 0; i < rows; i++)
            if (gone[column[i]]) column[i] = 0;
        free(gone);
        free(which);
    }
    free(values);
}

static void lose_rows(r_random *r, uint64_t rows, uint32_t *column, double share)
{
    uint64_t lost = (uint64_t)((double)rows * share);
    uint32_t *which = lost ? given(r_some(r, rows, lost)) : NULL;
    for (uint64_t i = 0; i < lost; i++) column[which[i] - 1] = 0;
    free(which);
}

static uint64_t values_of(const g1 *t, int key) { return key == 2 || key == 5 ? t->rows / t->k : t->k; }

static void draw_g1(g1 *t, int nas)
{
    r_random r;
    r_seed(&r, 108);
    for (int c = 0; c < KEYS; c++) t->column[c] = drawn(&r, t->rows, values_of(t, c));
    t->column[6] = drawn(&r, t->rows, 5);
    t->column[7] = drawn(&r, t->rows, 15);
    t->column[8] = drawn_floats(&r, t->rows);
    if (!nas) return;
    for (int c = 0; c < KEYS; c++) lose_values(&r, t->rows, t->column[c], values_of(t, c), nas / 100.0);
    for (int c = KEYS; c < COLUMNS; c++) lose_rows(&r, t->rows, t->column[c], nas / 100.0);
}

/* Rows in order of keys of 1 … most, 0 first: counting sorts from the last key to the first, each of them stable. */
static uint32_t *sorted_rows(uint32_t *const columns[], const uint64_t most[], int n_keys, uint64_t rows)
{
    uint32_t *order = room(rows, sizeof *order), *next = room(rows, sizeof *next);
    for (uint64_t i = 0; i < rows; i++) order[i] = (uint32_t)i;
    for (int c = n_keys - 1; c >= 0; c--) {
        uint64_t n = most[c], *start = room(n + 2, sizeof *start);
        for (uint64_t i = 0; i < rows; i++) start[columns[c][i] + 1]++;
        for (uint64_t v = 0; v <= n; v++) start[v + 1] += start[v];
        for (uint64_t i = 0; i < rows; i++) next[start[columns[c][order[i]]]++] = order[i];
        uint32_t *swap = order;
        order = next, next = swap;
        free(start);
    }
    free(next);
    return order;
}

static uint32_t *sorted_g1(const g1 *t)
{
    uint64_t most[KEYS];
    for (int c = 0; c < KEYS; c++) most[c] = values_of(t, c);
    return sorted_rows(t->column, most, KEYS, t->rows);
}

static char *put_g1_cell(char *out, int c, uint32_t value)
{
    if (!value) return out;
    if (c == 8) return put_millionths(out, value - 1);
    if (c >= 3) return put_digits(out, value, 1);
    *out++ = 'i', *out++ = 'd';
    return put_digits(out, value, c == 2 ? 10 : 3);
}

static void write_g1(const g1 *t, const uint32_t *order, FILE *out)
{
    fputs("id1,id2,id3,id4,id5,id6,v1,v2,v3\n", out);
    for (uint64_t i = 0; i < t->rows; i++) {
        char line[160], *at = line;
        uint64_t row = order ? order[i] : i;
        for (int c = 0; c < COLUMNS; c++) {
            at = put_g1_cell(at, c, t->column[c][row]);
            *at++ = c + 1 < COLUMNS ? ',' : '\n';
        }
        fwrite(line, 1, (size_t)(at - line), out);
    }
}

static int make_g1_table(char **words)
{
    g1 t = { .rows = (uint64_t)strtod(words[0], NULL), .k = (uint64_t)strtod(words[1], NULL) };
    int nas = atoi(words[2]), sorted = atoi(words[3]);
    if (t.rows < 100 || !t.k || t.rows / t.k < 1 || nas < 0 || nas > 50) return 2;
    draw_g1(&t, nas);
    char name[128], n[32], k[32];
    snprintf(name, sizeof name, "G1_%s_%s_%d_%d.csv", short_number((double)t.rows, n), short_number((double)t.k, k), nas, sorted);
    FILE *out = create(words[4], name);
    write_g1(&t, sorted ? sorted_g1(&t) : NULL, out);
    finish(out);
    return 0;
}

/* ---- join -------------------------------------------------------------------------------------------------------------- */
/* 1.1 n keys, shuffled: 0.9 n that both sides have, 0.1 n of the left side only, 0.1 n of the right side only. */
typedef struct split { uint32_t *left, *right; uint64_t n; } split;

static split split_keys(r_random *r, uint64_t n)
{
    uint64_t all = (uint64_t)((double)n * 1.1 + 1e-7), common = (uint64_t)((double)n * 0.9 + 1e-7);
    uint32_t *key = given(r_permutation(r, all));
    split s = { room(n, sizeof *s.left), room(n, sizeof *s.right), n };
    memcpy(s.left, key, n * sizeof *key);
    memcpy(s.right, key, common * sizeof *key);
    memcpy(s.right + common, key + n, (all - n) * sizeof *key);
    free(key);
    return s;
}

/* Every key at least once, the rest drawn, and all of them shuffled. */
static uint32_t *sample_all(r_random *r, const uint32_t *keys, uint64_t n, uint64_t size)
{
    uint32_t *all = room(size, sizeof *all), *out = room(size, sizeof *out);
    memcpy(all, keys, n * sizeof *keys);
    for (uint64_t i = n; i < size; i++) all[i] = keys[r_index(r, (double)n)];
    uint32_t *order = given(r_permutation(r, size));
    for (uint64_t i = 0; i < size; i++) out[i] = all[order[i] - 1];
    free(order);
    free(all);
    return out;
}

/* Keys, then their texts; a missing key is nothing, and its text what R's sprintf makes of it. (With 10^6 rows the smallest
 * table has no key of its own: a 0, which is not missing.) */
static char *put_j1_row(char *at, uint32_t *const keys[], int n_keys, uint64_t row, bool lossy)
{
    for (int c = 0; c < n_keys; c++) {
        if (keys[c][row] || !lossy) at = put_digits(at, keys[c][row], 1);
        *at++ = ',';
    }
    for (int c = 0; c < n_keys; c++) {
        *at++ = 'i', *at++ = 'd';
        if (keys[c][row] || !lossy) at = put_digits(at, keys[c][row], 1);
        else *at++ = 'N', *at++ = 'A';
        *at++ = ',';
    }
    return at;
}

typedef struct joined {
    uint64_t rows;                      /* of the left table */
    int nas, sorted;
    split keys[3];
    const char *directory;
} joined;

/* The left table in order of all its keys, the others of their own, which is unique: the last. */
static void sort_j1(const joined *t, uint32_t *column[], int n_keys, uint64_t size, bool left)
{
    uint64_t most[3];
    int first = left ? 0 : n_keys - 1;
    for (int c = first; c < n_keys; c++) most[c - first] = t->keys[c].n + t->keys[c].n / 10 + 1;
    uint32_t *order = sorted_rows(column + first, most, n_keys - first, size);
    for (int c = 0; c < n_keys; c++) {
        uint32_t *moved = room(size, sizeof *moved);
        for (uint64_t i = 0; i < size; i++) moved[i] = column[c][order[i]];
        free(column[c]);
        column[c] = moved;
    }
    free(order);
}

static void lose_j1(r_random *r, const joined *t, uint32_t *column[], uint32_t *v)
{
    for (int c = 0; c < 3; c++) lose_values(r, t->rows, column[c], t->keys[c].n + t->keys[c].n / 10 + 1, t->nas / 100.0);
    lose_rows(r, t->rows, v, t->nas / 100.0);
}

static void write_j1(uint32_t *const column[], const uint32_t *v, int n_keys, uint64_t size, bool left, bool lossy, FILE *out)
{
    for (int c = 0; c < n_keys; c++) fprintf(out, "id%d,", c + 1);
    for (int c = 0; c < n_keys; c++) fprintf(out, "id%d,", c + 4);
    fputs(left ? "v1\n" : "v2\n", out);
    for (uint64_t i = 0; i < size; i++) {
        char line[160], *at = put_j1_row(line, column, n_keys, i, lossy);
        if (v[i]) at = put_millionths(at, v[i] - 1);
        *at++ = '\n';
        fwrite(line, 1, (size_t)(at - line), out);
    }
}

/* The table of so many rows, the left one for 0. */
static void j1_file(r_random *r, const joined *t, int n_keys, uint64_t size)
{
    char name[128], n[32], s[32] = "NA";
    bool left = !size;
    short_number((double)t->rows, n);
    if (!left) short_number((double)size, s);
    size = left ? t->rows : size;
    uint32_t *column[3];
    for (int c = 0; c < n_keys; c++) column[c] = sample_all(r, left ? t->keys[c].left : t->keys[c].right, t->keys[c].n, size);
    if (t->sorted) sort_j1(t, column, n_keys, size, left);
    uint32_t *v = drawn_floats(r, size);
    if (left && t->nas) lose_j1(r, t, column, v);
    snprintf(name, sizeof name, "J1_%s_%s_%d_%d.csv", n, s, t->nas, t->sorted);
    FILE *out = create(t->directory, name);
    write_j1(column, v, n_keys, size, left, left && t->nas, out);
    finish(out);
    for (int c = 0; c < n_keys; c++) free(column[c]);
    free(v);
}

static int make_j1_tables(char **words)
{
    uint64_t rows = (uint64_t)strtod(words[0], NULL);
    int nas = atoi(words[1]), sorted = atoi(words[2]);
    if (rows < 1000000 || nas < 0 || nas > 50) return 2;
    r_random r;
    r_seed(&r, 108);
    joined t = { .rows = rows, .nas = nas, .sorted = sorted, .directory = words[3] };
    t.keys[0] = split_keys(&r, rows / 1000000);
    t.keys[1] = split_keys(&r, rows / 1000);
    t.keys[2] = split_keys(&r, rows);
    j1_file(&r, &t, 3, 0);
    j1_file(&r, &t, 1, rows / 1000000);
    j1_file(&r, &t, 2, rows / 1000);
    j1_file(&r, &t, 3, rows);
    return 0;
}

int main(int argc, char **argv)
{
    int code = 2;
    if (argc == 7 && !strcmp(argv[1], "g1")) code = make_g1_table(argv + 2);
    else if (argc == 6 && !strcmp(argv[1], "j1")) code = make_j1_tables(argv + 2);
    if (code == 2) fputs("usage: make-dbbench g1 ROWS K NAS SORTED DIR | make-dbbench j1 ROWS NAS SORTED DIR\n", stderr);
    return code;
}
