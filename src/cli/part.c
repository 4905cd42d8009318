/* part.c — commands that live in a shared object of their own, opened when they are called for.
 *
 * `frame` starts in a millisecond because it holds little; what needs more (reports, charts) is a part: the file
 * part_NAME.so in the folder frame-1 of the libraries, with the constant fr_part in it (<frame/command.h>). Parts are
 * looked for beside this program only, or in FRAME_MODULES alone when that is set, and a file or folder everybody may
 * write to is not opened. dlopen remembers what is open, so asking again costs little.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session.h"

enum { PATH_ROOM = 4096 };

/* ---- the file ---------------------------------------------------------------------------------------------------- */
static bool is_plain_name(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return n > 0 && n < 64 && !name[n];
}

static bool own_folder(char path[PATH_ROOM])
{
    char *real = realpath("/proc/self/exe", NULL);
    char *slash = real ? strrchr(real, '/') : NULL;
    bool fits = slash && (size_t)(slash - real) < PATH_ROOM;
    if (fits) snprintf(path, PATH_ROOM, "%.*s", (int)(slash - real), real);
    free(real);
    return fits;
}

/* FRAME_MODULES and nowhere else when it is set; else the folder of libraries that belongs to this program. */
static bool find_part(const char *name, char path[PATH_ROOM])
{
    char folder[PATH_ROOM];
    const char *setting = secure_getenv("FRAME_MODULES");
    bool set = setting && *setting;
    if (!set && !own_folder(folder)) return false;
    int n = set ? snprintf(path, PATH_ROOM, "%s/part_%s.so", setting, name)
                : snprintf(path, PATH_ROOM, "%s/%s/frame-1/part_%s.so", folder, FRAME_LIBRARIES_FROM_BIN, name);
    if (n > 0 && n < PATH_ROOM && access(path, F_OK) == 0) return true;
    n = set ? 0 : snprintf(path, PATH_ROOM, "%s/../lib/frame-1/part_%s.so", folder, name);        /* a build tree */
    return n > 0 && n < PATH_ROOM && access(path, F_OK) == 0;
}

static bool everybody_may_write(const char *path)
{
    struct stat about;
    return stat(path, &about) != 0 || (about.st_mode & S_IWOTH) != 0;
}

static const char *not_trusted(const char *path)
{
    char folder[PATH_ROOM];
    if (path[0] != '/') return "is not given by an absolute path (FRAME_MODULES)";
    if (everybody_may_write(path)) return "is writable by everybody and not opened";
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = 0;
    return everybody_may_write(folder) ? "lies in a folder that is writable by everybody and is not opened" : NULL;
}

/* ---- the class --------------------------------------------------------------------------------------------------- */
static const char *not_fitting(const fr_part_class *part, const char *name)
{
    if (!part) return "has no fr_part: not a part of frame";
    if (part->size_ < sizeof(fr_part_class) || part->abi != FR_COMMAND_ABI)
        return "was built for another version of libframe";
    if (!part->name || strcmp(part->name, name) != 0) return "calls itself by another name";
    for (size_t i = 0; i < part->n_commands; i++) {
        const fr_command_class *c = part->commands[i];
        if (c->size_ < sizeof(fr_command_class)) return "was built for another version of libframe";
        if (!c->name || !c->usage || !c->summary || !c->run) return "has a command without name or function";
    }
    return NULL;
}

/* The part, or NULL with the reason in `why`. */
static const fr_part_class *open_part(const char *name, char *why, size_t n)
{
    char path[PATH_ROOM];
    if (!is_plain_name(name) || !find_part(name, path)) {
        snprintf(why, n, "part_%s.so is not installed: it comes with the package frame (CMake target frame_part_%s)", name,
                 name);
        return NULL;
    }
    const char *wrong = not_trusted(path);
    void *library = wrong ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const fr_part_class *part = library ? dlsym(library, "fr_part") : NULL;
    if (library) wrong = not_fitting(part, name);
    if (library && !wrong) return part;
    const char *reason = wrong || library ? NULL : dlerror();
    snprintf(why, n, "%s %s", path, wrong ? wrong : reason ? reason : "cannot be opened");
    if (library) dlclose(library);
    return NULL;
}

const fr_command_class *part_class(const command *c, char *why, size_t n)
{
    const fr_part_class *part = c->part ? open_part(c->part, why, n) : NULL;
    for (size_t i = 0; part && i < part->n_commands; i++)
        if (!strcmp(part->commands[i]->name, c->name)) return part->commands[i];
    if (part) snprintf(why, n, "part_%s.so has no command '%s'", c->part, c->name);
    return NULL;
}

