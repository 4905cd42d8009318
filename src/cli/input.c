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
