/* bench_rows.c — libframe's side of the comparison (bench/compare): bench-rows groupby|join|csv DIR ROWS THREADS [row …]
 *
 * Loads the tables of db-benchmark (outside the clock, as its rules say), runs each row of the benchmark twice and prints a
 * line of JSON per run, which bench/compare/run.py collects:
 *
 *     {"row": "g1", "run": 1, "seconds": 0.0021, "cpu": 0.0040, "rows": 100, "columns": 2, "check": [29998789], "peak_mb": 612}
 *
 * Every row is a chain anybody could type (docs/chain.md); "check" are the sums of the columns named beside it.
 */
#include <frame/frame.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

typedef struct row {
    const char *task, *name, *chain, *check;     /* check: columns to add up, separated by commas                      */
} row;

static const row rows[] = {
    { "groupby", "g1", "group id1: v1 = sum(v1)", "v1" },
    { "groupby", "g2", "group id1, id2: v1 = sum(v1)", "v1" },
    { "groupby", "g3", "group id3: v1 = sum(v1), v3 = mean(v3)", "v1,v3" },
    { "groupby", "g4", "group id4: v1 = mean(v1), v2 = mean(v2), v3 = mean(v3)", "v1,v2,v3" },
    { "groupby", "g5", "group id6: v1 = sum(v1), v2 = sum(v2), v3 = sum(v3)", "v1,v2,v3" },
    { "groupby", "g6", "group id4, id5: median = median(v3), sd = std(v3)", "median,sd" },
    { "groupby", "g7", "group id3: range = max(v1) - min(v2)", "range" },
    { "groupby", "g8", "where v3 is not null | with place = rank(-v3, method = 'first') over id6 | where place <= 2 "
                       "| select id6, v3", "v3" },
    { "groupby", "g9", "group id2, id4: r = corr(v1, v2) | with r2 = r * r | drop r", "r2" },
    { "groupby", "g10", "group id1, id2, id3, id4, id5, id6: v3 = sum(v3), n = size()", "v3,n" },
    { "groupby", "filter", "where v1 > 2 and id4 < 50", "v1,v2,v3" },
    { "groupby", "filter_few", "where v3 > 99.5", "v1,v2,v3" },
    { "groupby", "sort_float", "sort v3", "v1,v2,v3" },
    { "groupby", "sort_two", "sort id6, v3 desc", "v1,v2,v3" },
    { "groupby", "sort_text", "sort id3", "v1,v2,v3" },
    { "groupby", "top_k", "sort -v3 | head 100", "v1,v2,v3" },
    { "groupby", "distinct", "distinct id2, id4", "" },
    { "groupby", "arith", "with y = v1 * v3 + v2 / 2 | select y", "y" },
    { "groupby", "conditional", "with y = v3 if v1 > 2 else v3 * v2 | select y", "y" },
    { "groupby", "text_equal", "where id3 == 'id0000042202' | select v1", "v1" },
    { "groupby", "text_contains", "where contains(id3, '422') | select v1", "v1" },
    { "groupby", "text_upper", "with u = upper(id3) | select u", "" },
    { "groupby", "describe", "select v1, v2, v3 | describe", "" },
    { "csv", "read", NULL, "v1,v2,v3" },
    { "csv", "read_gzip", NULL, "v1,v2,v3" },
    { "csv", "read_quoted", NULL, "v1,v2,v3" },
    { "csv", "read_numbers", NULL, "v1,v2,v3" },
    { "csv", "read_texts", NULL, "" },
    { "csv", "write", NULL, "" },
    { "join", "j1", "join $small on id1", "v1,v2" },
    { "join", "j2", "join $medium on id2", "v1,v2" },
    { "join", "j3", "left join $medium on id2", "v1,v2" },
    { "join", "j4", "join $medium on id5", "v1,v2" },
    { "join", "j5", "join $big on id3", "v1,v2" },
};

