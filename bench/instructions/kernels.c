/* kernels.c — one call of the library, so many times, for counting instructions: bench-kernels NAME TIMES DIR
 *
 * The table has 20,000 rows: key (100 values), many (5,000 values), text (1,000), name (nearly unique), a and b (floats, b with
 * nulls), n (integer). One thread, so that counts repeat. bench/instructions/count.py takes the difference of two TIMES.
 * The table is written into DIR as table.csv. Without arguments: the names.
 */
#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 20000, READ = 1, WRITE = 2, JOIN = 3 };

typedef struct kernel { const char *name, *chain; int special; } kernel;

static const kernel kernels[] = {
    { "sum", "group '': s = sum(a)", 0 },
    { "sum_nulls", "group '': s = sum(b)", 0 },
    { "group_few", "group key: s = sum(n), m = mean(a)", 0 },
    { "group_many", "group many: s = sum(n), m = mean(a)", 0 },
    { "group_texts", "group text: s = sum(n)", 0 },
    { "group_unique", "group name: s = sum(n)", 0 },
    { "median", "group key: m = median(a)", 0 },
    { "filter", "where a > 50 and n < 700", 0 },
    { "arith", "with y = n * a + b / 2", 0 },
    { "conditional", "with y = a if n > 500 else b", 0 },
    { "sort_float", "sort a", 0 },
    { "sort_text", "sort text, n", 0 },
    { "distinct", "distinct key, text", 0 },
    { "contains", "where contains(name, '42')", 0 },
    { "lower", "with u = lower(name)", 0 },
    { "parse_time", "with t = parse_datetime(stamp)", 0 },
    { "join", NULL, JOIN },
    { "read_csv", NULL, READ },
    { "write_csv", NULL, WRITE },
};
enum { N_KERNELS = sizeof kernels / sizeof *kernels };

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static unsigned below(uint64_t *state, unsigned n) { return (unsigned)((next_random(state) >> 32) * n >> 32); }

static void write_table(FILE *out)
{
    uint64_t r = 1;
    fputs("key,many,text,name,a,b,n,stamp\n", out);
    for (int i = 0; i < N; i++) {
        fprintf(out, "%u,%u,T%03u,N%05d-%c,", below(&r, 100), below(&r, 5000), below(&r, 1000), i, 'A' + (int)below(&r, 26));
        fprintf(out, "%u.%02u,", below(&r, 100), below(&r, 100));
        if (below(&r, 10)) fprintf(out, "%u.5", below(&r, 1000));
        fprintf(out, ",%u,2024-%02u-%02u %02u:%02u:%02u\n", below(&r, 1000), 1 + below(&r, 12), 1 + below(&r, 28), below(&r, 24),
                below(&r, 60), below(&r, 60));
    }
}

/* One value of each key. */
static fr_frame *other_side(const fr_frame *table)
{
    return fr_pipe(table, fr_group("many", .agg = "v = max(a)"));
}

typedef struct work {
    const kernel *k;
    const fr_frame *table, *side;
    const fr_steps *steps;
    fr_context *context;
    const char *path;
} work;

static fr_frame *run(const work *w)
{
    char copy[4200];
    snprintf(copy, sizeof copy, "%s.copy", w->path);
    if (w->k->special == JOIN) return fr_pipe(w->table, fr_join(w->side, .on = "many"));
    if (w->k->special == READ) return fr_read_csv(w->path, .context = w->context);
    if (w->k->special == WRITE) return fr_write_csv(w->table, copy);
    return fr_run(w->table, w->steps);
}

static int repeat(const kernel *k, int times, const char *path)
{
    fr_auto(context) context = fr_context_new(.threads = 1, .seed = 108);
    fr_auto(frame) table = fr_read_csv(path, .context = context, .dtypes = "stamp: str");
    fr_auto(frame) side = other_side(table);
    fr_auto(steps) steps = k->chain ? fr_steps_parse_chain(k->chain, context) : NULL;
    const work w = { k, table, side, steps, context, path };
    for (int i = 0; i < times; i++) {
        fr_auto(frame) answer = run(&w);
        if (!fr_ok(answer)) return fr_print_error(answer);
    }
    return 0;
}

int main(int argc, char **argv)
{
    for (int i = 0; argc == 1 && i < N_KERNELS; i++) puts(kernels[i].name);
    if (argc == 1) return 0;
    const kernel *k = NULL;
    for (int i = 0; i < N_KERNELS; i++)
        if (!strcmp(kernels[i].name, argv[1])) k = &kernels[i];
    int times = argc == 4 ? atoi(argv[2]) : 0;
    if (!k || times < 1) return fprintf(stderr, "usage: bench-kernels [NAME TIMES DIR]\n"), 2;
    char path[4096];
    snprintf(path, sizeof path, "%s/table.csv", argv[3]);
    FILE *out = fopen(path, "w");
    if (!out) return perror(path), 1;
    write_table(out);
    fclose(out);
    return repeat(k, times, path);
}
