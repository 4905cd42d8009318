/* mod_libcsv.c — the module `csv`: libcsv behind the struct of csv_module.h.
 *
 * libcsv reads everything: quotes inside unquoted fields are plain, text after a closing quote is kept, a file may end inside
 * quotes, CR and LF both end a record, empty lines are left out. Blanks around fields, which it would drop, are kept.
 */
#include <csv.h>

#include "base/module.h"
#include "io/csv/csv_module.h"

typedef struct parser {
    struct csv_parser csv;
    fr_libcsv_field  *field;
    fr_libcsv_record *record;
    void             *user;
    bool              stopped;
} parser;

static void on_field(void *text, size_t n, void *state)
{
    parser *p = state;
    if (!p->stopped && !p->field(p->user, text, n)) p->stopped = true;
}

static void on_record(int end, void *state)
{
    (void)end;
    parser *p = state;
    if (!p->stopped && !p->record(p->user)) p->stopped = true;
}

static int no_blank(unsigned char c)
{
    (void)c;
    return 0;
}

static bool open_parser(void *memory, char sep, char quote, fr_libcsv_field *field, fr_libcsv_record *record, void *user)
{
    parser *p = memory;
    *p = (parser){ .field = field, .record = record, .user = user };
    if (csv_init(&p->csv, CSV_EMPTY_IS_NULL) != 0) return false;
    csv_set_delim(&p->csv, (unsigned char)sep);
    csv_set_quote(&p->csv, (unsigned char)quote);
    csv_set_space_func(&p->csv, no_blank);
    return true;
}

static bool feed(void *state, const char *text, size_t n)
{
    parser *p = state;
    return csv_parse(&p->csv, text, n, on_field, on_record, p) == n && !p->stopped;
}

static bool finish(void *state)
{
    parser *p = state;
    return csv_fini(&p->csv, on_field, on_record, p) == 0 && !p->stopped;
}

static void close_parser(void *state)
{
    parser *p = state;
    csv_free(&p->csv);
}

static const fr_libcsv_api api = { .size_ = sizeof api, .parser_bytes = sizeof(parser), .open = open_parser, .feed = feed,
                                   .finish = finish, .close = close_parser };

extern const fr_module_class fr_module;
__attribute__((visibility("default"))) const fr_module_class fr_module = {
    .size_ = sizeof(fr_module_class), .abi = FR_MODULE_ABI, .name = "csv", .package = "libcsv3", .api = &api,
};
