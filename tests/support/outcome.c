/* outcome.c — what a frame is, as one number: equal frames have equal digests, whatever their chunks and storage. */
#include <string.h>

#include "support/torture.h"

uint64_t fr_digest(uint64_t digest, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++) digest = (digest ^ p[i]) * 0x100000001b3u + 0x9e3779b97f4a7c15u;    /* FNV-like */
    return digest;
}

static uint64_t digest_text(uint64_t digest, const char *text)
{
    return text ? fr_digest(digest, text, strlen(text) + 1) : digest * 31 + 7;
}

/* Text cells hash their bytes, all others the eight bytes of their value; nulls differ from every value. */
static uint64_t digest_cell(uint64_t digest, fr_value cell)
{
    digest = fr_digest(digest, &cell.valid, sizeof cell.valid);
    if (!cell.valid) return digest;
    if (cell.kind == FR_STR || cell.kind == FR_CAT || cell.kind == FR_BINARY)
        return fr_digest(digest, cell.as.s, cell.length);
    if (cell.kind == FR_LIST || cell.kind == FR_STRUCT) return digest;          /* an address is not a value */
    if (cell.kind == FR_DECIMAL) return fr_digest(digest, &cell.as.decimal, sizeof cell.as.decimal);
    return fr_digest(digest, &cell.as.i, sizeof cell.as.i);
}

fr_outcome fr_outcome_of(const fr_frame *frame)
{
    fr_outcome outcome = { .code = fr_error_code(frame) };
    if (!fr_ok(frame)) {
        fr_error_text(frame, outcome.message, sizeof outcome.message);
        return outcome;
    }
    for (size_t column = 0; column < fr_width(frame); column++) {
        outcome.digest = digest_text(outcome.digest, fr_name(frame, column));
        char type[256];
        fr_type_text(fr_type_at(frame, column), type, sizeof type);
        outcome.digest = digest_text(outcome.digest, type);
        for (int64_t row = 0; row < fr_length(frame); row++)
            outcome.digest = digest_cell(outcome.digest, fr_get_at(frame, row, column));
    }
    return outcome;
}