typedef struct tables {
    fr_frame *left;
    fr_frame *small, *medium, *big;              /* of joins                                                           */
    fr_context *context;
    char path[4096];                             /* of the table, without .csv                                         */
} tables;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double cpu_seconds(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) + 1e-6 * (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

static long peak_mb(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss / 1024;
}

/* ---- one row of the benchmark ------------------------------------------------------------------------------------------ */
static fr_frame *run_join(const tables *t, const char *chain)
{
    const char *key = strstr(chain, " on ") + 4;
    const fr_frame *right = strstr(chain, "$small") ? t->small : strstr(chain, "$medium") ? t->medium : t->big;
    return fr_pipe(t->left, fr_join(right, .on = key, .how = chain[0] == 'l' ? FR_JOIN_LEFT : FR_JOIN_INNER));
}

/* read → FILE.csv, read_gzip → FILE.csv.gz, read_quoted → FILE_quoted.csv */
static fr_frame *run_read(const tables *t, const char *name)
{
    char path[4352];
    const char *kind = strchr(name, '_');
    bool packed = kind && !strcmp(kind, "_gzip");
    snprintf(path, sizeof path, "%s%s.csv%s", t->path, kind && !packed ? kind : "", packed ? ".gz" : "");
    return fr_read_csv(path, .context = t->context);
}

static fr_frame *run_write(const tables *t)
{
    char path[4352];
    snprintf(path, sizeof path, "%s_written.csv", t->path);
    fr_frame *receipt = fr_write_csv(t->left, path);
    remove(path);
    return receipt;
}

static fr_frame *run_once(const tables *t, const row *r, const fr_steps *steps)
{
    if (r->chain) return t->big ? run_join(t, r->chain) : fr_run(t->left, steps);
    return r->name[0] == 'w' ? run_write(t) : run_read(t, r->name);
}

static void print_sum(const fr_frame *frame, const char *name)
{
    char agg[64];
    snprintf(agg, sizeof agg, "s = sum(%s)", name);
    fr_auto(frame) sum = fr_pipe(frame, fr_group("", .agg = agg));
    fr_value v = fr_get(sum, 0, "s");
    if (!v.valid) printf("null");
    else if (v.kind == FR_I64) printf("%" PRId64, v.as.i);
    else if (v.kind == FR_F64) printf("%.17g", v.as.f);
    else printf("\"%s\"", fr_ok(sum) ? "?" : "error");
}

static void print_checks(const fr_frame *frame, const char *names)
{
    char list[128];
    snprintf(list, sizeof list, "%s", names);
    for (char *name = list, *next; name && *name; name = next) {
        next = strchr(name, ',');
        if (next) *next++ = 0;
        if (name != list) printf(", ");
        print_sum(frame, name);
    }
}

static int run_row(const tables *t, const row *r)
{
    fr_auto(steps) steps = t->big || !r->chain ? NULL : fr_steps_parse_chain(r->chain, t->context);
    for (int run = 1; run <= 2; run++) {
        double began = now(), cpu_began = cpu_seconds();
        fr_auto(frame) answer = run_once(t, r, steps);
        double seconds = now() - began, cpu = cpu_seconds() - cpu_began;
        if (!fr_ok(answer)) return fr_print_error(answer);
        printf("{\"row\": \"%s\", \"run\": %d, \"seconds\": %.6f, \"cpu\": %.6f, ", r->name, run, seconds, cpu);
        printf("\"rows\": %" PRId64 ", \"columns\": %zu, \"check\": [", fr_length(answer), fr_width(answer));
        print_checks(answer, r->check);
        printf("], \"peak_mb\": %ld}\n", peak_mb());
        fflush(stdout);
    }
    return 0;
}

/* ---- loading ----------------------------------------------------------------------------------------------------------- */
static fr_frame *load(tables *t, const char *directory, const char *name)
{
    char path[4352];
    snprintf(t->path, sizeof t->path, "%s/%s", directory, name);
    snprintf(path, sizeof path, "%s.csv", t->path);
    return fr_read_csv(path, .context = t->context);
}

static const char *short_number(double n, char text[static 32])
{
    int exponent = 0;
    for (; n >= 10; n /= 10) exponent++;
    snprintf(text, 32, "%.0fe%d", n, exponent);
    return text;
}

static bool load_all(tables *t, const char *task, const char *directory, double n)
{
    char name[96], all[32], part[32];
    short_number(n, all);
    const char *variant = getenv("BENCH_VARIANT");             /* e.g. 1e2_5_0 */
    snprintf(name, sizeof name, task[0] != 'j' ? "G1_%s_%s" : "J1_%s_NA_0_0", all, variant ? variant : "1e2_0_0");
    t->left = load(t, directory, name);
    fr_frame **side[] = { &t->small, &t->medium, &t->big };
    double size[] = { n / 1e6, n / 1e3, n };
    for (int i = 0; task[0] == 'j' && i < 3; i++) {
        snprintf(name, sizeof name, "J1_%s_%s_0_0", all, short_number(size[i], part));
        *side[i] = load(t, directory, name);
        if (!fr_ok(*side[i])) return fr_print_error(*side[i]), false;
    }
    return fr_ok(t->left) || (fr_print_error(t->left), false);
}

static bool is_wanted(const char *name, char **words, int n)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(words[i], name)) return true;
    return n == 0;
}

int main(int argc, char **argv)
{
    if (argc < 5) return fprintf(stderr, "usage: bench-rows groupby|join|csv DIR ROWS THREADS [row …]\n"), 2;
    fr_auto(context) context = fr_context_new(.threads = (uint32_t)atoi(argv[4]));
    tables t = { .context = context };
    int code = load_all(&t, argv[1], argv[2], strtod(argv[3], NULL)) ? 0 : 1;
    for (size_t i = 0; !code && i < sizeof rows / sizeof rows[0]; i++)
        if (!strcmp(rows[i].task, argv[1]) && is_wanted(rows[i].name, argv + 5, argc - 5)) code = run_row(&t, &rows[i]);
    fr_unref(t.left);
    fr_unref(t.small);
    fr_unref(t.medium);
    fr_unref(t.big);
    return code;
}
