/* Time zones beside Python's zoneinfo, and local times that happen twice or never. */
#include "base/zone.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/civil.h"
#include "support/test.h"

#define ZONES "/usr/share/zoneinfo"

static uint8_t *file_bytes(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    uint8_t *bytes = malloc(1 << 20);
    *n = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static fr_zone *load_zone(const char *name)
{
    char path[512];
    size_t n;
    snprintf(path, sizeof path, ZONES "/%s", name);
    uint8_t *bytes = file_bytes(path, &n);
    if (!bytes) return NULL;
    size_t need = fr_zone_size(bytes, n);
    void *memory = need ? malloc(need) : NULL;
    fr_zone *zone = memory ? fr_zone_parse(bytes, n, memory) : NULL;
    if (!zone) free(memory);
    free(bytes);
    return zone;
}

/* The installed zones are those of the golden file? */
static bool same_tzdata(const char *first_line)
{
    char line[100] = "";
    FILE *file = fopen(ZONES "/tzdata.zi", "r");
    if (!file) return false;
    bool read = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    const char *version = strrchr(line, ' '), *wanted = strrchr(first_line, ' ');
    return read && version && wanted && strcmp(version, wanted) == 0;
}

/* What a line says, for the second it begins at and for the last before the next one. */
static int wrong_at(const fr_zone *zone, int64_t t, int offset, int dst, const char *name)
{
    fr_zone_type type = fr_zone_type_at(zone, t);
    int64_t from, until;
    int wrong = type.offset != offset || type.is_dst != dst || strcmp(type.name, name) != 0 ||
        fr_zone_utc_to_offset(zone, t) != offset;
    wrong += fr_zone_offset_range(zone, t, &from, &until) != offset || from > t || until <= t;
    if (wrong) fprintf(stderr, "at %lld: %d %d %s, expected %d %d %s\n", (long long)t, type.offset, type.is_dst,
        type.name, offset, dst, name);
    return wrong;
}

TEST(forty_zones_are_as_in_python)
{
    FILE *file = fopen(fr_test_path("tests/golden/zones/zones.txt"), "r");
    REQUIRE(file != NULL);
    char line[200], name[20] = "", was[20] = "";
    bool usable = fgets(line, sizeof line, file) && same_tzdata(line);
    fr_zone *zone = NULL;
    int zones = 0, lines = 0, wrong = 0, offset = 0, dst = 0;
    bool known = false;
    while (usable && wrong < 20 && fgets(line, sizeof line, file)) {
        long long t;
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "zone ", 5) == 0) {
            free(zone);
            zone = load_zone(line + 5);
            if (!zone) break;
            zones++;
            known = false;
            continue;
        }
        t = strtoll(line, NULL, 10);
        if (known) wrong += wrong_at(zone, t - 1, offset, dst, was);
        known = sscanf(line, "%lld %d %d %19s", &t, &offset, &dst, name) == 4;
        strcpy(was, name);
        if (known) wrong += wrong_at(zone, t, offset, dst, name);
        lines++;
    }
    free(zone);
    fclose(file);
    if (!usable) SKIP("another tzdata than that of zones.txt is installed");
    CHECK_INT(wrong, 0);
    CHECK_INT(zones, 43);
    CHECK(lines > 5000);
}

/* Every instant's local time resolves to that instant again, unless it is ambiguous and is the other one. */
static int wrong_round_trips(const fr_zone *zone)
{
    int wrong = 0;
    for (int64_t t = -2300000000; t < 4200000000; t += 1234567) {
        int64_t from, until, earlier, later;
        int32_t offset = fr_zone_offset_range(zone, t, &from, &until);
        int64_t points[] = { t, from > INT64_MIN ? from : t, until < INT64_MAX ? until - 1 : t };
        for (int i = 0; i < 3; i++) {
            fr_local what = fr_zone_resolve(zone, points[i] + offset, &earlier, &later);
            wrong += what == FR_LOCAL_NONEXISTENT || (points[i] != earlier && points[i] != later);
            wrong += (what == FR_LOCAL_OK) != (earlier == later);
        }
        if (until < INT64_MAX) {
            int32_t next = fr_zone_utc_to_offset(zone, until);
            if (next > offset) wrong += fr_zone_resolve(zone, until + offset, &earlier, &later) == FR_LOCAL_OK &&
                next - offset > 86400;
        }
    }
    return wrong;
}

