/* report_command.c — `frame report REPORT.md -o PAGE.html`: a narrative in, a page out (docs/report.md). */
#include <frame/file.h>

#include <stdio.h>
#include <string.h>

#include "narrative.h"
#include "report_commands.h"

enum { MOST_SOURCE = 4 << 20, MOST_TEMPLATE = 256 << 10 };

typedef struct report_options {
    const char *template_;
} report_options;

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

static int make(const fr_command_host *host, const report_options *options, const fr_frame *text, const fr_frame *shell)
{
    char path[4096];
    fr_trouble trouble = { .code = FR_ERR_OK };
    fr_value source = fr_get(text, 0, "text");
    fr_narrative_args args = { .file = host->words[0], .text = source.as.s, .n = source.length, .read = host->read,
                               .context = host->context, .page_file = path, .template_file = options->template_,
                               .template_ = shell ? fr_get(shell, 0, "text").as.s : NULL };
    if (!page_path(host, path, sizeof path)) return host->usage(host, "the name is too long");
    if (fr_is_file(host->words[0], path, host->context))
        return host->usage(host, "the page would replace the report it is made of; --output names another file");
    if (fr_is_file(options->template_, path, host->context))
        return host->usage(host, "the page would replace its template; --output names another file");
    fr_page *page = fr_narrative_page(&args, &trouble);
    if (!page) return host->fail(host, (int)trouble.code, trouble.text);
    int code = write_page(host, page, path);
    fr_page_free(page);
    return code;
}

static int run(const fr_command_host *host, const void *values)
{
    const report_options *options = values;
    if (host->n_words != 1) return host->usage(host, "one Markdown file, please");
    fr_auto(frame) text = fr_read_text(host->words[0], MOST_SOURCE, host->context);
    if (!fr_ok(text)) return host->complain(host, text);
    fr_auto(frame) shell = options->template_ ? fr_read_text(options->template_, MOST_TEMPLATE, host->context) : NULL;
    if (shell && !fr_ok(shell)) return host->complain(host, shell);
    return make(host, options, text, shell);
}

static const fr_option_info option_table[] = {
    { .name = "template", .doc = "HTML with {{ body }} and {{ style }} in it, instead of ours", .kind = FR_OPTION_TEXT,
      .offset = offsetof(report_options, template_) },
};

const fr_command_class fr_report_command = {
    .size_ = sizeof(fr_command_class), .options_bytes = sizeof(report_options), .name = "report",
    .usage = "REPORT.md [-o PAGE.html]", .summary = "make a page of text, tables and charts from Markdown",
    .more = "Queries stand in fences (```frame), values in braces; data are looked for beside the report (docs/report.md).\n"
            "Without -o the page stands beside the report; - is standard input and output.\n\n"
            "Examples:\n  frame report report.md\n  frame report report.md -o page.html --template our.html\n",
    .options = option_table, .n_options = sizeof option_table / sizeof option_table[0], .run = run,
    .takes = FR_TAKES_OUTPUT | FR_TAKES_READING,
};
