/* analysis_input.c — the file to analyse is read several times; a pipe is therefore kept, and what is kept takes its place.
 *
 *     frame analyze sales.csv              the file as it is
 *     zcat sales.csv.gz | frame analyze -  a file nobody else can open, in $TMPDIR or /tmp, becomes standard input
 *     frame analyze <(zcat sales.csv.gz)   the same
 *
 * Readers get "-" then, and standard input is wound back before each of them.
 */
#include "analysis.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_BYTES = 1 << 16, LISTEN_MS = 50 };

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

/* ---- keeping a pipe ---------------------------------------------------------------------------------------------- */
/* An open file without a name; -1 with the reason told. */
static int temporary_file(analysis *a)
{
    const char *folder = getenv("TMPDIR");
    char *path = (char *)(uintptr_t)keep_format(&a->store, "%s/frame-input-XXXXXX", folder && *folder ? folder : "/tmp");
    const int file = *path ? mkstemp(path) : -1;
    if (file >= 0) unlink(path);
    else fail_run(a, FR_ERR_IO, "a place to keep the input: %s: %s (TMPDIR names another folder)", path, strerror(errno));
    return file;
}

static bool write_all(int to, const char *bytes, size_t n)
{
    while (n) {
        const ssize_t done = write(to, bytes, n);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        bytes += done;
        n -= (size_t)done;
    }
    return true;
}

/* -1 with EINTR at every turn in which nothing came, since nobody but Ctrl-C may end the wait for a silent pipe. */
static ssize_t read_some(int from, char *piece)
{
    const int ready = poll(&(struct pollfd){ .fd = from, .events = POLLIN }, 1, LISTEN_MS);
    if (ready == 0) errno = EINTR;
    return ready > 0 ? read(from, piece, PIECE_BYTES) : -1;
}

static bool copy_all(analysis *a, int from, int to)
{
    char piece[PIECE_BYTES];
    for (;;) {
        if (fr_context_cancelled(a->context)) return fail_run(a, FR_ERR_CANCELLED, "%s: cancelled", a->asked.path);
        const ssize_t n = read_some(from, piece);
        if (n == 0) return true;
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail_run(a, FR_ERR_IO, "%s: %s", a->asked.path, strerror(errno));
        if (!write_all(to, piece, (size_t)n))
            return fail_run(a, FR_ERR_IO, "keeping the input in a temporary file: %s (TMPDIR names another folder)",
                            strerror(errno));
    }
}

/* All that `from` gives, in a file that becomes standard input. */
static bool keep_pipe(analysis *a, int from)
{
    const int file = temporary_file(a);
    const bool kept = file >= 0 && copy_all(a, from, file)
                   && (dup2(file, STDIN_FILENO) >= 0 || fail_run(a, FR_ERR_IO, "standard input: %s", strerror(errno)));
    if (file >= 0) close(file);
    a->input = "-";
    a->input_begin = 0;
    return kept;
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */
static bool open_standard_input(analysis *a)
{
    struct stat about;
    a->input = "-";
    a->input_begin = lseek(STDIN_FILENO, 0, SEEK_CUR);
    if (fstat(STDIN_FILENO, &about) == 0 && S_ISREG(about.st_mode) && a->input_begin >= 0) return true;
    return keep_pipe(a, STDIN_FILENO);
}

/* A path that is missing, a folder or not allowed is the reader's to complain about. */
static bool take_input(analysis *a)
{
    struct stat about;
    const char *path = a->asked.path;
    const bool standard = !strcmp(path, "-"), there = !standard && stat(path, &about) == 0;
    a->input = path;
    a->file_name = standard ? "standard input" : keep(&a->store, last_part(path));
    if (standard) return open_standard_input(a);
    if (!there || S_ISREG(about.st_mode) || S_ISDIR(about.st_mode)) return true;
    const int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0) return true;
    const bool kept = keep_pipe(a, from);
    close(from);
    return kept;
}

bool open_input(analysis *a)
{
    return a->input || take_input(a);      /* again: what was kept is still there */
}

const char *input_again(analysis *a)
{
    if (!strcmp(a->input, "-")) lseek(STDIN_FILENO, a->input_begin, SEEK_SET);
    return a->input;
}
