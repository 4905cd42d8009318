/* csv_lenient.c — libcsv in front of the reader.
 *
 * libcsv takes the text apart and this file puts the fields together again, quoted by the rules; so everything behind it
 * (types, rejects, threads) works on it as on any other file.
 *
 *     a,5" pipe,"x"y     →     a,"5"" pipe","x""y"
 */
#include "io/csv/csv_lenient.h"

#include <string.h>

#include "base/memory.h"
#include "base/module.h"
#include "io/csv/csv_module.h"

#define PIECE_BYTES 65536

struct fr_csv_lenient {
    fr_context          *context;      /* borrowed                                                                     */
    fr_call             *call;         /* during a read                                                                */
    const fr_libcsv_api *api;
    void                *parser;       /* owned                                                                        */
    fr_csv_pull         *pull;
    void                *state;
    char                 sep, quote;
    bool                 open, in_record, ended;
    fr_text              out;          /* regular text, handed out up to `taken`                                       */
    size_t               taken;
    char                 piece[PIECE_BYTES];
};

static bool needs_quotes(const fr_csv_lenient *l, const char *text, size_t n)
{
    if (n == 0) return true;
    for (size_t i = 0; i < n; i++)
        if (text[i] == l->sep || text[i] == l->quote || text[i] == '\n' || text[i] == '\r') return true;
    return false;
}

static bool add_quoted(fr_csv_lenient *l, const char *text, size_t n)
{
    if (!fr_text_append(l->call, &l->out, &l->quote, 1)) return false;
    for (const char *end = text + n; text < end;) {
        const char *quote = memchr(text, l->quote, (size_t)(end - text)), *stop = quote ? quote + 1 : end;
        if (!fr_text_append(l->call, &l->out, text, (size_t)(stop - text))) return false;
        if (quote && !fr_text_append(l->call, &l->out, &l->quote, 1)) return false;
        text = stop;
    }
    return fr_text_append(l->call, &l->out, &l->quote, 1);
}

static bool on_field(void *user, const char *text, size_t n)
{
    fr_csv_lenient *l = user;
    if (l->in_record && !fr_text_append(l->call, &l->out, &l->sep, 1)) return false;
    l->in_record = true;
    if (!text) return true;
    return l->quote && needs_quotes(l, text, n) ? add_quoted(l, text, n) : fr_text_append(l->call, &l->out, text, n);
}

static bool on_record(void *user)
{
    fr_csv_lenient *l = user;
    l->in_record = false;
    return fr_text_append(l->call, &l->out, "\n", 1);
}

fr_csv_lenient *fr_csv_lenient_new(fr_call *call, char sep, char quote, fr_csv_pull *pull, void *state)
{
    const fr_libcsv_api *api = fr_module_get(call, "csv");
    fr_csv_lenient *l = api ? fr_new(call, sizeof *l) : NULL;
    if (!l) return NULL;
    l->context = call->context;
    l->api = api;
    l->pull = pull;
    l->state = state;
    l->sep = sep;
    l->quote = quote;
    l->out = (fr_text)FR_TEXT_INIT(call);
    l->parser = fr_new(call, api->parser_bytes);
    l->open = l->parser && api->open(l->parser, sep, quote, on_field, on_record, l);
    if (l->open) return l;
    if (l->parser) fr_fail_memory(call, PIECE_BYTES);
    fr_csv_lenient_close(l);
    return NULL;
}

void fr_csv_lenient_close(fr_csv_lenient *l)
{
    if (!l) return;
    if (l->open) l->api->close(l->parser);
    if (l->parser) fr_free(l->context, l->parser, l->api->parser_bytes);
    fr_text_clear(&l->out);
    fr_free(l->context, l, sizeof *l);
}

static bool parse_more(fr_call *call, fr_csv_lenient *l)
{
    int64_t n = l->pull(call, l->state, l->piece, PIECE_BYTES);
    if (n < 0) return false;
    l->out.length = l->taken = 0;
    l->ended = n == 0;
    bool fine = l->ended ? l->api->finish(l->parser) : l->api->feed(l->parser, l->piece, (size_t)n);
    return fine || fr_failed(call) || fr_fail_memory(call, PIECE_BYTES);
}

int64_t fr_csv_lenient_read(fr_call *call, fr_csv_lenient *l, char *to, size_t n)
{
    size_t done = 0;
    l->call = call;
    while (done < n) {
        size_t left = l->out.length - l->taken, part = left < n - done ? left : n - done;
        if (part) memcpy(to + done, l->out.bytes + l->taken, part);
        l->taken += part;
        done += part;
        if (done == n || (l->ended && l->taken == l->out.length)) break;
        if (!parse_more(call, l) || fr_failed(call)) return -1;
    }
    return (int64_t)done;
}
