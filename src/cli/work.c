/* work.c — commands that run steps: every verb, a chain, a job file, explain, convert.
 *
 * `frame VERB FILE …` makes one step: the words after the file fill the verb's options in the order of the table of
 * verbs, so that `frame group sales.csv region 'revenue = sum(quantity)'` and
 * `frame group sales.csv --by region --agg 'revenue = sum(quantity)'` are the same.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session.h"

enum { MOST_STEPS = 256, LARGEST_JOB = 1 << 26 };

/* With -o the file is written as the last step, so that rows go there as they come. */
static fr_frame *run_into(const fr_frame *table, const fr_steps *steps, const char *path)
{
    fr_step list[MOST_STEPS + 2] = { { .verb = 0 } };
    size_t n = fr_steps_count(steps);
    for (size_t i = 0; i < n; i++) list[i] = *fr_steps_at(steps, i);
    fr_step_init(&list[n], "write");
    list[n].args.write.path = path;
    return fr_pipe_steps(table, list, sizeof *list, NULL, 0);
}

/* What "3", "0.5", "true", "EU" or "'3'" stands for, as it does for fill_null --value. */
static fr_value value_of(const char *text)
{
    fr_step step;
    if (!fr_step_init(&step, "fill_null") || !fr_step_set(&step, "value", text)) return fr_v_str(text);
    return step.args.fill_null.value;
}

/* The steps with the values of --bind; takes over `steps`. */
static fr_steps *bound(const session *s, fr_steps *steps)
{
    for (size_t i = 0; i < s->n_binds && fr_ok(steps); i++) {
        char name[256];
        const char *equals = strchr(s->binds[i], '=');
        snprintf(name, sizeof name, "%.*s", (int)(equals - s->binds[i]), s->binds[i]);
        fr_set(steps, fr_steps_bind(steps, name, value_of(equals + 1)));
    }
    return steps;
}

static int run_steps(session *s, const char *path, const fr_steps *steps)
{
    if (!fr_ok(steps)) return complain(steps);
    const int spared = spare_tables(s, steps);
    if (spared != EXIT_DONE) return spared;
    fr_auto(frame) table = open_scan(s, path);
    bool into = s->output && strncmp(s->output, "/dev/", 5) != 0 && fr_steps_count(steps) <= MOST_STEPS;
    fr_auto(frame) result = into ? run_into(table, steps, s->output) : fr_run(table, steps);
    return into ? show_receipt(s, result) : show(s, result);
}

int run_chain(session *s, const char *path, const char *chain)
{
    fr_auto(steps) steps = bound(s, fr_steps_parse_chain(chain, s->context));
    return run_steps(s, path, steps);
}

/* ---- verbs ------------------------------------------------------------------------------------------------------- */
/* May an option be given by its place, without its name? */
static bool may_be_a_word(fr_option_kind kind)
{
    return kind == FR_OPTION_TEXT || kind == FR_OPTION_I64 || kind == FR_OPTION_F64 || kind == FR_OPTION_VALUE;
}

/* Words after the file, into the options in order, but for those given by name. */
static bool fill_in(session *s, size_t first_word, size_t first_option)
{
    const fr_verb_info *verb = fr_verb_info_of(s->command->verb);
    size_t option = first_option;
    for (size_t i = first_word; i < s->n_words; i++, option++) {
        while (option < verb->n_options && s->own_given >> option & 1) option++;
        if (option >= verb->n_options || !may_be_a_word(verb->options[option].kind))
            return usage_error(s, "'%s' is one word too many", s->words[i]), false;
        if (!fr_step_set(s->own_step, verb->options[option].name, s->words[i]))
            return wrong_value(s, "", &verb->options[option], s->words[i]);
    }
    return true;
}

int run_verb(session *s)
{
    if (!s->n_words) return usage_error(s, "which file?");
    if (!fill_in(s, 1, 0)) return EXIT_USAGE;
    fr_auto(steps) steps = s->n_binds ? bound(s, fr_steps_new(*s->own_step)) : NULL;
    if (steps && !fr_ok(steps)) return complain(steps);
    if (steps) *s->own_step = *fr_steps_at(steps, 0);
    fr_auto(frame) table = open_scan(s, s->words[0]);
    fr_auto(frame) result = run_step(table, *s->own_step);
    return show(s, result);
}

/* frame join LEFT RIGHT [KEYS], frame concat FILE FILE … */
int run_join(session *s)
{
    bool concat = !strcmp(s->command->verb, "concat");
    if (s->n_words < 2) return usage_error(s, "two files, please");
    fr_auto(frame) left = open_table(s, s->words[0]);
    if (!concat) {
        fr_auto(frame) right = open_table(s, s->words[1]);
        if (!fr_ok(right)) return complain(right);
        s->own_step->args.join.right = right;
        if (!fill_in(s, 2, 1)) return EXIT_USAGE;
        fr_auto(frame) joined = run_step(left, *s->own_step);
        return show(s, joined);
    }
    fr_frame *result = left;
    left = NULL;
    for (size_t i = 1; i < s->n_words && fr_ok(result); i++) {
        fr_auto(frame) next = open_table(s, s->words[i]);
        s->own_step->args.concat.other = next;
        fr_set(result, fr_ok(next) ? run_step(result, *s->own_step) : fr_steal(next));
    }
    int code = show(s, result);
    fr_unref(result);
    return code;
}