static int read_folder(const char *folder, int *read)
{
    int wrong = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
        char path[600];
        struct stat status;
        size_t n;
        if (entry->d_name[0] == '.' || snprintf(path, sizeof path, "%s/%s", folder,
            entry->d_name) >= (int)sizeof path) continue;
        if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
            if (strcmp(entry->d_name, "right") != 0) wrong += read_folder(path, read);
            continue;
        }
        uint8_t *bytes = file_bytes(path, &n);
        if (!bytes || n < 4 || memcmp(bytes, "TZif", 4) != 0) {
            free(bytes);
            continue;
        }
        fr_zone *zone = load_zone(path + sizeof ZONES);
        wrong += !zone || (*read % 40 == 0 && wrong_round_trips(zone));
        if (!zone) fprintf(stderr, "%s is not read\n", path);
        /* damaged in any byte, or cut: never a crash */
        void *memory = malloc(fr_zone_size(bytes, n) + 1);
        if (*read % 100 == 0)
            for (size_t i = 0; i < n; i += 7) {
                bytes[i] ^= 0x15;
                size_t need = fr_zone_size(bytes, n), cut = fr_zone_size(bytes, i);
                void *room = malloc(need + cut + 1);
                if (need) (void)fr_zone_parse(bytes, n, room);
                if (cut) (void)fr_zone_parse(bytes, i, room);
                free(room);
                bytes[i] ^= 0x15;
            }
        free(memory);
        free(zone);
        free(bytes);
        ++*read;
    }
    if (dir) closedir(dir);
    return wrong;
}

TEST(all_installed_zones_are_read)
{
    struct stat status;
    if (stat(ZONES "/Europe/Berlin", &status) != 0) SKIP("no tzdata");
    int read = 0;
    CHECK_INT(read_folder(ZONES, &read), 0);
    CHECK(read > 300);
}

/* ---- local times ------------------------------------------------------------------------------------------------- */
static int64_t at(int year, int month, int day, int hour, int minute)
{
    return fr_civil_days(year, month, day) * 86400 + hour * 3600 + minute * 60;
}

TEST(clocks_go_forward_and_back)
{
    fr_zone zone;
    int64_t earlier, later, utc = 0;
    REQUIRE(fr_zone_posix("CET-1CEST,M3.5.0,M10.5.0/3", 26, &zone));
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2020, 1, 1, 0, 0)), 3600);
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2020, 3, 29, 0, 59)), 3600);
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2020, 3, 29, 1, 0)), 7200);
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2020, 10, 25, 0, 59)), 7200);
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2020, 10, 25, 1, 0)), 3600);

    CHECK_INT(fr_zone_resolve(&zone, at(2020, 10, 25, 2, 30), &earlier, &later), FR_LOCAL_AMBIGUOUS);
    CHECK_INT(earlier, at(2020, 10, 25, 0, 30));
    CHECK_INT(later, at(2020, 10, 25, 1, 30));
    CHECK_INT(fr_zone_resolve(&zone, at(2020, 3, 29, 2, 30), &earlier, &later), FR_LOCAL_NONEXISTENT);
    CHECK_INT(earlier, at(2020, 3, 29, 1, 0));
    CHECK_INT(fr_zone_resolve(&zone, at(2020, 3, 29, 3, 0), &earlier, &later), FR_LOCAL_OK);
    CHECK_INT(earlier, at(2020, 3, 29, 1, 0));

    static const struct { fr_zone_policy policy; int twice, never; } cases[] = {
        { FR_ZONE_ERROR, -1, -1 },       { FR_ZONE_EARLIEST, 30, -1 },      { FR_ZONE_LATEST, 90, -1 },
        { FR_ZONE_SHIFT_FORWARD, -1, 60 }, { FR_ZONE_EARLIEST_SHIFT, 30, 60 }, { FR_ZONE_LATEST_SHIFT, 90, 60 },
    };
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++) {
        fr_local what = fr_zone_local_to_utc(&zone, at(2020, 10, 25, 2, 30), cases[i].policy, &utc);
        CHECK_INT(what, cases[i].twice < 0 ? FR_LOCAL_AMBIGUOUS : FR_LOCAL_OK);
        if (cases[i].twice >= 0) CHECK_INT(utc, at(2020, 10, 25, 0, cases[i].twice));
        what = fr_zone_local_to_utc(&zone, at(2020, 3, 29, 2, 30), cases[i].policy, &utc);
        CHECK_INT(what, cases[i].never < 0 ? FR_LOCAL_NONEXISTENT : FR_LOCAL_OK);
        if (cases[i].never >= 0) CHECK_INT(utc, at(2020, 3, 29, 0, cases[i].never));
    }
    CHECK_INT(wrong_round_trips(&zone), 0);
    for (int i = 0; i < 3; i++) {                                         /* the ends of int64 do not overflow */
        static const int64_t ends[] = { INT64_MIN, INT64_MAX, INT64_MAX - 1 };
        (void)fr_zone_resolve(&zone, ends[i], &earlier, &later);
        (void)fr_zone_utc_to_offset(&zone, ends[i]);
    }
}

