/* page.c — the page as a whole: opening, sections, running text, putting the frame of a document around the blocks.
 *
 * Blocks are appended to one growing text. A block that would make the page too large is cut off again and a note stands
 * in its place; what stands around the blocks (page_shell.c) is counted beforehand, so a page that was built is never larger
 * than promised.
 */
#include "page_inside.h"

#include <frame/file.h>

#include <stdio.h>
#include <string.h>

enum { MOST_BYTES = 500000, MOST_NOTES = 20 };

/* ---- the whole --------------------------------------------------------------------------------------------------- */
static const char *keep(fr_page *page, const char *text) { return text ? fr_store_text(&page->room, text, strlen(text)) : NULL; }

fr_page *fr_page_new(const fr_page_args *args)
{
    fr_store first = { .allocator = args->allocator };
    fr_page *page = fr_store_take(&first, 1, sizeof *page);
    if (!page) return NULL;
    page->args = *args;
    page->room = first;
    if (args->allocator) {
        page->allocator = *args->allocator;
        page->room.allocator = &page->allocator;
    }
    page->body.room = page->html.room = &page->room;
    page->args.title = keep(page, args->title ? args->title : "Report");
    page->args.subtitle = keep(page, args->subtitle);
    page->args.lang = keep(page, args->lang ? args->lang : "en");
    page->args.made = keep(page, args->made);
    page->args.template_ = keep(page, args->template_);
    page->args.template_file = keep(page, args->template_file);
    if (!page->args.most_bytes) page->args.most_bytes = MOST_BYTES;
    fr_object_ref(args->context);
    return page;
}

void fr_page_free(fr_page *page)
{
    if (!page) return;
    fr_object_unref(page->args.context);
    fr_ink_free(&page->body);
    fr_ink_free(&page->html);
    fr_allocator allocator = page->allocator;
    fr_store room = page->room;
    if (room.allocator) room.allocator = &allocator;
    fr_store_empty(&room);                     /* the page itself is the first block in it */
}

bool fr_page_works(fr_page *page)
{
    if (page->room.failed) fr_out_of_memory(&page->trouble);
    return page->trouble.code == FR_ERR_OK;
}

const fr_trouble *fr_page_trouble(const fr_page *page)
{
    fr_page *p = (fr_page *)(uintptr_t)page;      /* noticing a failed allocation is no change a caller sees */
    return fr_page_works(p) ? NULL : &page->trouble;
}

size_t fr_page_room(const fr_page *page)
{
    size_t used = page->body.n + fr_page_shell_bytes(page);
    used += page->entry_bytes;
    return used < page->args.most_bytes && !page->full ? page->args.most_bytes - used : 0;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */
bool fr_block_begin(fr_page *page)
{
    if (!fr_page_works(page)) return false;
    if (page->block_depth++ == 0) page->block_begin = page->body.n;
    return true;
}

static void cut_to(fr_page *page, size_t n)
{
    page->body.n = n;
    if (page->body.bytes) page->body.bytes[n] = 0;
}

void fr_block_end(fr_page *page, const char *what)
{
    if (--page->block_depth || fr_page_room(page) > 0 || !fr_page_works(page)) return;
    cut_to(page, page->block_begin);
    if (page->n_left_out++ >= MOST_NOTES) return;
    fr_putf(&page->body, "<p class=\"note info\"><strong>Left out:</strong> %s, because the page would become larger than %zu kB."
            "</p>\n", what, page->args.most_bytes / 1000);
}

void fr_page_markup(fr_page *page, fr_markup markup)
{
    if (!fr_block_begin(page)) return;
    fr_put(&page->body, markup.html, markup.n);
    fr_block_end(page, "a drawing");
}

/* ---- sections ---------------------------------------------------------------------------------------------------- */
static bool anchor_taken(const fr_page *page, const char *anchor)
{
    for (size_t i = 0; i < page->n_entries; i++)
        if (!strcmp(page->entries[i].anchor, anchor)) return true;
    return false;
}

const char *fr_page_anchor(fr_page *page, const char *title)
{
    char anchor[80];
    size_t n = 0;
    for (const char *p = title; *p && n < 60; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain) anchor[n++] = c;
        else if (n && anchor[n - 1] != '-') anchor[n++] = '-';
    }
    while (n && anchor[n - 1] == '-') n--;
    if (!n) n = (size_t)snprintf(anchor, sizeof anchor, "section");
    anchor[n] = 0;
    bool taken = anchor_taken(page, anchor) || !strcmp(anchor, "contents");
    for (size_t number = page->n_entries + 1; taken; number++) {          /* its number first: one look, not one for each */
        snprintf(anchor + n, sizeof anchor - n, "-%zu", number);
        taken = anchor_taken(page, anchor);
    }
    return keep(page, anchor);
}

const char *fr_page_anchor_of(const fr_page *page, const char *title)
{
    for (size_t i = 0; i < page->n_entries; i++)
        if (!strcmp(page->entries[i].title, title)) return page->entries[i].anchor;
    return NULL;
}

static size_t escaped_bytes(fr_page *page, const char *title)
{
    fr_ink out = { .room = &page->room };
    fr_put_text(&out, title);
    size_t n = out.n;
    fr_ink_free(&out);
    return n;
}

