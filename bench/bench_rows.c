/* bench_rows.c — libframe's side of the comparison (bench/compare): bench-rows groupby|join|clean|csv DIR ROWS THREADS [row …]
 *
 * Loads the tables (outside the clock, as db-benchmark's rules say), runs each row of the benchmark twice and prints a line of
 * JSON per run, which bench/compare/run.py collects:
 *
 *     {"row": "g1", "run": 1, "seconds": 0.0021, "cpu": 0.0040, "rows": 100, "columns": 2, "check": [29998789],
 *      "before_mb": 500, "peak_mb": 612, "ended": 1234.567}
 *
 * Every row is a chain anybody could type (docs/chain.md). "check" are the sums of the columns named beside it, of a text the
 * length of all and the largest, of "@name" the value at a third of the rows. Memory is the process's before the run and its
 * peak in it; "ended" is of the monotonic clock. BENCH_SLOW: the second run is left out when the first took so many seconds.
 *
 * A join's result makes its columns when they are needed (data/late_column.h). The clock runs until all are made; where memory
 * is measured (BENCH_KIND=memory), until the answer is checked, which needs two of them.
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
    { "groupby", "g8", "where v3 is not null | sort v3 desc | head 2 by id6 | select id6, v3", "v3" },
    { "groupby", "g9", "group id2, id4: r = corr(v1, v2) | with r2 = r * r | drop r", "r2" },
    { "groupby", "g10", "group id1, id2, id3, id4, id5, id6: v3 = sum(v3), n = size()", "v3,n" },
    { "groupby", "filter", "where v1 > 2 and id4 < 50", "v1,v2,v3" },
    { "groupby", "filter_few", "where v3 > 99.5", "v1,v2,v3" },
    { "groupby", "sort_float", "sort v3", "v1,v2,v3,@v3" },
    { "groupby", "sort_two", "sort id6, v3 desc", "v1,v2,v3,@id6,@v3" },
    { "groupby", "sort_text", "sort id3", "v1,v2,v3,@id3" },
    { "groupby", "top_k", "sort -v3 | head 100", "v1,v2,v3,@v3" },
    { "groupby", "distinct", "distinct id2, id4", "" },
    { "groupby", "arith", "with y = v1 * v3 + v2 / 2 | select y", "y" },
    { "groupby", "conditional", "with y = v3 if v1 > 2 else v3 * v2 | select y", "y" },
    { "groupby", "text_equal", "where id3 == 'id0000000422' | select v1", "v1" },
    { "groupby", "text_contains", "where contains(id3, '422') | select v1", "v1" },
    { "groupby", "text_upper", "with u = upper(id3) | select u", "u" },
    { "groupby", "describe", "select v1, v2, v3 | describe", "" },
    { "csv", "read", NULL, "v1,v2,v3" },
    { "csv", "read_gzip", NULL, "v1,v2,v3" },
    { "csv", "read_quoted", NULL, "v1,v2,v3" },
    { "csv", "read_numbers", NULL, "v1,v2,v3" },
    { "csv", "read_texts", NULL, "id3" },
    { "csv", "read_wide", NULL, "c0,c1,c198" },
    { "csv", "write", NULL, "" },
    { "join", "j1", "join $small on id1", "v1,v2" },
    { "join", "j2", "join $medium on id2", "v1,v2" },
    { "join", "j3", "left join $medium on id2", "v1,v2" },
    { "join", "j4", "join $medium on id5", "v1,v2" },
    { "join", "j5", "join $big on id3", "v1,v2" },
    { "clean", "extract", "with u = extract(code, '-([0-9]+)') | select u", "u" },
    { "clean", "substring", "with u = slice(code, 1, 4) | select u", "u" },
    { "clean", "lower", "with u = lower(code) | select u", "u" },
    { "clean", "parse_time", "with u = parse_datetime(stamp) | select u", "u" },
    { "clean", "fill_null", "select v | fill_null v with 0", "v" },
    { "clean", "concat", NULL, "seq,v" },
    { "clean", "concat_sum", NULL, "s" },
    { "clean", "sort_nearly", "sort seq", "seq,v,@seq" },
};

typedef struct tables {
    fr_frame *left;
    fr_frame *small, *medium, *big;              /* of joins                                                           */
    fr_context *context;
    char path[4096];                             /* of the table, without .csv                                         */
    char wide[4096];                             /* of the table of 200 columns                                        */
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

