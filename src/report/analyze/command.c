/* command.c — `frame analyze FILE`: options in, the analysis printed, its files written.
 *
 * Without --output it only prints. Standard output carries the analysis (or, with --json, the same as one JSON object);
 * what was written and the account go to standard error, so that a pipe carries the analysis alone.
 */
#include <frame/command.h>
#include <frame/file.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analyze_command.h"
#include "analysis.h"
#include "analysis_job.h"
#include "json.h"
#include "report_files.h"
#include "say.h"

static const fr_option_info options[] = {
#define OPTION_(name_, doc_, kind_)                                                                                     \
    { .name = #name_, .doc = doc_, .kind = kind_, .offset = offsetof(analyze_options, name_) }
#define TEXT(name_, doc_) OPTION_(name_, doc_, FR_OPTION_TEXT)
#define FLAG(name_, doc_) OPTION_(name_, doc_, FR_OPTION_BOOL)
    TEXT(amount, "what is summed: a column or an expression such as \"quantity * unit_price\"; none"),
    TEXT(by, "the category to compare by; none"),
    TEXT(top, "the column whose largest values are listed, such as product; none"),
    TEXT(date, "the date column; none"),
    TEXT(quantity, "the column of units; none"),
    TEXT(price, "the column of unit prices; none"),
    TEXT(customer, "the column that names customers; none"),
    TEXT(currency, "sign before amounts: $, EUR; by default the one found in the data"),
    FLAG(no_clean, "change nothing: no duplicates, spellings, dates, fills"),
    FLAG(keep_duplicates, "equal rows stay"),
    FLAG(drop_duplicates, "equal rows are removed even where no column tells rows apart"),
    FLAG(keep_spelling, "texts that differ in case and blanks stay different"),
    FLAG(keep_missing, "missing values stay missing"),
    FLAG(escape_formulas, "in cleaned.csv, an apostrophe before text a spreadsheet would run"),
    FLAG(month_first, "03/04/2024 is the fourth of March (--day-first: the third of April)"),
#undef OPTION_
#undef TEXT
#undef FLAG
};

/* ---- how to print ------------------------------------------------------------------------------------------------ */
/* UTF-8 unless the surroundings say otherwise: LC_ALL, LC_CTYPE, LANG in this order; none set counts as UTF-8. */
static bool wants_ascii(void)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (!value || !*value) continue;
        return !strstr(value, "UTF-8") && !strstr(value, "utf8") && !strstr(value, "utf-8") && !strstr(value, "UTF8");
    }
    return false;
}

static int print_out(const fr_command_host *host, analysis *a)
{
    growing out = { .bytes = NULL };
    const look how = { .width = host->width > 0 ? (size_t)host->width : 100, .color = host->color,
                      .ascii = host->width > 0 && wants_ascii() };
    if (host->json) write_json(a, &out);
    else print_analysis(a, &how, &out);
    if (!host->json) make_safe(&out, how.color);
    if (how.ascii && !host->json) to_ascii(&out);
    const bool good = !out.out_of_memory && fwrite(out.bytes, 1, out.n, stdout) == out.n;
    growing_clear(&out);
    return good ? 0 : host->fail(host, FR_ERR_IO, "standard output cannot be written");
}

static void tell_account(const fr_command_host *host, analysis *a, const char *folder, const growing *written)
{
    if (host->quiet) return;
    fflush(stdout);
    if (written->n) fprintf(stderr, "wrote %s/%s\n", folder, written->bytes);
    fprintf(stderr, "accounted for: %s\n", account_line(a));
}

static int complain(const fr_command_host *host, const analysis *a)
{
    const void *failed = a->given_steps && !fr_ok(a->given_steps) ? (const void *)a->given_steps : a->failure;
    if (failed) return host->complain(host, failed);
    return host->fail(host, a->failed_text ? (int)a->failed_code : FR_ERR_MEMORY, a->failed_text ? a->failed_text
                      : "out of memory");
}

/* ---- what to analyse --------------------------------------------------------------------------------------------- */
enum { MOST_JOB_BYTES = 16 << 20 };

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && !strcmp(text + n - m, end);
}

/* FILE is a table, or an analysis.toml that names one and tells how; its report goes into its own folder unless -o says
 * where. */
static bool take_file(const fr_command_host *host, analysis *a, const char **folder)
{
    const char *path = host->words[0];
    *folder = host->output;
    a->asked.path = path;
    a->asked.day_first = host->read->day_first;
    if (!ends_with(path, ".toml")) return true;
    fr_auto(frame) text = fr_read_text(path, MOST_JOB_BYTES, host->context);
    if (!fr_ok(text)) return take_frame(a, &a->failure, fr_steal(text));
    const char *job = keep(&a->store, fr_get(text, 0, "text").as.s);
    if (!is_analysis_job(job)) return true;
    a->asked.path = NULL;
    const char *slash = strrchr(path, '/');
    if (!*folder) *folder = slash ? keep_bytes(&a->store, path, (size_t)(slash - path)) : ".";
    return read_job(a, job);
}

static const char *without_slash(analysis *a, const char *folder)
{
    size_t n = strlen(folder);
    while (n > 1 && folder[n - 1] == '/') n--;
    return keep_bytes(&a->store, folder, n);
}

/* A table of the name that its cleaned copy, or the list of its bad rows, will have in the folder. */
static bool would_replace(const analysis *a, const char *folder)
{
    static const char *const names[] = { "cleaned.csv", "rejects.csv" };
    char path[4096];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (fr_is_file(a->asked.path, path, a->context)) return true;
    }
    return false;
}

static int run(const fr_command_host *host, const void *given)
{
    analysis a = { .asked = *(const analyze_options *)given, .read = *host->read, .context = host->context };
    growing written = { .bytes = NULL };
    const char *folder = NULL;
    if (host->n_words != 1) return host->usage(host, "one file, please");
    bool good = take_file(host, &a, &folder);
    if (good && folder) {
        folder = without_slash(&a, folder);
        a.rejects_path = keep_format(&a.store, "%s/rejects.csv", folder);
    }
    if (good && folder && would_replace(&a, folder)) {
        analysis_clear(&a);
        return host->usage(host, "the report would replace the table it is made of; --output names another folder");
    }
    good = good && analyze_all(&a) && (!folder || write_report(&a, folder, &written));
    int code = good ? print_out(host, &a) : complain(host, &a);
    if (good) tell_account(host, &a, folder, &written);
    growing_clear(&written);
    analysis_clear(&a);
    return code;
}

const fr_command_class fr_analyze_command = {
    .size_ = sizeof(fr_command_class), .options_bytes = sizeof(analyze_options), .name = "analyze",
    .usage = "FILE [--output DIR] [--amount EXPRESSION] [--by COLUMN] …",
    .summary = "clean a table, say what is in it, and report it",
    .more = "Cleans a copy (duplicates, dates in several formats, spellings, missing values, each by a stated rule), finds\n"
            "out which columns are amounts, dates, categories and products, and prints totals, groups, trend, season,\n"
            "outliers; on other tables a profile of the columns. With --output also a page, charts, cleaned.csv,\n"
            "rejects.csv and analysis.toml, which `frame run` repeats. FILE is CSV, or - for standard input.\n\n"
            "Examples:\n  frame analyze sales.csv\n  frame analyze sales.csv --output report/\n"
            "  frame analyze sales.csv --amount 'quantity * unit_price' --by region --top product --date order_date\n",
    .options = options, .n_options = sizeof options / sizeof options[0], .run = run,
    .takes = FR_TAKES_OUTPUT | FR_TAKES_WIDTH | FR_TAKES_JSON | FR_TAKES_READING,
};