/* What a title takes on the page: its heading with an anchor of at most 80 bytes, three times, and its line in the contents. */
static bool has_room(fr_page *page, const char *title, bool sub)
{
    size_t text = escaped_bytes(page, title), heading = text + 320, contents = sub ? 0 : text + 110;
    if (fr_page_room(page) > heading + contents) {
        page->entry_bytes += contents;
        return true;
    }
    page->full = true;
    page->n_left_out++;
    return false;
}

static bool add_entry(fr_page *page, const char *title, bool sub)
{
    void *entries = page->entries;
    if (!fr_page_works(page) || !title || !has_room(page, title, sub)) return false;
    bool room = fr_store_grow(&page->room, &entries, &page->entry_space, page->n_entries, sizeof *page->entries);
    page->entries = entries;
    fr_page_entry entry = { keep(page, title), room ? fr_page_anchor(page, title) : NULL, sub };
    if (!entry.title || !entry.anchor) return false;
    page->entries[page->n_entries++] = entry;
    return true;
}

static void close_inner(fr_page *page)
{
    for (; page->n_grids; page->n_grids--) fr_puts(&page->body, "</div>\n");
    for (; page->n_folds; page->n_folds--) fr_puts(&page->body, "</div></details>\n");
}

void fr_page_section(fr_page *page, const char *title)
{
    if (!add_entry(page, title, false)) return;
    const char *anchor = page->entries[page->n_entries - 1].anchor;
    close_inner(page);
    if (page->in_section) fr_puts(&page->body, "</section>\n");
    page->in_section = true;
    fr_putf(&page->body, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">", anchor, anchor, anchor);
    fr_put_text(&page->body, title);
    fr_puts(&page->body, "</h2>\n");
}

void fr_page_subsection(fr_page *page, const char *title)
{
    if (!add_entry(page, title, true)) return;
    fr_putf(&page->body, "<h3 id=\"%s\">", page->entries[page->n_entries - 1].anchor);
    fr_put_text(&page->body, title);
    fr_puts(&page->body, "</h3>\n");
}

void fr_page_grid(fr_page *page)
{
    if (!fr_page_works(page)) return;
    page->n_grids++;
    fr_puts(&page->body, "<div class=\"grid\">\n");
}

void fr_page_grid_end(fr_page *page)
{
    if (!fr_page_works(page) || !page->n_grids) return;
    page->n_grids--;
    fr_puts(&page->body, "</div>\n");
}

void fr_page_fold(fr_page *page, const char *summary)
{
    if (!fr_page_works(page)) return;
    page->n_folds++;
    fr_puts(&page->body, "<details class=\"fold\"><summary>");
    fr_put_text(&page->body, summary);
    fr_puts(&page->body, "</summary><div>\n");
}

void fr_page_fold_end(fr_page *page)
{
    if (!fr_page_works(page) || !page->n_folds) return;
    page->n_folds--;
    fr_puts(&page->body, "</div></details>\n");
}

/* ---- text -------------------------------------------------------------------------------------------------------- */
void fr_page_paragraph(fr_page *page, const char *text)
{
    if (!text || !fr_block_begin(page)) return;
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t n = end ? (size_t)(end - text) : strlen(text);
        fr_puts(&page->body, "<p>");
        fr_put_prose_n(&page->body, text, n);
        fr_puts(&page->body, "</p>\n");
        for (text += n; *text == '\n';) text++;
    }
    fr_block_end(page, "a paragraph");
}

void fr_page_list(fr_page *page, const char *const *items, size_t n)
{
    if (!n || !fr_block_begin(page)) return;
    fr_puts(&page->body, "<ul>\n");
    for (size_t i = 0; i < n; i++) {
        fr_puts(&page->body, "<li>");
        fr_put_prose(&page->body, items[i]);
        fr_puts(&page->body, "</li>\n");
    }
    fr_puts(&page->body, "</ul>\n");
    fr_block_end(page, "a list");
}

void fr_page_code(fr_page *page, const char *text)
{
    if (!text || !fr_block_begin(page)) return;
    fr_puts(&page->body, "<pre tabindex=\"0\"><code>");
    fr_put_text(&page->body, text);
    fr_puts(&page->body, "</code></pre>\n");
    fr_block_end(page, "a listing");
}

/* ---- the document ------------------------------------------------------------------------------------------------ */
const char *fr_page_html(fr_page *page, size_t *n)
{
    fr_ink *out = &page->html;
    *n = 0;
    if (!fr_page_works(page)) return NULL;
    fr_ink_free(out);
    close_inner(page);
    if (page->in_section) fr_puts(&page->body, "</section>\n");
    page->in_section = false;
    if (!fr_page_put_shell(page, out) || !fr_page_works(page)) return NULL;
    *n = out->n;
    return out->bytes;
}

fr_frame *fr_page_write(fr_page *page, const char *path)
{
    size_t n;
    const char *html = fr_page_html(page, &n);
    if (!html) return NULL;
    fr_frame *receipt = fr_write_text(path, html, n, page->args.context);
    if (fr_ok(receipt)) return receipt;
    fr_troubled_by(&page->trouble, receipt);
    fr_unref(receipt);
    return NULL;
}
