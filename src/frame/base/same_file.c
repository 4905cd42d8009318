/* same_file.c — a file is its device and its number there, whatever leads to it: ./, a link, another folder's way round.
 *
 * Who writes asks before, so that what is read is not replaced by what is said about it. A file that is not there yet is
 * known by its folder and its name in it.
 */
#include "base/same_file.h"

#include <string.h>

#include "base/context_state.h"
#include "base/glob.h"
#include "base/vfs.h"

static bool describe(fr_call *call, const char *path, fr_file_stat *about)
{
    const fr_vfs *vfs = &call->context->vfs;
    int result;
    do result = vfs->stat(vfs->user, path, about); while (fr_again(call, result));
    return result >= 0;
}

/* A vfs that knows no devices may have files of one number on two of them. */
static bool are_one(const fr_file_stat *a, const fr_file_stat *b)
{
    if (a->inode != b->inode || a->device != b->device || a->kind != b->kind) return false;
    return a->device || (a->size_bytes == b->size_bytes && a->modified_ns == b->modified_ns);
}

/* The folder that the file is, or would be, in; → its name there, NULL: no such folder. */
static const char *place_of(fr_call *call, const char *path, fr_file_stat *folder)
{
    const char *slash = strrchr(path, '/');
    FR_CLEANUP(fr_text_clear) fr_text above = FR_TEXT_INIT(call);
    if (!slash) return describe(call, ".", folder) ? path : NULL;
    if (!fr_text_format(call, &above, "%.*s", (int)(slash - path + 1), path)) return NULL;
    return describe(call, above.bytes, folder) ? slash + 1 : NULL;
}

static bool is_stdio(const char *path) { return !strcmp(path, "-"); }

bool fr_is_same_file(fr_call *call, const char *a, const char *b)
{
    fr_file_stat x, y;
    if (is_stdio(a) || is_stdio(b)) return false;
    const bool first = describe(call, a, &x), second = describe(call, b, &y);
    if (fr_failed(call) || first != second) return false;
    if (first) return x.kind == FR_FILE_REGULAR && are_one(&x, &y);
    const char *name = place_of(call, a, &x), *other = name ? place_of(call, b, &y) : NULL;
    return other && *name && !strcmp(name, other) && are_one(&x, &y);
}

/* A pattern that names no file is an error of whoever reads it. */
bool fr_pattern_names(fr_call *call, const char *pattern, const char *path)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_paths paths = { 0 };
    bool found = false;
    if (fr_paths_add(call, &arena, pattern, &paths))
        for (size_t i = 0; !found && i < paths.n; i++) found = fr_is_same_file(call, paths.items[i], path);
    return found;
}
