/* csv_serial.h — texts that are one prefix and a number of one width, found by their number (csv_serial.isa.c).
 *
 * What has no name of its own is numbered. Then the number says where the code stands, and neither a hash nor a comparison
 * with other texts is needed:
 *
 *     id007, id042, id007, …      length 5, prefix "id"      codes[7] = 1, codes[42] = 2
 *
 * Two texts of that form with one number are the same text. Which form it is, and how large numbers may be, a dictionary says
 * that has some texts already (csv_dictionary.c); it keeps all others in its buckets.
 */
#ifndef FR_IO_CSV_SERIAL_H
#define FR_IO_CSV_SERIAL_H

#include "io/csv/csv_lookup.h"
#include "io/csv/csv_unquote.h"

typedef struct fr_csv_serial {
    uint32_t  *codes;                  /* owned by csv_dictionary.c: of each number below `size`, then a zero; 0: none yet   */
    uint32_t   size;                   /* 0: the texts have no such form                                                     */
    uint8_t    length, n_prefix;       /* bytes of a text, of its prefix; the others are digits                              */
    fr_csv_key prefix, mask;           /* `mask` has ones where the prefix is                                                */
    uint8_t    order[16];              /* which byte of a text comes where: the last eight digits, then those before them,
                                          each at the upper end of its half; 128: none                                       */
} fr_csv_serial;

typedef struct fr_csv_serial_kernels {
    /* Codes of n (at most 64) fields; 0 for those whose bit of `nulls` is set and for those not found. → bits of the latter.
     * Reads sixteen bytes of each text. */
    uint64_t (*find)(const fr_csv_serial *s, const fr_csv_field *fields, size_t n, uint32_t *codes, uint64_t nulls);
    /* The same for places from `from` on. NULL where cutting the fields out takes no longer. */
    uint64_t (*find_placed)(const fr_csv_serial *s, const fr_csv_places *places, size_t from, size_t n, uint32_t *codes,
                            uint64_t nulls);
} fr_csv_serial_kernels;

FR_ISA_DECLARE(fr_csv_serial_kernels, fr_csv_serial_kernels);

/* The number of a text, by its key; s->size when it has not the form or the number is too large. */
static inline uint32_t fr_csv_serial_number(const fr_csv_serial *s, fr_csv_key key, uint32_t length)
{
    const char *bytes = (const char *)&key;
    if (length != s->length || ((key.low ^ s->prefix.low) & s->mask.low) || ((key.high ^ s->prefix.high) & s->mask.high))
        return s->size;
    uint64_t number = 0;
    for (uint32_t i = s->n_prefix; i < length; i++) {
        uint32_t digit = (uint32_t)(unsigned char)bytes[i] - '0';
        if (digit > 9) return s->size;
        number = number * 10 + digit;
    }
    return number < s->size ? (uint32_t)number : s->size;
}

#endif
