/* csv_module.h — what the module `csv` (libcsv) offers: one parser of anything that resembles CSV. */
#ifndef FR_IO_CSV_MODULE_H
#define FR_IO_CSV_MODULE_H

#include "base/compiler.h"

/* A field (text NULL: empty and not quoted) and the end of a record; false stops the parser. */
typedef bool fr_libcsv_field(void *user, const char *text, size_t n);
typedef bool fr_libcsv_record(void *user);

typedef struct fr_libcsv_api {
    uint32_t size_;
    uint32_t parser_bytes;             /* of the memory a parser needs, which its user provides                          */
    /* quote 0: none. */
    bool  (*open)(void *parser, char sep, char quote, fr_libcsv_field *field, fr_libcsv_record *record, void *user);
    bool  (*feed)(void *parser, const char *text, size_t n);       /* false: no memory, or a callback said so */
    bool  (*finish)(void *parser);
    void  (*close)(void *parser);
} fr_libcsv_api;

#endif
