/* report_command.c — `frame report REPORT.md -o PAGE.html`: a narrative in, a page out (docs/report.md). */
#include <frame/file.h>

#include <stdio.h>
#include <string.h>

#include "narrative.h"
#include "report_commands.h"

enum { MOST_SOURCE = 4 << 20 };

/* -o, else the name of the source with .html for its ending. */
static bool page_path(const fr_command_host *host, char *path, size_t n)
{
    const char *source = host->words[0], *dot = strrchr(source, '.');
    size_t stem = dot && !strchr(dot, '/') ? (size_t)(dot - source) : strlen(source);
    if (!host->output && !strcmp(source, "-")) return snprintf(path, n, "-") == 1;
    if (host->output) return (size_t)snprintf(path, n, "%s", host->output) < n;
    return (size_t)snprintf(path, n, "%.*s.html", (int)stem, source) < n;
}

static int write_page(const fr_command_host *host, fr_page *page, const char *path)
{
    fr_auto(frame) receipt = fr_page_write(page, path);
    const fr_trouble *trouble = fr_page_trouble(page);
    if (trouble) return host->fail(host, (int)trouble->code, trouble->text);
    if (!host->quiet && strcmp(path, "-") != 0)
        fprintf(stderr, "wrote %s: %lld bytes\n", path, (long long)fr_get(receipt, 0, "bytes").as.i);
    return 0;
}

static int run(const fr_command_host *host, const void *options)
{
    char path[4096];
    (void)options;
    if (host->n_words != 1) return host->usage(host, "one Markdown file, please");
    if (!page_path(host, path, sizeof path)) return host->usage(host, "the name is too long");
    fr_auto(frame) text = fr_read_text(host->words[0], MOST_SOURCE, host->context);
    if (!fr_ok(text)) return host->complain(host, text);
    fr_trouble trouble = { .code = FR_ERR_OK };
    fr_value source = fr_get(text, 0, "text");
    fr_page *page = fr_narrative_page(&(fr_narrative_args){ .file = host->words[0], .text = source.as.s, .n = source.length,
                                                            .read = host->read, .context = host->context }, &trouble);
    if (!page) return host->fail(host, (int)trouble.code, trouble.text);
    int code = write_page(host, page, path);
    fr_page_free(page);
    return code;
}

const fr_command_class fr_report_command = {
    .size_ = sizeof(fr_command_class), .name = "report", .usage = "REPORT.md [-o PAGE.html]",
    .summary = "make a page of text, tables and charts from Markdown",
    .more = "Queries stand in fences (```frame), values in braces; data are looked for beside the report (docs/report.md).\n"
            "Without -o the page stands beside the report; - is standard input and output.\n\n"
            "Examples:\n  frame report report.md\n  frame report report.md -o page.html\n",
    .run = run,
};