bool part_command(const char *name, command *out)
{
    char why[PATH_ROOM], path[PATH_ROOM];
    if (!is_plain_name(name) || !find_part(name, path)) return false;
    *out = (command){ .name = name, .usage = "", .summary = "", .run = run_part, .part = name };
    const fr_command_class *class_ = part_class(out, why, sizeof why);
    if (class_) {
        out->usage = class_->usage;
        out->summary = class_->summary;
    }
    return true;
}

const fr_option_info *part_options(const command *c, size_t *n)
{
    char why[PATH_ROOM];
    const fr_command_class *class_ = c ? part_class(c, why, sizeof why) : NULL;
    *n = class_ ? class_->n_options : 0;
    return class_ ? class_->options : NULL;
}

/* ---- its options ------------------------------------------------------------------------------------------------- */
static bool whole(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    *out = value;
    return !errno && end != text && !*end;
}

/* The command never sets a locale, so this reads a decimal point. */
static bool real(const char *text, double *out)
{
    char *end;
    errno = 0;
    *out = strtod(text, &end);
    return !errno && end != text && !*end;
}

static bool truth(const char *text, bool *out)
{
    *out = !strcmp(text, "true") || !strcmp(text, "yes") || !strcmp(text, "1");
    return *out || !strcmp(text, "false") || !strcmp(text, "no") || !strcmp(text, "0");
}

static bool word(const fr_option_info *option, const char *text, int *out)
{
    for (size_t i = 0; i < option->n_words; i++)
        if (!strcmp(option->words[i].word, text)) {
            *out = (int)i;
            return true;
        }
    return false;
}

bool set_part_option(session *s, const fr_option_info *option, const char *text)
{
    void *at = (char *)s->part_values + option->offset;
    switch (option->kind) {
    case FR_OPTION_TEXT: *(const char **)at = text; return true;
    case FR_OPTION_I64: return whole(text, at);
    case FR_OPTION_F64: return real(text, at);
    case FR_OPTION_BOOL: return truth(text, at);
    case FR_OPTION_WORD: return word(option, text, at);
    default: return false;
    }
}

static void set_initial(const fr_command_class *class_, char *values)
{
    for (size_t i = 0; i < class_->n_options; i++) {
        const fr_option_info *o = &class_->options[i];
        if (o->kind == FR_OPTION_I64) *(int64_t *)(void *)(values + o->offset) = (int64_t)o->initial;
        if (o->kind == FR_OPTION_F64) *(double *)(void *)(values + o->offset) = o->initial;
    }
}

int begin_part(session *s)
{
    char why[PATH_ROOM];
    const fr_command_class *class_ = part_class(s->command, why, sizeof why);
    if (!class_) {
        fprintf(stderr, "frame: %s: %s\n", s->command->name, why);
        return EXIT_FILES;
    }
    s->part_values = calloc(1, class_->options_bytes ? class_->options_bytes : 1);
    if (!s->part_values) return fputs("frame: out of memory\n", stderr), EXIT_LIMITS;
    set_initial(class_, s->part_values);
    return EXIT_DONE;
}

/* ---- the host ---------------------------------------------------------------------------------------------------- */
static int host_complain(const fr_command_host *host, const void *object)
{
    (void)host;
    return complain(object);
}

static int host_fail(const fr_command_host *host, int code, const char *message)
{
    (void)host;
    fflush(stdout);
    fprintf(stderr, "frame: %s\n", message);
    return exit_code((fr_code)code);
}

static int host_usage(const fr_command_host *host, const char *message) { return usage_error(host->user, "%s", message); }

static int host_show(const fr_command_host *host, const fr_frame *frame) { return show(host->user, frame); }

uint32_t part_takes(const command *c)
{
    char why[PATH_ROOM];
    const fr_command_class *class_ = c->part ? part_class(c, why, sizeof why) : NULL;
    return class_ ? class_->takes : UINT32_MAX;
}

int run_part(session *s)
{
    char why[PATH_ROOM];
    const fr_command_class *class_ = part_class(s->command, why, sizeof why);
    s->read.context = s->context;
    fr_command_host host = {
        .size_ = sizeof host, .n_words = (uint32_t)s->n_words, .words = s->words, .context = s->context, .read = &s->read,
        .output = s->output, .rejects = s->rejects, .rows = s->rows, .width = terminal_width(s), .quiet = s->quiet,
        .color = s->color, .json = s->form == FORM_JSON, .csv = s->form == FORM_CSV, .complain = host_complain,
        .fail = host_fail, .usage = host_usage, .show = host_show, .user = s,
    };
    return class_ ? class_->run(&host, s->part_values) : EXIT_FILES;
}
