/* module.c — finding, checking and opening a module.
 *
 * The loader opens files of one configured folder only, never one that the whole world may write to, and looks at the
 * class it finds there before it believes anything else: size, ABI number, name. What is open stays open and is handed
 * out again after the same checks of its file.
 */
#include "base/module.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 4096, MOST_OPEN = 32 };

/* ---- the package that brings a module ---------------------------------------------------------------------------- */

static const char *package_of(const char *name)
{
    static const struct { const char *name, *package; } packages[] = {
        { "csv", "libcsv3" },         { "isal", "libisal2" },      { "zstd", "libzstd1" },     { "lz4", "liblz4-1" },
        { "hdf5", "libhdf5-103-1" },
        { "sqlite", "libsqlite3-0" }, { "postgres", "libpq5" },    { "mysql", "libmariadb3" }, { "xml", "libxml2" },
        { "http", "libcurl4" },       { "snappy", "libsnappy1v5" }, { "brotli", "libbrotli1" },
    };
    for (size_t i = 0; i < FR_COUNT_OF(packages); i++)
        if (strcmp(packages[i].name, name) == 0) return packages[i].package;
    return NULL;
}

static void *fail(fr_call *call, const char *name, const char *path, const char *what)
{
    char hint[160];
    const char *package = package_of(name);
    if (package) snprintf(hint, sizeof hint, "it needs the Debian package %s", package);
    fr_fail_at(call, fr_place_at(.path = path, .hint = package ? hint : NULL), FR_ERR_MODULE, "module '%s' %s", name,
               what);
    return NULL;
}

/* ---- the folder -------------------------------------------------------------------------------------------------- */

static bool cut_to_folder(char path[PATH_ROOM])
{
    char *slash = strrchr(path, '/');
    if (slash) *slash = 0;
    return slash != NULL;
}

/* The file this code was loaded from. The name of the program itself is as it was typed, so /proc is asked instead. */
static bool own_file(char path[PATH_ROOM])
{
    Dl_info here, program;
    if (!dladdr((const void *)&fr_module_get, &here)) return false;
    const void *header = (const void *)getauxval(AT_PHDR);
    bool in_program = header && dladdr(header, &program) && program.dli_fbase == here.dli_fbase;
    char *real = realpath(in_program || !here.dli_fname ? "/proc/self/exe" : here.dli_fname, NULL);
    bool fits = real && strlen(real) < PATH_ROOM;
    if (fits) memcpy(path, real, strlen(real) + 1);
    free(real);
    return fits;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Where module `name` should be: FRAME_MODULES and nowhere else when set; beside the library; for a program that holds
 * the library, in the lib folder beside its own. */
static bool find(const char *name, char path[PATH_ROOM])
{
    char folder[PATH_ROOM];
    const char *setting = secure_getenv("FRAME_MODULES");
    if (setting && *setting) {
        int length = snprintf(path, PATH_ROOM, "%s/mod_%s.so", setting, name);
        return length > 0 && length < PATH_ROOM && is_there(path);
    }
    if (!own_file(folder) || !cut_to_folder(folder)) return false;
    static const char *const places[] = { "", "/../lib" };
    for (size_t i = 0; i < FR_COUNT_OF(places); i++) {
        int length = snprintf(path, PATH_ROOM, "%s%s/frame-1/mod_%s.so", folder, places[i], name);
        if (length > 0 && length < PATH_ROOM && is_there(path)) return true;
    }
    return false;
}

/* ---- checks ------------------------------------------------------------------------------------------------------ */

static bool everybody_may_write(const char *path, struct stat *found)
{
    return stat(path, found) != 0 || (found->st_mode & S_IWOTH) != 0;
}

/* What is wrong with the file or its folder, or NULL, and what the file is. */
static const char *not_trusted(const char *path, struct stat *file)
{
    char folder[PATH_ROOM];
    struct stat about;
    if (path[0] != '/') return "is not given by an absolute path (FRAME_MODULES)";
    if (everybody_may_write(path, file)) return "is writable by everybody and not opened";
    snprintf(folder, sizeof folder, "%s", path);
    cut_to_folder(folder);
    return everybody_may_write(folder, &about) ? "lies in a folder that is writable by everybody and is not opened" : NULL;
}

static const char *not_fitting(const fr_module_class *class_, const char *name)
{
    if (!class_) return "has no fr_module: not a module of libframe";
    if (class_->size_ < sizeof(fr_module_class) || class_->abi != FR_MODULE_ABI)
        return "was built for another version of libframe";
    if (!class_->name || strcmp(class_->name, name) != 0) return "calls itself by another name";
    return class_->api ? NULL : "offers nothing";
}

/* ---- what is open ------------------------------------------------------------------------------------------------ */
/* dlopen finds an open file again as well, but walks over all libraries for it, and every gzip file asks. One more than
 * MOST_OPEN is opened anew each time. */
typedef struct open_module { struct stat file; const fr_module_class *class_; } open_module;

static struct {
    pthread_mutex_t lock;
    size_t          n;
    open_module     modules[MOST_OPEN];
} open_modules = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size
        && a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static const fr_module_class *find_open(const struct stat *file, const char *name)
{
    const fr_module_class *found = NULL;
    pthread_mutex_lock(&open_modules.lock);
    for (size_t i = 0; i < open_modules.n && !found; i++) {
        const open_module *module = &open_modules.modules[i];
        if (is_same_file(&module->file, file) && strcmp(module->class_->name, name) == 0) found = module->class_;
    }
    pthread_mutex_unlock(&open_modules.lock);
    return found;
}

static void remember(const struct stat *file, const fr_module_class *class_)
{
    pthread_mutex_lock(&open_modules.lock);
    if (open_modules.n < MOST_OPEN) open_modules.modules[open_modules.n++] = (open_module){ *file, class_ };
    pthread_mutex_unlock(&open_modules.lock);
}

static bool is_plain_name(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return length > 0 && length < 64 && name[length] == 0;
}

const void *fr_module_get(fr_call *call, const char *name)
{
    char path[PATH_ROOM];
    if (!is_plain_name(name)) {
        fr_fail(call, FR_ERR_INTERNAL, "a module's name is lower-case letters, digits and _");
        return NULL;
    }
    if (!find(name, path)) return fail(call, name, NULL, "is not installed");
    struct stat file;
    const char *wrong = not_trusted(path, &file);
    if (wrong) return fail(call, name, path, wrong);
    const fr_module_class *class_ = find_open(&file, name);
    if (class_) return class_->api;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *reason = dlerror();
        char what[512];
        snprintf(what, sizeof what, "cannot be opened: %s", reason ? reason : "no reason given");
        return fail(call, name, path, what);
    }
    class_ = dlsym(library, "fr_module");
    wrong = not_fitting(class_, name);
    if (!wrong) remember(&file, class_);
    if (!wrong) return class_->api;
    fail(call, name, path, wrong);
    dlclose(library);
    return NULL;
}

void fr_modules_lock(void)
{
    pthread_mutex_lock(&open_modules.lock);
}

void fr_modules_unlock(void)
{
    pthread_mutex_unlock(&open_modules.lock);
}
