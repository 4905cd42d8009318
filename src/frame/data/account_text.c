/* account_text.c — the account as a sum in words, and what joined tables lost.
 *
 *     read_csv 50,000 in, distinct 127 duplicates, cast 16 rejected
 *       →  50,000 in = 49,857 kept + 127 duplicates + 16 rejected ✓
 */
#include <frame/table.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"

typedef struct sink { char *text; size_t room, length; } sink;

static void put(sink *out, const char *format, ...) FR_PRINTF(2, 3);
static void put(sink *out, const char *format, ...)
{
    char piece[128];
    va_list arguments;
    va_start(arguments, format);
    const int n = vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    for (int i = 0; i < n; i++, out->length++)
        if (out->length + 1 < out->room) out->text[out->length] = piece[i];
}

/* 50,000 */
static void put_number(sink *out, int64_t number)
{
    char digits[24];
    const int n = snprintf(digits, sizeof digits, "%lld", (long long)number);
    for (int i = 0; i < n; i++) put(out, i > (digits[0] == '-') && (n - i) % 3 == 0 ? ",%c" : "%c", digits[i]);
}

/* ---- sums over the steps ----------------------------------------------------------------------------------------- */
typedef struct sum { int64_t n_steps, in, kept, duplicates, rejected, filtered; } sum;

static int64_t count_at(const fr_frame *account, int64_t row, const char *column)
{
    return fr_get(account, row, column).as.i;
}

static bool reads(const fr_frame *account, int64_t row)
{
    const fr_value step = fr_get(account, row, "step");
    return step.valid && step.length >= 5 && !memcmp(step.as.s, "read_", 5);
}

/* Of the steps of this table, or of those of tables joined to it. Rows that came in are those of all reads, which a concat
 * puts below each other; without one, those of the first step. */
static sum add_up(const fr_frame *account, bool joined)
{
    sum s = { 0 };
    bool has_read = false;
    for (int64_t row = 0; row < fr_length(account); row++) {
        if (count_at(account, row, "joined") != joined) continue;
        if (reads(account, row)) s.in += count_at(account, row, "rows_in"), has_read = true;
        s.duplicates += count_at(account, row, "duplicates");
        s.rejected += count_at(account, row, "rejected");
        s.filtered += count_at(account, row, "filtered");
        s.kept = count_at(account, row, "rows_kept");
        s.n_steps++;
    }
    for (int64_t row = 0; !has_read && s.n_steps && row < fr_length(account); row++)
        if (count_at(account, row, "joined") == joined) return s.in = count_at(account, row, "rows_in"), s;
    return s;
}

/* ---- words ------------------------------------------------------------------------------------------------------- */
static void put_part(sink *out, const char *before, int64_t n, const char *what)
{
    if (!n) return;
    put(out, "%s", before);
    put_number(out, n);
    put(out, " %s", what);
}

static void put_aside(sink *out, const char *before, const sum *s)
{
    put_part(out, before, s->duplicates, s->duplicates == 1 ? "duplicate" : "duplicates");
    put_part(out, before, s->rejected, "rejected");
    put_part(out, before, s->filtered, "filtered");
}

size_t fr_account_text(const fr_frame *account, char *text, size_t n)
{
    sink out = { text, n, 0 };
    const sum own = add_up(account, false), joined = add_up(account, true);
    if (own.n_steps) {
        put_number(&out, own.in);
        put(&out, " in = ");
        put_number(&out, own.kept);
        put(&out, " kept");
        put_aside(&out, " + ", &own);
        const bool fits = own.in == own.kept + own.duplicates + own.rejected + own.filtered;
        put(&out, "%s", fits ? " \xe2\x9c\x93" : " (steps that make new rows are not part of this sum)");
    }
    if (joined.duplicates || joined.rejected || joined.filtered) {
        put(&out, "%sjoined tables: ", out.length ? "\n" : "");
        put_number(&out, joined.in);
        put(&out, " in");
        put_aside(&out, ", ", &joined);
    }
    if (n) text[out.length < n ? out.length : n - 1] = 0;
    return out.length;
}
