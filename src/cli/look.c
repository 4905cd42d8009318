/* look.c — commands that look at one file: view, head, schema, count, account, sniff. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session.h"

/* "frame sales.csv sort price": the shell has cut the steps up. */
static bool are_steps_in_words(const session *s)
{
    return s->command && !strcmp(s->command->name, "view") && s->n_words > 2;
}

/* "frame *.csv": every word names a file that is there. */
static bool are_files(const session *s)
{
    for (size_t i = 0; i < s->n_words; i++)
        if (access(s->words[i], F_OK) != 0) return false;
    return s->n_words > 1;
}

static bool one_file(session *s, const char **path)
{
    *path = s->n_words ? s->words[0] : NULL;
    if (s->n_words == 1) return true;
    if (are_files(s))
        usage_error(s, "one file, please; as one table: a quoted pattern such as '*.csv', or frame concat %s %s …",
                    s->words[0], s->words[1]);
    else if (are_steps_in_words(s))
        usage_error(s, "steps are one word, in quotes: frame %s '%s …' (or, of one step: frame %s %s …)", s->words[0],
                    s->words[1], s->words[1], s->words[0]);
    else usage_error(s, s->n_words ? "one file, please; got %zu words" : "which file?", s->n_words);
    return false;
}

/* "sales.csv | head 3" in one word, and no file of that name: the file, and behind the bar its steps. */
static int run_in_one_word(session *s, const char *word, const char *bar)
{
    size_t n = (size_t)(bar - word);
    while (n && word[n - 1] == ' ') n--;
    if (!n) return usage_error(s, "which file? it stands before the first '|'");
    char *path = strndup(word, n);
    const int code = path ? run_chain(s, path, bar + 1 + strspn(bar + 1, " ")) : (usage_error(s, "out of memory"), EXIT_LIMITS);
    free(path);
    return code;
}

int run_view(session *s)
{
    const char *path, *bar = s->n_words == 1 ? strchr(s->words[0], '|') : NULL;
    if (bar && access(s->words[0], F_OK)) return run_in_one_word(s, s->words[0], bar);
    if (s->n_words == 2 && !are_files(s)) return run_chain(s, s->words[0], s->words[1]);
    if (!one_file(s, &path)) return EXIT_USAGE;
    fr_auto(frame) table = open_table(s, path);
    return show(s, table);
}

/* Only as many rows as are shown are read, so types come from those rows alone; the first of each group may lie anywhere. */
int run_head(session *s)
{
    if (s->own_step->args.head.by) return run_verb(s);
    int64_t n = s->own_given ? s->own_step->args.head.n : 10;
    if (s->n_words == 2 && !s->own_given) {
        if (!fr_step_set(s->own_step, "n", s->words[1])) return usage_error(s, "'%s' is no number of rows", s->words[1]);
        n = s->own_step->args.head.n;
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

static char *type_text(const fr_frame *table, size_t column)
{
    const size_t n = fr_type_text(fr_type_at(table, column), NULL, 0) + 1;
    char *text = malloc(n);
    if (text) fr_type_text(fr_type_at(table, column), text, n);
    return text;
}

/* One row a column. NULL: no memory. */
static fr_frame *schema_of(const fr_frame *table)
{
    const size_t n = fr_width(table);
    const char **names = calloc(n + 1, sizeof *names);
    char **types = calloc(n + 1, sizeof *types);
    int64_t *nulls = calloc(n + 1, sizeof *nulls);
    bool fine = names && types && nulls;
    for (size_t i = 0; fine && i < n; i++) {
        names[i] = fr_name(table, i), types[i] = type_text(table, i), nulls[i] = fr_null_count(table, i);
        fine = types[i] != NULL;
    }
    fr_frame *schema = fine ? fr_frame_new((int64_t)n, fr_array("name", FR_STR, names), fr_array("type", FR_STR, types),
                                           fr_array("nulls", FR_I64, nulls)) : NULL;
    for (size_t i = 0; types && i < n; i++) free(types[i]);
    free(names), free(types), free(nulls);
    return schema;
}

/* Bytes that begin a character: what an aligned column counts. */
static int characters(const char *text)
{
    int n = 0;
    for (; *text; text++) n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

/* A line a column, bare: "9 rows × 3 columns" above them would be taken for the file's. */
static bool print_schema(const fr_frame *table)
{
    bool fine = true;
    int width = 24;
    for (size_t i = 0; i < fr_width(table); i++) {
        const int n = characters(fr_name(table, i));
        if (n > width) width = n < 60 ? n : 60;
    }
    for (size_t i = 0; fine && i < fr_width(table); i++) {
        char *name = plain_text(fr_name(table, i)), *type = type_text(table, i), *shown = type ? plain_text(type) : NULL;
        fine = name && shown;
        if (fine) printf("%s%*s %-20s %" PRId64 " null\n", name, width > characters(name) ? width - characters(name) : 0, "",
                         shown, fr_null_count(table, i));
        free(name), free(type), free(shown);
    }
    return fine;
}

int run_schema(session *s)
{
    const char *path;
    if (!one_file(s, &path)) return EXIT_USAGE;
    fr_auto(frame) table = open_table(s, path);
    if (!fr_ok(table)) return complain(table);
    const bool bare = s->form == FORM_TABLE && !s->output;
    fr_auto(frame) schema = bare ? NULL : schema_of(table);
    if (bare ? !print_schema(table) : !schema) return usage_error(s, "out of memory"), EXIT_LIMITS;
    return bare ? tell_about(s, table) : show_about(s, schema, table);
}

/* A bare number, unless a form or a file is asked for. */
int run_count(session *s)
{
    const char *path;
    if (!one_file(s, &path)) return EXIT_USAGE;
    fr_auto(frame) table = open_table(s, path);
    if (!fr_ok(table)) return complain(table);
    const int64_t n = fr_length(table);
    fr_auto(frame) count = fr_frame_new(1, fr_array("rows", FR_I64, &n));
    if (s->form != FORM_TABLE || s->output) return show_about(s, count, table);
    printf("%" PRId64 "\n", n);
    return tell_about(s, table);
}

int run_account(session *s)
{
    const char *path;
    if (!one_file(s, &path)) return EXIT_USAGE;
    fr_auto(frame) table = open_table(s, path);
    if (!fr_ok(table)) return complain(table);
    fr_auto(frame) account = fr_account(table);
    return show_about(s, account, table);
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
