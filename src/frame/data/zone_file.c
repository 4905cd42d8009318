/* zone_file.c — /usr/share/zoneinfo/NAME to a zone. "UTC" and offsets such as "+02:00" need no file. */
#include "data/zone_file.h"

#include <string.h>

#include "base/problem.h"
#include "base/vfs.h"

#define FOLDER "/usr/share/zoneinfo/"

/* Only what a zone's name can be: no way out of the directory. */
static bool is_zone_name(const char *name)
{
    size_t n = strlen(name);
    if (!n || n > 64 || name[0] == '/' || strstr(name, "..")) return false;
    for (size_t i = 0; i < n; i++) {
        char c = name[i], low = (char)(c | 0x20);
        if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9') && !strchr("_-+/", c)) return false;
    }
    return true;
}

/* Did opening fail because there is no such file (ENOENT, ENOTDIR), or only a folder of that name (EISDIR, or no
 * number)? A disk or a memory that failed says something else. */
static bool no_such_file(fr_call *call)
{
    const fr_problem *problem = atomic_load(&call->problem);
    if (!problem) return false;
    const fr_error_info *info = (const fr_error_info *)(const void *)problem;      /* its first member */
    return info->code == FR_ERR_IO &&
           (info->os_error == 2 || info->os_error == 20 || info->os_error == 21 || info->os_error == 0);
}

static bool read_file(fr_call *call, fr_arena *arena, const char *name, const fr_zone **zone)
{
    char path[sizeof FOLDER + 64] = FOLDER, *bytes = NULL;
    size_t n = 0;
    memcpy(path + sizeof FOLDER - 1, name, strlen(name) + 1);
    if (!fr_file_slurp(call, path, 1 << 20, &bytes, &n)) {
        if (!no_such_file(call)) return false;
        fr_call_forgive(call);      /* no such zone */
        return true;
    }
    size_t need = fr_zone_size((const uint8_t *)bytes, n);
    void *room = need ? fr_arena_new(call, arena, need) : NULL;
    if (room) *zone = fr_zone_parse((const uint8_t *)bytes, n, room);
    fr_free(call->context, bytes, n + 1);
    return room || !need;
}

bool fr_zone_read(fr_call *call, fr_arena *arena, const char *name, const fr_zone **zone)
{
    *zone = NULL;
    fr_zone *fixed = fr_arena_new(call, arena, sizeof *fixed);
    if (!fixed) return false;
    if (fr_zone_fixed(name, strlen(name), fixed)) {
        *zone = fixed;
        return true;
    }
    return !is_zone_name(name) || read_file(call, arena, name, zone);
}

static bool zone_known(fr_call *call, const char *name, const char *column)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    const fr_zone *zone;
    fr_arena_init(&arena, call->context);
    if (!fr_zone_read(call, &arena, name, &zone)) return false;
    return zone || fr_fail_at(call, fr_place_at(.column = column, .hint = FR_HINT_OF_ZONES), FR_ERR_NOT_FOUND,
                              "no time zone %s", fr_quoted((fr_room){ 0 }.text, name, strlen(name)));
}

bool fr_type_zones_known(fr_call *call, const fr_type *type, const char *column)
{
    if (type->kind == FR_DATETIME && type->zone && !zone_known(call, type->zone, column)) return false;
    for (size_t i = 0; i < type->n_fields; i++)
        if (!fr_type_zones_known(call, type->fields[i].type, column)) return false;
    return true;
}
