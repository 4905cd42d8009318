/* Any bytes as CSV, read twice: whole by one thread, and in chunks of a few bytes by two. Both must give the same
 * frame, account and rejects, the same lines for what a later step rejects, or the same error. The first two bytes
 * choose the options; one choice in four takes the bytes as a single field that is to be a list of structs. */
#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "support/torture.h"

/* What a cast of the first column rejects, with the lines of the file. */
static uint64_t lines_of(const fr_frame *frame)
{
    char types[300];
    const char *name = fr_name(frame, 0);
    if (!name || strlen(name) > 200 || strchr(name, '`')) return 0;
    snprintf(types, sizeof types, "`%s`: i8", name);
    fr_auto(frame) cast = fr_pipe(frame, fr_cast(types, .errors = FR_ERRORS_REJECT));
    fr_auto(frame) rejects = fr_ok(cast) ? fr_rejects(cast) : NULL;
    return rejects ? fr_outcome_of(rejects).digest : 0;
}

static fr_outcome read_with(const uint8_t *bytes, size_t n, uint8_t choice, uint32_t threads, uint64_t chunk_bytes)
{
    static const char *const separators[] = { NULL, ",", ";", "\t" };
    fr_auto(context) context = fr_context_new(.threads = threads, .chunk_bytes = chunk_bytes, .seed = 1 + chunk_bytes,
                                              .limits = { .memory_bytes = 256 << 20, .field_bytes = 1 << 20 });
    fr_csv_args args;
    fr_csv_args_init(&args);
    args.context = context;
    args.on_bad = (fr_on_bad)(choice % 3);
    args.sep = separators[choice / 3 % 4];
    args.header = choice / 12 % 3 == 1;
    args.no_header = choice / 12 % 3 == 2;
    args.pad_short_rows = choice / 36 % 2;
    args.parse_dates = choice / 72 % 2 ? "*" : NULL;
    args.thousands = choice / 144 % 2 && choice / 3 % 4 != 1 ? "," : NULL;

    fr_auto(frame) frame = fr_csv_read_bytes(bytes, n, &args);
    fr_outcome outcome = fr_outcome_of(frame);
    if (outcome.code != FR_ERR_OK) return outcome;
    fr_auto(frame) account = fr_account(frame);
    fr_auto(frame) rejects = fr_rejects(frame);
    uint64_t parts[] = { outcome.digest, fr_outcome_of(account).digest, rejects ? fr_outcome_of(rejects).digest : 0,
                         lines_of(frame) };
    outcome.digest = fr_digest(0, parts, sizeof parts);
    return outcome;
}

/* A column of one field, quoted, with a type that is declared. */
static fr_outcome read_json(const uint8_t *bytes, size_t n, uint64_t chunk_bytes)
{
    fr_auto(context) context = fr_context_new(.threads = 2, .chunk_bytes = chunk_bytes);
    char *text = malloc(2 * n + 8);
    size_t length = (size_t)snprintf(text, 8, "x\n\"");
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '"') text[length++] = '"';
        text[length++] = (char)bytes[i];
    }
    text[length++] = '"';
    fr_auto(frame) frame = fr_read_csv_bytes(text, length, .context = context, .header = true,
                                             .dtypes = "x: list[struct[a: i64, b: str, c: list[f64], d: datetime[us]]]");
    free(text);
    return fr_outcome_of(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n < 2) return 0;
    if (bytes[1] / 64 == 3) {
        fr_outcome one = read_json(bytes + 2, n - 2, 0), other = read_json(bytes + 2, n - 2, 7);
        if (one.code != other.code || one.digest != other.digest || one.code == FR_ERR_INTERNAL) __builtin_trap();
        return 0;
    }
    fr_outcome whole = read_with(bytes + 2, n - 2, bytes[0], 1, 0);
    fr_outcome pieces = read_with(bytes + 2, n - 2, bytes[0], 2, 1 + bytes[1] % 64);
    if (whole.code != pieces.code || whole.digest != pieces.digest) __builtin_trap();
    if (strcmp(whole.message, pieces.message) != 0) __builtin_trap();
    if (whole.code == FR_ERR_INTERNAL) __builtin_trap();
    return 0;
}