/* VmRSS: what the process has in memory; VmHWM: the most since forget_peak. */
static long memory_mb(const char *which)
{
    char line[256];
    long kb = 0;
    FILE *in = fopen("/proc/self/status", "r");
    while (in && fgets(line, sizeof line, in))
        if (!strncmp(line, which, strlen(which))) kb = strtol(strchr(line, ':') + 1, NULL, 10);
    if (in) fclose(in);
    return kb / 1024;
}

/* The kernel's peak begins again at what is in use now (proc(5), clear_refs 5). */
static void forget_peak(void)
{
    FILE *out = fopen("/proc/self/clear_refs", "w");
    if (!out) return;
    fputs("5", out);
    fclose(out);
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
    if (!strcmp(name, "read_wide")) return fr_read_csv(t->wide, .context = t->context);
    const char *kind = strchr(name, '_');
    bool packed = kind && !strcmp(kind, "_gzip");
    snprintf(path, sizeof path, "%s%s.csv%s", t->path, kind && !packed ? kind : "", packed ? ".gz" : "");
    return fr_read_csv(path, .context = t->context);
}

static const char *written_path(const tables *t, char path[static 4352])
{
    snprintf(path, 4352, "%s_written.csv", t->path);
    return path;
}

static fr_frame *run_write(const tables *t)
{
    char path[4352];
    return fr_write_csv(t->left, written_path(t, path));
}

/* Outside the clock: freeing half a gigabyte of a disk takes longer than of the page cache. */
static void remove_written(const tables *t)
{
    char path[4352];
    remove(written_path(t, path));
}

static fr_frame *run_once(const tables *t, const row *r, const fr_steps *steps)
{
    if (r->chain) return t->big ? run_join(t, r->chain) : fr_run(t->left, steps);
    if (!strcmp(r->name, "concat_sum")) return fr_pipe(t->left, fr_concat(t->left), fr_group("", "s = sum(v)"));
    if (r->name[0] == 'c') return fr_pipe(t->left, fr_concat(t->left));
    return r->name[0] == 'w' ? run_write(t) : run_read(t, r->name);
}

static bool measures_memory(void)
{
    const char *kind = getenv("BENCH_KIND");
    return kind && !strcmp(kind, "memory");
}

static fr_frame *run_row_once(const tables *t, const row *r, const fr_steps *steps)
{
    fr_auto(frame) answer = run_once(t, r, steps);
    return t->big && !measures_memory() ? fr_collect(answer) : fr_steal(answer);
}

static void print_value(fr_value v)
{
    if (!v.valid) printf("null");
    else if (v.kind == FR_I64) printf("%" PRId64, v.as.i);
    else if (v.kind == FR_F64) printf("%.17g", v.as.f);
    else if (v.kind == FR_STR || v.kind == FR_CAT) printf("\"%.*s\"", (int)v.length, v.as.s);
    else printf("\"?\"");
}

/* Of sum( name ): what comes before and after the name. */
static void print_aggregate(const fr_frame *frame, const char *before, const char *name, const char *after)
{
    char agg[160];
    snprintf(agg, sizeof agg, "s = %s%s%s", before, name, after);
    fr_auto(frame) answer = fr_pipe(frame, fr_group("", .agg = agg));
    print_value(fr_get(answer, 0, "s"));
}

static void print_check(const fr_frame *frame, const char *name)
{
    if (name[0] == '@') {
        print_value(fr_get(frame, fr_length(frame) / 3, name + 1));
        return;
    }
    fr_kind kind = fr_get(frame, 0, name).kind;
    bool text = kind == FR_STR || kind == FR_CAT;
    if (!text && kind != FR_DATETIME) return print_aggregate(frame, "sum(", name, ")");
    print_aggregate(frame, text ? "sum(len(" : "sum(epoch(", name, "))");
    if (text) printf(", "), print_aggregate(frame, "max(", name, ")");
}

static void print_checks(const fr_frame *frame, const char *names)
{
    char list[128];
    snprintf(list, sizeof list, "%s", names);
    for (char *name = list, *next; name && *name; name = next) {
        next = strchr(name, ',');
        if (next) *next++ = 0;
        if (name != list) printf(", ");
        print_check(frame, name);
    }
}

