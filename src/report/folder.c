/* folder.c — write aside, look at every target, rename all, the page last.
 *
 *     report/.frame-tmp-4711-k3x9q2/cleaned.csv     →  report/cleaned.csv
 *     report/.frame-tmp-4711-k3x9q2/summary.html    →  report/summary.html
 *
 * The hidden folder names its process; when the next run finds one whose process is gone, it is removed.
 */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report_store.h"

#define MARK ".frame-tmp-"
enum { PATH_ROOM = 4096, MOST_FILES = 4096 };

struct fr_folder {
    fr_store      room;
    const char  *path, *aside;
    const char **names;
    size_t       n, space;
};

static bool refused(fr_trouble *trouble, const char *path, const char *doing)
{
    return fr_troubled(trouble, FR_ERR_IO, "%s: %s: %s", path, doing, strerror(errno));
}

/* ---- the hidden folder ------------------------------------------------------------------------------------------- */
static void remove_with_files(const char *path)
{
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder) closedir(folder);
    rmdir(path);
}

static bool left_behind(const char *name)
{
    char *end;
    if (strncmp(name, MARK, sizeof MARK - 1) != 0) return false;
    long pid = strtol(name + sizeof MARK - 1, &end, 10);
    return *end == '-' && pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* A courtesy: failing at it fails nothing. */
static void sweep(const char *path)
{
    char inner[PATH_ROOM];
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (left_behind(entry->d_name) &&
            (size_t)snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) < sizeof inner)
            remove_with_files(inner);
    if (folder) closedir(folder);
}

static bool make_folders(const char *path, fr_trouble *trouble)
{
    char part[PATH_ROOM];
    size_t n = strlen(path);
    if (!n || n >= sizeof part) return fr_troubled(trouble, FR_ERR_ARGUMENT, "a folder needs a name of 1 to 4,095 bytes");
    memcpy(part, path, n + 1);
    for (char *slash = part + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        if (mkdir(part, 0777) != 0 && errno != EEXIST) return refused(trouble, part, "making the folder");
        *slash = '/';
    }
    if (mkdir(path, 0777) == 0) return true;
    int reason = errno;
    struct stat about;
    if (reason == EEXIST && stat(path, &about) == 0 && S_ISDIR(about.st_mode)) return true;
    errno = reason == EEXIST ? ENOTDIR : reason;
    return refused(trouble, path, "making the folder");
}

static bool make_aside(fr_folder *folder, fr_trouble *trouble)
{
    char *aside = fr_store_format(&folder->room, "%s/" MARK "%ld-XXXXXX", folder->path, (long)getpid());
    if (!aside) return fr_out_of_memory(trouble);
    if (!mkdtemp(aside)) return refused(trouble, folder->path, "making a place to write in");
    folder->aside = aside;
    return true;
}

fr_folder *fr_folder_open(const char *path, fr_trouble *trouble)
{
    fr_store first = { .allocator = NULL };
    if (!make_folders(path, trouble)) return NULL;
    sweep(path);
    fr_folder *folder = fr_store_take(&first, 1, sizeof *folder);
    if (!folder) return fr_out_of_memory(trouble), NULL;
    folder->room = first;
    folder->path = fr_store_text(&folder->room, path, strlen(path));
    if (folder->path && make_aside(folder, trouble)) return folder;
    fr_out_of_memory(trouble);
    fr_folder_close(folder);
    return NULL;
}

void fr_folder_close(fr_folder *folder)
{
    if (!folder) return;
    if (folder->aside) remove_with_files(folder->aside);
    fr_store room = folder->room;                     /* the folder itself is the first thing in it */
    fr_store_empty(&room);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */
static bool is_plain(const char *name) { return name && *name && *name != '.' && !strchr(name, '/') && strlen(name) < 200; }

static bool remember(fr_folder *folder, const char *name, fr_trouble *trouble)
{
    void *names = folder->names;
    for (size_t i = 0; i < folder->n; i++)
        if (!strcmp(folder->names[i], name)) return true;
    if (folder->n == MOST_FILES) return fr_troubled(trouble, FR_ERR_LIMIT, "more than %d output files", MOST_FILES);
    bool room = fr_store_grow(&folder->room, &names, &folder->space, folder->n, sizeof *folder->names);
    folder->names = names;
    char *copy = room ? fr_store_text(&folder->room, name, strlen(name)) : NULL;
    if (!copy) return fr_out_of_memory(trouble);
    folder->names[folder->n++] = copy;
    return true;
}

const char *fr_folder_file(fr_folder *folder, const char *name, fr_trouble *trouble)
{
    if (!is_plain(name)) return fr_troubled(trouble, FR_ERR_ARGUMENT, "no plain name for an output file: '%s'", name), NULL;
    if (!remember(folder, name, trouble)) return NULL;
    const char *path = fr_store_format(&folder->room, "%s/%s", folder->aside, name);
    return path ? path : (fr_out_of_memory(trouble), NULL);
}

/* ---- into place -------------------------------------------------------------------------------------------------- */
typedef struct move {
    char from[PATH_ROOM], to[PATH_ROOM];
} move;

static bool paths_of(const fr_folder *folder, const char *name, move *m)
{
    int a = snprintf(m->from, sizeof m->from, "%s/%s", folder->aside, name);
    int b = snprintf(m->to, sizeof m->to, "%s/%s", folder->path, name);
    return a > 0 && b > 0 && (size_t)a < sizeof m->from && (size_t)b < sizeof m->to;
}

/* Everything that would make a rename fail is looked for before the first one. */
static bool may_replace(const move *m, fr_trouble *trouble)
{
    struct stat about;
    if (lstat(m->to, &about) != 0) return errno == ENOENT || refused(trouble, m->to, "looking at the old file");
    errno = S_ISDIR(about.st_mode) ? EISDIR : S_ISREG(about.st_mode) && !(about.st_mode & 0222) ? EACCES : 0;
    return !errno || refused(trouble, m->to, "replacing it");
}

static bool look(const fr_folder *folder, fr_trouble *trouble)
{
    move m;
    for (size_t i = 0; i < folder->n; i++) {
        if (!paths_of(folder, folder->names[i], &m)) return fr_troubled(trouble, FR_ERR_LIMIT, "a path is too long");
        if (access(m.from, F_OK) == 0 && !may_replace(&m, trouble)) return false;
    }
    return true;
}

static bool put(const fr_folder *folder, const char *name, fr_trouble *trouble)
{
    move m;
    if (!paths_of(folder, name, &m) || access(m.from, F_OK) != 0) return true;
    return rename(m.from, m.to) == 0 || refused(trouble, m.to, "moving it into place");
}

static void sync_folder(const char *path)
{
    int handle = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return;
    fsync(handle);
    close(handle);
}

bool fr_folder_commit(fr_folder *folder, const char *last, fr_trouble *trouble)
{
    if (!look(folder, trouble)) return false;
    for (size_t i = 0; i < folder->n; i++)
        if ((!last || strcmp(folder->names[i], last) != 0) && !put(folder, folder->names[i], trouble)) return false;
    sync_folder(folder->path);
    if (last && !put(folder, last, trouble)) return false;
    sync_folder(folder->path);
    return true;
}
