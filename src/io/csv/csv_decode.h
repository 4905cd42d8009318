/* csv_decode.h — UTF-16, Latin-1 and Windows-1252 become UTF-8 (csv_decode.c). */
#ifndef FR_IO_CSV_DECODE_H
#define FR_IO_CSV_DECODE_H

#include "base/compiler.h"

typedef enum fr_csv_code {
    FR_CSV_CODE_UTF8, FR_CSV_CODE_LATIN1, FR_CSV_CODE_WINDOWS1252, FR_CSV_CODE_UTF16LE, FR_CSV_CODE_UTF16BE,
} fr_csv_code;

/* Room that n bytes of input can need: € is one byte of Windows-1252 and three of UTF-8. */
#define FR_CSV_DECODED_ROOM(n) (3 * (n) + 4)

/* Decode as much of `in` as whole characters allow. → bytes written; *used: bytes taken. At the end of the text (`last`)
 * an incomplete character is an error, as is a lone surrogate: then *wrong is true and *used is where. */
size_t fr_csv_decode(fr_csv_code code, const unsigned char *in, size_t n, bool last, char *out, size_t *used, bool *wrong);

#endif
