/* Any text as an expression over a small frame of many types. A condition must split the rows: those where it is true,
 * where `not` of it is true, and where it is null add up to all of them. */
#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "support/torture.h"

enum { N = 5, LONGEST = 4096 };

static fr_frame *some_rows(fr_context *context)
{
    static const int64_t i[N] = { 0, -1, 7, INT64_MAX, INT64_MIN };
    static const double f[N] = { 0.5, -0.0, 1e308, 3, 0 };
    static const bool b[N] = { true, false, true, false, true };
    static const char *const s[N] = { "", "a", "Łódź", NULL, "2024-02-29" };
    static const int32_t d[N] = { 0, 19782, -1, 1, 2932896 };
    static const int64_t t[N] = { 0, 1, -1, 1709164800000000, 5 };
    static const uint8_t valid[N] = { 1, 1, 0, 1, 1 };
    const fr_array_spec arrays[] = {
        { .name = "i", .kind = FR_I64, .values = i, .valid = valid }, { .name = "f", .kind = FR_F64, .values = f },
        { .name = "b", .kind = FR_BOOL, .values = b, .valid = valid }, { .name = "s", .kind = FR_STR, .values = s },
        { .name = "d", .kind = FR_DATE, .values = d, .valid = valid },
            { .name = "t", .kind = FR_DATETIME, .values = t },
    };
    return fr_frame_from_arrays(N, arrays, sizeof arrays / sizeof *arrays, context);
}

/* Rows that pass `before` text `after`; -1 for an error. */
static int64_t rows_where(const fr_frame *rows, const char *before, const char *text, const char *after)
{
    char condition[LONGEST + 64];
    snprintf(condition, sizeof condition, "%s%s%s", before, text, after);
    fr_auto(frame) kept = fr_pipe(rows, fr_filter(condition));
    if (fr_error_code(kept) == FR_ERR_INTERNAL) __builtin_trap();
    return fr_ok(kept) ? fr_length(kept) : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char text[LONGEST + 1];
    if (n > LONGEST) return 0;
    if (n) memcpy(text, bytes, n);
    text[n] = 0;
    fr_auto(context) context = fr_context_new(.threads = 1, .seed = 1, .limits = { .memory_bytes = 256 << 20 });
    fr_auto(frame) rows = some_rows(context);

    fr_auto(frame) computed = fr_pipe(rows, fr_with(text));
    if (fr_error_code(computed) == FR_ERR_INTERNAL) __builtin_trap();
    fr_auto(frame) grouped = fr_pipe(rows, fr_group("b", .agg = text));
    if (fr_error_code(grouped) == FR_ERR_INTERNAL) __builtin_trap();

    int64_t yes = rows_where(rows, "", text, "");
    int64_t no = rows_where(rows, "not (", text, ")"), unknown = rows_where(rows, "(", text, ") is null");
    if (yes >= 0 && no >= 0 && unknown >= 0 && yes + no + unknown != N) __builtin_trap();
    return 0;
}
