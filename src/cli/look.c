/* look.c — commands that look at one file: view, head, schema, count, account, sniff. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

static bool one_file(session *s, const char **path)
{
    if (s->n_words == 1) {
        *path = s->words[0];
        return true;
    }
    usage_error(s, s->n_words ? "one file, please; got %zu words" : "which file?", s->n_words);
    return false;
}

int run_view(session *s)
{
    const char *path;
    if (s->n_words == 2) return run_chain(s, s->words[0], s->words[1]);
    if (!one_file(s, &path)) return EXIT_USAGE;
    fr_auto(frame) table = open_table(s, path);
    return show(s, table);
}

/* Only as many rows as are shown are read, so types come from those rows alone; the first of each group may lie anywhere. */
int run_head(session *s)
{
    if (s->own_step->args.head.by) return run_verb(s);
    if (s->own_given) s->n = s->own_step->args.head.n;
    int64_t n = s->n == INT64_MIN ? 10 : s->n;
    if (s->n_words == 2 && s->n == INT64_MIN) {
        fr_step step;
        fr_step_init(&step, "head");
        if (!fr_step_set(&step, "n", s->words[1])) return usage_error(s, "'%s' is no number of rows", s->words[1]);
        n = step.args.head.n;
        s->n_words = 1;
    }
    const char *path;
    if (!one_file(s, &path)) return EXIT_USAGE;
    if (n >= 0 && (s->read.max_rows < 0 || n < s->read.max_rows)) s->read.max_rows = n;
    fr_auto(frame) table = open_table(s, path);
    fr_auto(frame) head = run_step(table, fr_head(n));
    if (!s->rows && n > 0) s->rows = n;
    return show(s, head);
}

int run_schema(session *s)
{
    const char *path;
    if (!one_file(s, &path)) return EXIT_USAGE;
    fr_auto(frame) table = open_table(s, path);
    if (!fr_ok(table)) return complain(table);
    bool fine = true;
    for (size_t i = 0; fine && i < fr_width(table); i++) {
        const size_t n = fr_type_text(fr_type_at(table, i), NULL, 0) + 1;
        char *type = malloc(n), *name = plain_text(fr_name(table, i)), *shown = NULL;
        if (type) fr_type_text(fr_type_at(table, i), type, n);
        fine = name && type && (shown = plain_text(type));
        if (fine) printf("%-24s %-20s %" PRId64 " null\n", name, shown, fr_null_count(table, i));
        free(name), free(type), free(shown);
    }
    return fine ? EXIT_DONE : (usage_error(s, "out of memory"), EXIT_LIMITS);
}

int run_count(session *s)
{
    const char *path;
    if (!one_file(s, &path)) return EXIT_USAGE;
    fr_auto(frame) table = open_table(s, path);
    if (!fr_ok(table)) return complain(table);
    printf("%" PRId64 "\n", fr_length(table));
    return EXIT_DONE;
}

int run_account(session *s)
{
    const char *path;
    if (!one_file(s, &path)) return EXIT_USAGE;
    fr_auto(frame) table = open_table(s, path);
    if (!fr_ok(table)) return complain(table);
    fr_auto(frame) account = fr_account(table);
    return show(s, account);
}

int run_sniff(session *s)
{
    const char *path;
    if (!one_file(s, &path)) return EXIT_USAGE;
    s->read.context = s->context;
    fr_auto(frame) report = fr_csv_sniff(path, &s->read);
    if (!s->rows) s->rows = -1;
    return show(s, report);
}
