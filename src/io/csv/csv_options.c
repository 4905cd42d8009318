/* csv_options.c — reads the argument struct: every option is checked here, so that none is accepted and ignored. */
#include "io/csv/csv_options.h"

#include <string.h>

#include "base/letters.h"

void fr_csv_args_init(fr_csv_args *args)
{
    if (args) *args = (fr_csv_args){ .size_ = sizeof *args, .max_rows = -1 };
}

/* The caller may have been compiled with an older, shorter struct. */
static fr_csv_args complete(const fr_csv_args *args)
{
    fr_csv_args all;
    fr_csv_args_init(&all);
    if (args) memcpy(&all, args, args->size_ < sizeof all ? args->size_ : sizeof all);
    all.size_ = sizeof all;
    return all;
}

static bool read_char(fr_call *call, const char *option, const char *text, char standard, char *out)
{
    *out = standard;
    if (!text) return true;
    if (strlen(text) > 1 || (text[0] & 0x80) || text[0] == '\n' || text[0] == '\r')
        return fr_fail(call, FR_ERR_ARGUMENT, ".%s must be one ASCII character that does not end a line", option);
    *out = text[0];
    return true;
}

static bool read_chars(fr_call *call, const fr_csv_args *args, fr_csv_options *out)
{
    if (!read_char(call, "sep", args->sep, 0, &out->sep) || !read_char(call, "quote", args->quote, '"', &out->quote) ||
        !read_char(call, "escape", args->escape, 0, &out->escape) ||
        !read_char(call, "comment", args->comment, 0, &out->comment) ||
        !read_char(call, "thousands", args->thousands, 0, &out->thousands) ||
        !read_char(call, "decimal", args->decimal, '.', &out->decimal)) return false;
    if (args->sep && !out->sep) return fr_fail(call, FR_ERR_ARGUMENT, ".sep is empty");
    if (!out->decimal) return fr_fail(call, FR_ERR_ARGUMENT, ".decimal is empty");
    const char roles[] = { out->sep, out->quote, out->escape, out->comment, out->decimal };
    for (size_t i = 0; i < sizeof roles; i++)
        for (size_t j = i + 1; j < sizeof roles; j++)
            if (roles[i] && roles[i] == roles[j])
                return fr_fail(call, FR_ERR_ARGUMENT, "'%c' cannot have two roles among .sep, .quote, .escape, .comment "
                               "and .decimal", roles[i]);
    if (out->thousands == out->decimal) return fr_fail(call, FR_ERR_ARGUMENT, ".thousands and .decimal are the same");
    if (strchr("0123456789+-", out->decimal) || (out->thousands && strchr("0123456789+-", out->thousands)))
        return fr_fail(call, FR_ERR_ARGUMENT, ".decimal and .thousands cannot be part of a number themselves");
    return true;
}

static bool read_lists(fr_call *call, const fr_csv_args *args, fr_csv_options *out)
{
    out->all_dates = args->parse_dates && strcmp(args->parse_dates, "*") == 0;
    return fr_csv_words_read(call, &out->arena, "names", args->names, false, &out->names) &&
           fr_csv_words_read(call, &out->arena, "columns", args->columns, false, &out->columns) &&
           fr_csv_words_read(call, &out->arena, "dtypes", args->dtypes, true, &out->dtypes) &&
           fr_csv_words_read(call, &out->arena, "parse_dates", out->all_dates ? NULL : args->parse_dates, false,
                             &out->dates) &&
           fr_csv_words_read(call, &out->arena, "na_values", args->na_values, false, &out->na) &&
           fr_csv_words_read(call, &out->arena, "true_values", args->true_values, false, &out->yes) &&
           fr_csv_words_read(call, &out->arena, "false_values", args->false_values, false, &out->no);
}

