/* glob.c — patterns of paths, for whoever quotes them or has no shell.
 *
 * In a name * stands for any bytes, ? for one character, [a-f] and [!0-9] for one byte of a set; none of them for a slash
 * or a point at the start of a name. Names are listed and sorted folder by folder, so that a pattern gives its files in
 * one order on every machine:
 *
 *     data/20??/sales*.csv    →    data/2023/sales-a.csv  data/2023/sales-b.csv  data/2024/sales.csv
 */
#include "base/glob.h"

#include <errno.h>
#include <string.h>

#include "base/context_state.h"
#include "base/vfs.h"

typedef struct listing {
    fr_call    *call;
    fr_arena   *arena;
    const char *pattern;                 /* of a name: n bytes                                                        */
    size_t      n;
    fr_paths    names;
    bool        fine;
} listing;

static bool is_special(char c) { return c == '*' || c == '?' || c == '['; }

static bool has_special(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_special(text[i])) return true;
    return false;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */
/* Bytes of the set that begins at p ("[a-f]"), 0 when it never ends; *in: is the byte one of it? */
static size_t match_set(const char *p, const char *end, char byte, bool *in)
{
    const bool negated = p + 1 < end && (p[1] == '!' || p[1] == '^');
    const char *at = p + 1 + negated, *first = at;
    bool found = false;
    for (; at < end && (*at != ']' || at == first); at++) {
        const bool is_range = at + 2 < end && at[1] == '-' && at[2] != ']';
        const unsigned char low = (unsigned char)*at, high = (unsigned char)(is_range ? at[2] : *at);
        found |= low <= (unsigned char)byte && (unsigned char)byte <= high;
        if (is_range) at += 2;
    }
    *in = found != negated;
    return at < end ? (size_t)(at + 1 - p) : 0;
}

static size_t character(const char *name)
{
    size_t n = 1;
    while ((name[n] & 0xc0) == 0x80) n++;
    return n;
}

/* One character of the name by what stands at p, which is no *: bytes of both; false: it is another. */
static bool match_one(const char *p, const char *end, const char *name, size_t *n_pattern, size_t *n_name)
{
    bool in = false;
    const size_t set = *p == '[' ? match_set(p, end, *name, &in) : 0;
    *n_pattern = set ? set : 1;
    *n_name = *p == '?' ? character(name) : 1;
    return set ? in : *p == '?' || *p == *name;
}

static bool matches(const char *p, size_t n, const char *name)
{
    const char *end = p + n, *star = NULL, *retry = NULL;
    if (*name == '.' && (!n || *p != '.')) return false;
    while (*name) {
        size_t n_pattern, n_name;
        if (p < end && *p == '*') star = ++p, retry = name;
        else if (p < end && match_one(p, end, name, &n_pattern, &n_name)) p += n_pattern, name += n_name;
        else if (star) p = star, name = ++retry;
        else return false;
    }
    while (p < end && *p == '*') p++;
    return p == end;
}

/* ---- folders ----------------------------------------------------------------------------------------------------- */
static bool keep(fr_call *call, fr_arena *arena, const char *path, fr_paths *paths)
{
    if (paths->n == paths->room) {
        const size_t room = paths->room ? paths->room * 2 : 16;
        const char **items = fr_arena_array(call, arena, room, sizeof *items);
        if (!items) return false;
        if (paths->n) memcpy(items, paths->items, paths->n * sizeof *items);
        paths->items = items;
        paths->room = room;
    }
    paths->items[paths->n++] = path;
    return true;
}

static bool hear_name(void *state, const char *name)
{
    listing *l = state;
    if (!matches(l->pattern, l->n, name)) return true;
    const char *copy = fr_arena_text(l->call, l->arena, name, strlen(name));
    l->fine = copy && keep(l->call, l->arena, copy, &l->names);
    return l->fine;
}

typedef const char *path_text;
#define T              path_text
#define IN_ORDER(a, b) (strcmp(*(a), *(b)) <= 0)
#define FN(name)       name##_of_names
#include "base/merge_sort.inc.h"

static bool sort_names(fr_call *call, fr_arena *arena, fr_paths *paths)
{
    const char **other = fr_arena_array(call, arena, paths->n + 1, sizeof *other);
    if (other) paths->items = merge_sort_of_names(paths->items, other, paths->n);
    return other != NULL;
}

/* A folder that is not there, or is none, has no names; one that may not be read is an error. */
static bool list_names(fr_call *call, const char *folder, listing *l)
{
    const fr_vfs *vfs = &call->context->vfs;
    int result;
    do {
        l->names.n = 0;
        result = vfs->list(vfs->user, *folder ? folder : ".", hear_name, l);
    } while (fr_again(call, result));
    if (!l->fine || fr_failed(call)) return false;
    if (result < 0 && result != -ENOENT && result != -ENOTDIR) return fr_fail_os(call, folder, "listing", -result);
    return sort_names(call, l->arena, &l->names);
}

static bool is_there(fr_call *call, const char *path, bool *folder)
{
    const fr_vfs *vfs = &call->context->vfs;
    fr_file_stat found = { .kind = FR_FILE_REGULAR };
    int result;
    do result = vfs->stat(vfs->user, path, &found); while (fr_again(call, result));
    *folder = found.kind == FR_FILE_DIRECTORY;
    if (result < 0 && result != -ENOENT && result != -ENOTDIR) (void)fr_fail_os(call, path, "looking for it", -result);
    return result == 0;
}

/* Files below `before`, which is a path as far as it is settled, that match the rest. The depth is that of the pattern. */
static bool expand(fr_call *call, fr_arena *arena, const char *before, const char *rest, fr_paths *out)
{
    const char *slash = strchr(rest, '/');
    const size_t n = slash ? (size_t)(slash - rest) : strlen(rest), n_slashes = slash ? strspn(slash, "/") : 0;
    bool folder;
    if (!n && !n_slashes) return !is_there(call, before, &folder) || folder ? !fr_failed(call) : keep(call, arena, before, out);
    if (!has_special(rest, n)) {
        const char *next = fr_arena_format(call, arena, "%s%.*s", before, (int)(n + n_slashes), rest);
        return next && expand(call, arena, next, rest + n + n_slashes, out);
    }
    listing l = { .call = call, .arena = arena, .pattern = rest, .n = n, .fine = true };
    bool fine = list_names(call, before, &l);
    for (size_t i = 0; fine && i < l.names.n; i++) {
        const char *next = fr_arena_format(call, arena, "%s%s%.*s", before, l.names.items[i], (int)n_slashes, rest + n);
        fine = next && expand(call, arena, next, rest + n + n_slashes, out);
    }
    return fine;
}

bool fr_paths_add(fr_call *call, fr_arena *arena, const char *path, fr_paths *paths)
{
    bool folder;
    const size_t before = paths->n;
    if (!has_special(path, strlen(path)) || is_there(call, path, &folder)) {
        const char *copy = fr_failed(call) ? NULL : fr_arena_text(call, arena, path, strlen(path));
        return copy && keep(call, arena, copy, paths);
    }
    if (fr_failed(call) || !expand(call, arena, "", path, paths)) return false;
    if (paths->n > before) return true;
    return fr_fail_at(call, fr_place_at(.path = path, .hint = "* stands for any bytes of a name, ? for one character",
                                        .os_error = ENOENT), FR_ERR_IO, "no file matches the pattern");
}
