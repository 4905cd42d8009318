/* input.c — opening what a command works on.
 *
 * A plain command reads its file at once. Commands that pipe steps over a file open a scan, so that the planner reads
 * only the columns it needs; standard input and pipes cannot be read twice and are read at once.
 */
#include <string.h>
#include <sys/stat.h>

#include "session.h"

/* Standard input and pipes; a file that is not there is none. */
bool is_stream(const char *path)
{
    struct stat about;
    return !strcmp(path, "-") || (stat(path, &about) == 0 && !S_ISREG(about.st_mode));
}

/* How many words are files, of those that are read or written. */
static size_t count_files(const session *s)
{
    const unsigned takes = s->command->takes;
    const size_t n = takes & ALL_FILES ? s->n_words : takes & TWO_FILES ? 2 : 1;
    return n < s->n_words ? n : s->n_words;
}

/* The second file of convert is written. */
static bool reads_stdin_twice(const session *s)
{
    size_t n = 0;
    for (size_t i = 0; i < count_files(s); i++) n += !strcmp(s->words[i], "-");
    return n > 1 && s->command->run != run_convert;
}

static bool is_file(const session *s, const char *word, const char *path)
{
    return path && fr_is_file(word, path, s->context);
}

/* Is it standard output, which --output and --rejects cannot share? */
static bool are_stdio(const char *a, const char *b)
{
    return !strcmp(a, "-") && !strcmp(b, "-");
}

/* A table may take the place of the one it was made of, as one edits a file. What is said about it may not, and neither may
 * the rows put aside, or a file be written twice. */
int spare_files(const session *s)
{
    if (reads_stdin_twice(s)) return usage_error(s, "standard input, -, can be read once");
    const bool about = s->command->part || s->command->takes & TELLS_ABOUT;
    for (size_t i = 0; i < count_files(s); i++) {
        if (is_file(s, s->words[i], s->rejects))
            return usage_error(s, "--rejects would replace %s, a file of the command's own", s->rejects);
        if (about && is_file(s, s->words[i], s->output))
            return usage_error(s, "--output would replace %s, the file that is read", s->output);
    }
    if (s->rejects && s->output && (are_stdio(s->rejects, s->output) || is_file(s, s->output, s->rejects)))
        return usage_error(s, "--output and --rejects are one file, %s", s->output);
    return EXIT_DONE;
}

int spare_tables(const session *s, const fr_steps *steps)
{
    if (fr_steps_read(steps, s->rejects))
        return usage_error(s, "--rejects would replace %s, a table of the steps", s->rejects);
    if (s->command->takes & TELLS_ABOUT && fr_steps_read(steps, s->output))
        return usage_error(s, "--output would replace %s, a table of the steps", s->output);
    return EXIT_DONE;
}

fr_frame *open_table(session *s, const char *path)
{
    s->read.context = s->context;
    return fr_csv_read(path, &s->read);
}

fr_frame *open_scan(session *s, const char *path)
{
    s->read.context = s->context;
    return is_stream(path) ? fr_csv_read(path, &s->read) : fr_csv_scan(path, &s->read);
}

/* Without a source line: an error should point into the user's words, not into this program. */
fr_frame *run_step(const fr_frame *frame, fr_step step)
{
    fr_step steps[2] = { step, { .verb = 0 } };
    steps[0].file = NULL;
    steps[0].line = 0;
    return fr_pipe_steps(frame, steps, sizeof steps[0], NULL, 0);
}