TEST(rules_of_the_south_and_odd_ones)
{
    fr_zone zone;
    REQUIRE(fr_zone_posix("AEST-10AEDT,M10.1.0,M4.1.0/3", 28, &zone));
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2021, 1, 15, 0, 0)), 39600);
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2020, 12, 31, 23, 0)), 39600);
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2021, 7, 15, 0, 0)), 36000);
    CHECK_INT(wrong_round_trips(&zone), 0);
    REQUIRE(fr_zone_posix("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 31, &zone));          /* Nuuk: at 23:00 the day before */
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2024, 3, 31, 0, 59)), -7200);
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2024, 3, 31, 1, 0)), -3600);
    REQUIRE(fr_zone_posix("IST-1GMT0,M10.5.0,M3.5.0/1", 26, &zone));              /* Dublin: winter is the "summer" */
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2024, 1, 15, 0, 0)), 0);
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2024, 7, 15, 0, 0)), 3600);
    REQUIRE(fr_zone_posix("XXX0YYY,J60,J300", 16, &zone));                        /* J60 is 1 March in every year */
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2024, 3, 1, 1, 59)), 0);
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2024, 3, 1, 2, 0)), 3600);
    CHECK_INT(fr_zone_utc_to_offset(&zone, at(2023, 3, 1, 2, 0)), 3600);
    static const char *const wrong[] = { "", "CET", "C-1", "CET-1CEST", "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.1.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
                                         "CET-1CEST,M3.5.7,M10.5.0", "CET-1x", "CET-26", "CET-1CEST,J0,J3",
                                             "CET-1CEST,366,3", "<CET-1" };
    for (size_t i = 0; i < FR_COUNT_OF(wrong); i++) CHECK(!fr_zone_posix(wrong[i], strlen(wrong[i]), &zone));
}

TEST(fixed_offsets)
{
    static const struct { const char *text; int32_t offset; const char *name; } cases[] = {
        { "UTC", 0, "UTC" }, { "Z", 0, "UTC" }, { "GMT", 0, "UTC" }, { "+02:00", 7200, "+02:00" }, { "-0330", -12600,
            "-03:30" },
        { "+05", 18000, "+05:00" }, { "UTC+1", 3600, "+01:00" }, { "UTC-10:30", -37800, "-10:30" },
            { "+00:00", 0, "UTC" },
    };
    fr_zone zone;
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++) {
        REQUIRE(fr_zone_fixed(cases[i].text, strlen(cases[i].text), &zone));
        CHECK_INT(fr_zone_utc_to_offset(&zone, 1700000000), cases[i].offset);
        CHECK_STR(fr_zone_type_at(&zone, 0).name, cases[i].name);
    }
    static const char *const wrong[] = { "", "Europe/Berlin", "+", "+2", "02:00", "+24:00", "+02:60", "+02:0",
        "UTCx", "UT", "+1a:00" };
    for (size_t i = 0; i < FR_COUNT_OF(wrong); i++) CHECK(!fr_zone_fixed(wrong[i], strlen(wrong[i]), &zone));
}