static bool read_encoding(fr_call *call, const char *name, fr_csv_encoding *out)
{
    static const struct { const char *name; fr_csv_encoding encoding; } known[] = {
        { "utf-8", FR_CSV_UTF8 }, { "utf8", FR_CSV_UTF8 }, { "utf-8-sig", FR_CSV_UTF8 }, { "ascii", FR_CSV_UTF8 },
        { "latin-1", FR_CSV_LATIN1 }, { "latin1", FR_CSV_LATIN1 }, { "iso-8859-1", FR_CSV_LATIN1 },
        { "windows-1252", FR_CSV_WINDOWS1252 }, { "cp1252", FR_CSV_WINDOWS1252 }, { "utf-16", FR_CSV_UTF16 },
        { "utf16", FR_CSV_UTF16 }, { "utf-16le", FR_CSV_UTF16 }, { "utf-16-le", FR_CSV_UTF16 }, { "utf-16be", FR_CSV_UTF16BE },
        { "utf-16-be", FR_CSV_UTF16BE },
    };
    *out = FR_CSV_ENCODING_ANY;
    if (!name) return true;
    for (size_t i = 0; i < FR_COUNT_OF(known); i++)
        if (fr_same_word(name, strlen(name), known[i].name)) {
            *out = known[i].encoding;
            return true;
        }
    return fr_fail_at(call, fr_place_at(.hint = "utf-8, windows-1252, latin-1 and utf-16 are known"), FR_ERR_ARGUMENT,
                      ".encoding '%s' is not known", name);
}

static bool check_together(fr_call *call, const fr_csv_args *args)
{
    if (args->header && args->no_header) return fr_fail(call, FR_ERR_ARGUMENT, ".header and .no_header exclude each other");
    if (args->skip_rows < 0) return fr_fail(call, FR_ERR_ARGUMENT, ".skip_rows is negative");
    if (args->max_rows < -1) return fr_fail(call, FR_ERR_ARGUMENT, ".max_rows must be -1 (all) or more");
    if (args->sample_types < 0) return fr_fail(call, FR_ERR_ARGUMENT, ".sample_types is negative");
    if (args->on_bad > FR_ON_BAD_COLLECT) return fr_fail(call, FR_ERR_ARGUMENT, ".on_bad is none of its values");
    if (args->schema && (args->names || args->dtypes))
        return fr_fail(call, FR_ERR_ARGUMENT, ".schema already says what .names and .dtypes say");
    if (args->schema && fr_error(args->schema)) return fr_fail(call, FR_ERR_ARGUMENT, ".schema is in error state");
    if (args->lenient && (args->quoted_is_string || args->escape || args->comment))
        return fr_fail(call, FR_ERR_ARGUMENT, ".lenient cannot be combined with .quoted_is_string, .escape or .comment");
    return true;
}

bool fr_csv_args_sized(fr_call *call, uint32_t size, const char *init)
{
    if (size >= 2 * sizeof size) return true;
    return fr_fail(call, FR_ERR_ARGUMENT, "the options say they have %u bytes; start from %s", size, init);
}

bool fr_csv_options_read(fr_call *call, const fr_csv_args *given, fr_csv_options *out)
{
    *out = (fr_csv_options){ 0 };
    fr_arena_init(&out->arena, call->context);
    if (given && !fr_csv_args_sized(call, given->size_, "fr_csv_args_init")) return false;
    const fr_csv_args args = complete(given);
    out->skip_rows = args.skip_rows;
    out->max_rows = args.max_rows;
    out->sample_types = args.sample_types;
    out->on_bad = args.on_bad;
    out->header = args.header;
    out->no_header = args.no_header;
    out->default_na = !args.no_default_na;
    out->quoted_is_string = args.quoted_is_string;
    out->day_first = args.day_first;
    out->pad_short_rows = args.pad_short_rows;
    out->keep_blank_lines = args.keep_blank_lines;
    out->trim = args.trim;
    out->strings_as_cat = args.strings_as_cat;
    out->lenient = args.lenient;
    if (!check_together(call, &args)) return false;
    out->schema = fr_object_ref(args.schema);
    return read_chars(call, &args, out) && read_lists(call, &args, out) &&
           read_encoding(call, args.encoding, &out->encoding);
}

void fr_csv_options_clear(fr_csv_options *options)
{
    fr_object_unref(options->schema);
    options->schema = NULL;
    if (options->arena.context) fr_arena_clear(&options->arena);
}
