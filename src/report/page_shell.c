/* page_shell.c — the document around the blocks: a template (template.h), ours or the user's.
 *
 *     title, subtitle, lang, made, account, version    texts; what a page lacks is null
 *     contents                                         a list of { title, anchor }, from three sections on
 *     left_out, limit_kb                               parts that did not fit; 0 for none
 *     style, body                                      markup of ours
 */
#include "page_inside.h"

#include <frame/version.h>

#include <string.h>

#include "template.h"

static const char shell[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"{{ lang }}\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<meta name=\"generator\" content=\"libframe {{ version }}\">\n"
    "<title>{{ title }}</title>\n"
    "<style>\n{{ style }}</style>\n"
    "</head>\n"
    "<body>\n"
    "<header>\n"
    "<h1>{{ title }}</h1>\n"
    "{{#if subtitle}}\n"
    "<p class=\"subtitle\">{{ subtitle }}</p>\n"
    "{{/if}}\n"
    "</header>\n"
    "{{#if contents}}\n"
    "<nav id=\"contents\" aria-label=\"Contents\">\n"
    "<ol>\n"
    "{{#each contents}}\n"
    "<li><a href=\"#{{ anchor }}\">{{ title }}</a></li>\n"
    "{{/each}}\n"
    "</ol>\n"
    "</nav>\n"
    "{{/if}}\n"
    "<main>\n{{ body }}</main>\n"
    "<footer>\n"
    "{{#if account}}\n"
    "<p class=\"account\">{{ account }}</p>\n"
    "{{/if}}\n"
    "{{#if left_out}}\n"
    "<p>Parts left out to keep the page below {{ limit_kb }} kB: {{ left_out }}.</p>\n"
    "{{/if}}\n"
    "<p>Made with libframe {{ version }}{{#if made}}, {{ made }}{{/if}}</p>\n"
    "</footer>\n"
    "</body>\n"
    "</html>\n";

enum { FEWEST_CONTENTS = 3, SMALL_PARTS = 4000, N_NAMES = 11 };

size_t fr_page_shell_bytes(const fr_page *page)
{
    const char *own = page->args.template_;
    return SMALL_PARTS + strlen(fr_page_style) + (own ? strlen(own) : sizeof shell);
}

static fr_item contents_of(fr_page *page)
{
    static const char *const names[] = { "title", "anchor" };
    size_t n = 0;
    for (size_t i = 0; i < page->n_entries; i++) n += !page->entries[i].sub;
    if (n < FEWEST_CONTENTS || page->args.no_contents) return (fr_item){ .kind = FR_ITEM_NONE };
    fr_item *items = fr_store_take(&page->room, n, sizeof *items), *parts = fr_store_take(&page->room, 2 * n, sizeof *parts);
    if (!items || !parts) return (fr_item){ .kind = FR_ITEM_NONE };
    n = 0;
    for (size_t i = 0; i < page->n_entries; i++) {
        if (page->entries[i].sub) continue;
        parts[2 * n] = fr_item_text(page->entries[i].title);
        parts[2 * n + 1] = fr_item_text(page->entries[i].anchor);
        items[n] = (fr_item){ .kind = FR_ITEM_MAP, .as.map = { names, &parts[2 * n], 2 } };
        n++;
    }
    return (fr_item){ .kind = FR_ITEM_LIST, .as.list = { items, n } };
}

bool fr_page_put_shell(fr_page *page, fr_ink *out)
{
    static const char *const names[N_NAMES] = { "title", "subtitle", "lang", "made", "account", "version", "contents",
                                                "left_out", "limit_kb", "style", "body" };
    fr_markup style = { fr_page_style, strlen(fr_page_style) }, body = { page->body.bytes, page->body.n };
    fr_item items[N_NAMES] = {
        fr_item_text(page->args.title), fr_item_text(page->args.subtitle), fr_item_text(page->args.lang),
        fr_item_text(page->args.made), fr_item_text(page->account), fr_item_text(fr_version()), contents_of(page),
        fr_item_value(fr_v_i64(page->n_left_out)), fr_item_value(fr_v_i64((int64_t)(page->args.most_bytes / 1000))),
        fr_item_markup(style), fr_item_markup(body),
    };
    fr_item data = { .kind = FR_ITEM_MAP, .as.map = { names, items, N_NAMES } };
    const char *source = page->args.template_ ? page->args.template_ : shell;
    const char *file = page->args.template_file ? page->args.template_file : "page";
    fr_template *t = fr_template_parse(source, strlen(source), file, FR_TEMPLATE_HTML, &page->room, &page->trouble);
    fr_template_run run = { .data = &data, .room = &page->room, .most_bytes = SIZE_MAX };
    return t && fr_template_write(t, &run, out, &page->trouble);
}
