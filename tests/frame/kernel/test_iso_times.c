/* Dates and times of the usual form at every level of instructions, against the general reading of ISO. */
#include "kernel/iso_times.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/date_text.h"
#include "support/test.h"

static uint64_t random_state = 29;

static unsigned next_random(unsigned n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % n;
}

typedef struct texts {
    char  *text[FR_ISO_TEXTS];         /* each in a block of its own size, so that no byte beyond is read            */
    size_t length[FR_ISO_TEXTS];
} texts;

/* Most often a time; now and then one that does not exist, with a changed character, or cut. */
static size_t make_text(char out[64])
{
    static const char odd[] = "0129 -:.,TtZ+x/\0\x80\xff";
    size_t n = (size_t)sprintf(out, "%04u-%02u-%02u", next_random(10000), next_random(13), next_random(32));
    if (next_random(4)) {
        n += (size_t)sprintf(out + n, "%c%02u:%02u:%02u", next_random(2) ? ' ' : 'T', next_random(25), next_random(61),
                             next_random(61));
        if (next_random(3) == 0)
            n += (size_t)sprintf(out + n, "%c%0*u", ".,"[next_random(2)], (int)next_random(9), next_random(1000));
    }
    if (next_random(6) == 0) out[next_random((unsigned)n)] = odd[next_random(sizeof odd - 1)];
    return next_random(10) ? n : next_random((unsigned)n + 1);
}

static void put(texts *t, size_t i, const char *text, size_t n)
{
    t->length[i] = n;
    t->text[i] = malloc(n ? n : 1);
    if (t->text[i]) memcpy(t->text[i], text, n);
}

static void drop(texts *t, size_t n)
{
    for (size_t i = 0; i < n; i++) free(t->text[i]);
}

/* The form, character by character: dddd-dd-dd[( |T)dd:dd:dd[(.|,)d…]], at most six decimals. */
static bool has_form(const char *text, size_t n)
{
    static const char form[] = "dddd-dd-dd dd:dd:dd.dddddd";
    if (n != 10 && n != 19 && (n < 21 || n > 26)) return false;
    for (size_t i = 0; i < n; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        bool mark = text[i] == form[i] || (i == 10 && text[i] == 'T') || (i == 19 && text[i] == ',');
        if (form[i] == 'd' ? !digit : !mark) return false;
    }
    return true;
}

static bool twin(const char *text, size_t n, int64_t *days, int64_t *us)
{
    fr_moment m;
    if (!has_form(text, n) || !fr_parse_iso(text, n, &m, NULL)) return false;
    *days = fr_moment_days(&m);
    *us = ((m.hour * 60 + m.minute) * 60 + m.second) * INT64_C(1000000) + m.nanosecond / 1000;
    return true;
}

static void check_texts(const texts *t, size_t n)
{
    fr_iso_words words;
    for (size_t i = 0; i < n; i++) fr_iso_take(&words, i, t->text[i], t->length[i]);
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        fr_iso_times times;
        uint64_t good = FR_ISA_AT(fr_iso_kernels, isa)->read(&words, n, &times);
        CHECK(n == 64 || good >> n == 0);
        for (size_t i = 0; i < n; i++) {
            int64_t days, us;
            bool expected = twin(t->text[i], t->length[i], &days, &us);
            if ((good >> i & 1) != expected)
                fprintf(stderr, "%s: '%.*s'\n", fr_isa_name(isa), (int)t->length[i], t->text[i]);
            CHECK_INT(good >> i & 1, expected);
            if (!expected) continue;
            CHECK_INT(times.days[i], days);
            CHECK_INT(fr_iso_us_of_day(&times, i), us);
        }
    }
}

TEST(times_of_the_usual_form_are_read_as_any)
{
    static const size_t lengths[] = { 0, 1, 3, 7, 8, 9, 63, 64 };
    char text[64];
    for (size_t round = 0; round < 3000; round++) {
        texts t;
        const size_t n = lengths[round % FR_COUNT_OF(lengths)];
        for (size_t i = 0; i < n; i++) put(&t, i, text, make_text(text));
        check_texts(&t, n);
        drop(&t, n);
    }
}

/* Every day of 0 … 9999, the 29th of a February without one among them, and months 0 and 13. */
TEST(every_day_is_read)
{
    for (int year = 0; year < 10000; year++)
        for (int month = 0; month < 14; month++) {
            char text[16];
            fr_iso_words words;
            fr_iso_times times;
            for (int day = 0; day < 33; day++) {
                snprintf(text, sizeof text, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
                         (unsigned)day % 100);
                fr_iso_take(&words, (size_t)day, text, 10);
            }
            const uint64_t good = FR_ISA_PICK(fr_iso_kernels)->read(&words, 33, &times);
            for (int day = 0; day < 33; day++) {
                bool valid = fr_civil_valid(year, month, day);
                CHECK_INT(good >> day & 1, valid);
                if (valid) CHECK_INT(times.days[day], fr_civil_days(year, month, day));
            }
        }
}
