/* input.c — opening what a command works on.
 *
 * A plain command reads its file at once. Commands that pipe steps over a file open a scan, so that the planner reads
 * only the columns it needs; standard input and pipes cannot be read twice and are read at once.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "session.h"

/* Standard input and pipes; a file that is not there is none. */
bool is_stream(const char *path)
{
    struct stat about;
    return !strcmp(path, "-") || (stat(path, &about) == 0 && !S_ISREG(about.st_mode));
}

/* The folder a file is in, or would be, in `room`; → its name there, NULL: no such folder. */
static const char *place_of(const char *path, char room[PATH_MAX])
{
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    if (slash) snprintf(folder, sizeof folder, "%.*s", (int)(slash - path + 1), path);
    if (!realpath(folder, room)) return NULL;
    return slash ? slash + 1 : path;
}

bool is_same_file(const char *a, const char *b)
{
    struct stat x, y;
    char left[PATH_MAX] = "", right[PATH_MAX] = "";
    const bool first = stat(a, &x) == 0, second = stat(b, &y) == 0;
    if (first && second) return S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
    if (first || second) return false;
    const char *name = place_of(a, left), *other = place_of(b, right);
    return name && other && !strcmp(left, right) && !strcmp(name, other);
}

/* How many words are files, of those that are read or written. */
static size_t count_files(const session *s)
{
    const unsigned takes = s->command->takes;
    const size_t n = takes & ALL_FILES ? s->n_words : takes & TWO_FILES ? 2 : 1;
    return n < s->n_words ? n : s->n_words;
}

/* A table may take the place of the one it was made of, as one edits a file. What is said about it may not, and neither may
 * the rows put aside, or a file be written twice. */
int spare_files(const session *s)
{
    const bool about = s->command->part || s->command->takes & TELLS_ABOUT;
    for (size_t i = 0; i < count_files(s); i++) {
        if (s->rejects && is_same_file(s->rejects, s->words[i]))
            return usage_error(s, "--rejects would replace %s, a file of the command's own", s->words[i]);
        if (s->output && about && is_same_file(s->output, s->words[i]))
            return usage_error(s, "--output would replace %s, the file that is read", s->words[i]);
    }
    if (s->rejects && s->output && is_same_file(s->rejects, s->output))
        return usage_error(s, "--output and --rejects are one file, %s", s->output);
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