/* ---- job files, plans -------------------------------------------------------------------------------------------- */
/* analysis.toml of `frame analyze` is run by that command. */
static bool is_analysis(const char *text)
{
    static const char head[] = "format = \"libframe analysis\"\n";
    const char *at = strstr(text, head);
    return at && (at == text || at[-1] == '\n');
}

static int run_analysis(session *s)
{
    s->command = command_named("analyze");
    const int code = begin_part(s);
    return code == EXIT_DONE ? run_part(s) : code;
}

/* The text of a job file; NULL after it is said why not. */
static char *job_text(session *s, const char *path, int *code)
{
    fr_auto(frame) file = fr_read_text(path, LARGEST_JOB, s->context);
    if (!fr_ok(file)) return *code = complain(file), NULL;
    const fr_value text = fr_get(file, 0, "text");
    char *copy = strndup(text.as.s ? text.as.s : "", text.length);
    if (!copy) *code = usage_error(s, "%s is too large for the memory", path);
    return copy;
}

/* "run sales.csv 'sort price'": a table and its steps, where a job file and a table are wanted. */
static bool are_table_and_steps(const session *s)
{
    if (s->n_words < 2 || access(s->words[1], F_OK) == 0) return false;
    fr_auto(steps) steps = fr_steps_parse_chain(s->words[1], s->context);
    return fr_ok(steps);
}

static bool writes_last(const fr_steps *steps)
{
    const size_t n = fr_steps_count(steps);
    return n && fr_steps_at(steps, n - 1)->verb == FR_VERB_WRITE;
}

int run_job(session *s)
{
    int code = EXIT_DONE;
    if (s->n_words < 1 || s->n_words > 2) return usage_error(s, "which job file, and which table?");
    char *text = job_text(s, s->words[0], &code);
    if (!text) return code;
    const bool analysis = s->n_words == 1 && is_analysis(text);
    if (s->read_given && s->n_words == 1) {
        free(text);
        return usage_error(s, "how a file is read is said in the job, or beside a FILE behind it");
    }
    fr_auto(steps) steps = analysis ? NULL : bound(s, fr_steps_parse(text, s->context));
    free(text);
    if (analysis) return run_analysis(s);
    if (!fr_ok(steps) && are_table_and_steps(s))
        return usage_error(s, "run takes a job file; steps on a table: frame %s '%s'", s->words[0], s->words[1]);
    if (!fr_ok(steps)) return complain(steps);
    if (s->n_words == 2) return run_steps(s, s->words[1], steps);
    if (s->output && writes_last(steps)) return usage_error(s, "the job writes its rows itself; -o would hold its receipt");
    if ((code = spare_tables(s, steps)) != EXIT_DONE) return code;
    fr_auto(frame) result = fr_run(NULL, steps);             /* on the input the job names */
    return show(s, result);
}

/* The job file of a chain on a file. What cannot be read again is no input of a job. */
static int write_job(session *s, const char *path, const fr_steps *steps)
{
    fr_auto(frame) table = is_stream(path) ? NULL : open_scan(s, path);
    fr_auto(steps) job = fr_steps_with_input(steps, table);
    if (!fr_ok(table ? table : (const void *)job)) return complain(table ? table : (const void *)job);
    const size_t n = fr_steps_text(job, NULL, 0);
    if (!n) return usage_error(s, "a job file cannot hold a table of these steps");
    char *text = malloc(n + 1);
    if (!text) return usage_error(s, "out of memory"), EXIT_LIMITS;
    fr_steps_text(job, text, n + 1);
    fr_auto(frame) receipt = fr_write_text(s->output, text, n, s->context);
    free(text);
    if (!fr_ok(receipt)) return complain(receipt);
    if (!s->quiet)
        fprintf(stderr, "wrote %s; run it with: frame run %s%s\n", s->output, s->output, table ? "" : " FILE");
    return EXIT_DONE;
}

/* What a chain would do; with -o its job file. */
int run_explain(session *s)
{
    if (s->n_words != 2) return usage_error(s, "a file and a chain of steps, please");
    fr_auto(steps) steps = bound(s, fr_steps_parse_chain(s->words[1], s->context));
    if (!fr_ok(steps)) return complain(steps);
    const int spared = spare_tables(s, steps);
    if (spared != EXIT_DONE) return spared;
    if (s->output) return write_job(s, s->words[0], steps);
    fr_auto(frame) table = open_scan(s, s->words[0]);
    const size_t n = fr_steps_count(steps);
    fr_step *list = calloc(n + 1, sizeof *list);             /* one of no verb at the end */
    if (!list) return usage_error(s, "out of memory"), EXIT_LIMITS;
    for (size_t i = 0; i < n; i++) list[i] = *fr_steps_at(steps, i);
    fr_auto(frame) plan = fr_explain_steps(table, list, sizeof list[0], NULL, 0);
    free(list);
    if (!s->rows) s->rows = -1;
    return show(s, plan);
}

int run_convert(session *s)
{
    if (s->n_words == 2 && !s->output) s->output = s->words[1];
    else if (s->n_words != 1 || !s->output) return usage_error(s, "an input and an output file, please");
    fr_auto(frame) table = open_scan(s, s->words[0]);        /* batch by batch: memory for a piece, not for the file */
    return show(s, table);
}