/* How long it took; below zero: it failed. */
static double run_and_print(const tables *t, const row *r, const fr_steps *steps, int run)
{
    forget_peak();
    long before = memory_mb("VmRSS");
    double began = now(), cpu_began = cpu_seconds();
    fr_auto(frame) answer = run_row_once(t, r, steps);
    double ended = now(), cpu = cpu_seconds() - cpu_began;
    long peak = memory_mb("VmHWM");
    if (r->name[0] == 'w') remove_written(t);
    if (!fr_ok(answer)) return fr_print_error(answer), -1;
    printf("{\"row\": \"%s\", \"run\": %d, \"seconds\": %.6f, \"cpu\": %.6f, ", r->name, run, ended - began, cpu);
    printf("\"rows\": %" PRId64 ", \"columns\": %zu, \"check\": [", fr_length(answer), fr_width(answer));
    print_checks(answer, r->check);
    if (t->big) peak = memory_mb("VmHWM");
    printf("], \"before_mb\": %ld, \"peak_mb\": %ld, \"ended\": %.3f}\n", before, peak, ended);
    fflush(stdout);
    return ended - began;
}

/* A row that fails says so on stderr, and the next one runs. */
static int run_row(const tables *t, const row *r)
{
    const char *slow = getenv("BENCH_SLOW");
    printf("{\"begins\": \"%s\"}\n", r->name);
    fflush(stdout);
    fr_auto(steps) steps = t->big || !r->chain ? NULL : fr_steps_parse_chain(r->chain, t->context);
    double first = run_and_print(t, r, steps, 1);
    if (first >= 0 && first <= (slow ? strtod(slow, NULL) : 30)) first = run_and_print(t, r, steps, 2);
    if (first < 0) printf("{\"row\": \"%s\", \"error\": \"see the message above\"}\n", r->name);
    return first < 0;
}

/* ---- loading ----------------------------------------------------------------------------------------------------------- */
static fr_frame *load(tables *t, const char *directory, const char *name, bool needed)
{
    char path[4352];
    snprintf(t->path, sizeof t->path, "%s/%s", directory, name);
    snprintf(path, sizeof path, "%s.csv", t->path);
    if (!needed) return NULL;
    return fr_read_csv(path, .context = t->context, .dtypes = name[0] == 'T' ? "stamp: str, code: str" : NULL);
}

static const char *short_number(double n, char text[static 32])
{
    int exponent = 0;
    for (; n >= 10; n /= 10) exponent++;
    snprintf(text, 32, "%.0fe%d", n, exponent);
    return text;
}

/* `needed`: a row uses the table of the task; those that read a file do not. */
static bool load_all(tables *t, const char *task, const char *directory, double n, bool needed)
{
    char name[96], all[32], part[32];
    short_number(n, all);
    const char *variant = getenv("BENCH_VARIANT");             /* e.g. 1e2_5_0 */
    if (!variant) variant = "1e2_0_0";
    const char *kind = strchr(variant, '_');                   /* missing values, sorted: all that joins know of it */
    if (!kind) kind = "_0_0";
    snprintf(t->wide, sizeof t->wide, "%s/W1_%s.csv", directory, all);
    if (!strcmp(task, "join")) snprintf(name, sizeof name, "J1_%s_NA%s", all, kind);
    else if (!strcmp(task, "clean")) snprintf(name, sizeof name, "T1_%s", all);
    else snprintf(name, sizeof name, "G1_%s_%s", all, variant);
    t->left = load(t, directory, name, needed);
    fr_frame **side[] = { &t->small, &t->medium, &t->big };
    double size[] = { n / 1e6, n / 1e3, n };
    for (int i = 0; task[0] == 'j' && i < 3; i++) {
        snprintf(name, sizeof name, "J1_%s_%s%s", all, short_number(size[i], part), kind);
        *side[i] = load(t, directory, name, true);
        if (!fr_ok(*side[i])) return fr_print_error(*side[i]), false;
    }
    return !needed || fr_ok(t->left) || (fr_print_error(t->left), false);
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
    bool needed = strcmp(argv[1], "csv") || is_wanted("write", argv + 5, argc - 5);
    double began = now();
    bool loaded = load_all(&t, argv[1], argv[2], strtod(argv[3], NULL), needed);
    int code = !loaded;
    if (loaded) printf("{\"loaded\": %.3f, \"mb\": %ld}\n", now() - began, memory_mb("VmRSS"));
    for (size_t i = 0; loaded && i < sizeof rows / sizeof rows[0]; i++)
        if (!strcmp(rows[i].task, argv[1]) && is_wanted(rows[i].name, argv + 5, argc - 5)) code |= run_row(&t, &rows[i]);
    fr_unref(t.left);
    fr_unref(t.small);
    fr_unref(t.medium);
    fr_unref(t.big);
    return code;
}
