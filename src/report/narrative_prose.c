/* narrative_prose.c — Markdown to blocks of the page, by md4c, which calls back for every block, span and piece of text.
 *
 *     # Title        the page's title, when the front matter has none
 *     ## Section     a section with its anchor and its line in the contents
 *
 * Raw HTML is text. Links go to http, https, mailto and paths only. Pictures are refused: a page asks the network for
 * nothing, and charts come from fences. Marks (narrative_inside.h) are replaced here, escaped for where they stand.
 */
#include "narrative_inside.h"

#include <md4c.h>

#include <stdio.h>
#include <string.h>

#include "html_text.h"

typedef struct writer {
    fr_narrative *n;
    fr_ink       *out;               /* the page's body                                                        */
    fr_ink        heading;           /* the text of the heading being read                                     */
    unsigned      level;             /* of it; 0: none                                                         */
    uint32_t      blocks;            /* open ones                                                              */
    bool          paragraph;         /* a <p> is due, once there is text                                       */
    bool          opened;            /* … and was written                                                      */
    bool          tight;             /* inside a list item without paragraphs                                  */
    bool          title_taken;
    size_t        at;                /* how far into the Markdown we are, for troubles                         */
    const char   *markdown;
    size_t        size;
} writer;

static bool works(const writer *w) { return fr_page_works(w->n->page) && w->n->trouble->code == FR_ERR_OK; }

/* ---- text and marks ---------------------------------------------------------------------------------------------- */
static void open_paragraph(writer *w)
{
    if (!w->paragraph || w->opened) return;
    w->opened = true;
    fr_puts(w->out, "<p>");
}

static void close_paragraph(writer *w)
{
    if (w->opened) fr_puts(w->out, "</p>\n");
    w->opened = false;
}

static int digit36(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

/* A block mark in a paragraph ends it: a table is no part of a sentence. */
static size_t put_block(writer *w, const char *text, size_t n)
{
    if (n < 8) return n;
    size_t number = (size_t)(36 * digit36(text[3]) + digit36(text[4]));
    close_paragraph(w);
    if (number < w->n->n_queries) fr_display_show(w->n, &w->n->queries[number]);
    return 8;
}

static size_t value_at(const writer *w, const char *text, size_t n, size_t *number)
{
    size_t i = 3;
    *number = 0;
    for (; i < n && text[i] >= '0' && text[i] <= '9'; i++) *number = 10 * *number + (size_t)(text[i] - '0');
    if (*number >= w->n->n_values) *number = SIZE_MAX;
    return i + 3 <= n ? i + 3 : n;
}

/* Pieces between marks go to `put`, and so do the values behind marks. */
static void put_pieces(writer *w, const char *text, size_t n, void (*put)(writer *w, const char *text, size_t n))
{
    size_t kept = 0, number;
    for (size_t i = 0; i + 3 <= n;) {
        bool value = !memcmp(text + i, FR_MARK_VALUE, 3), block = !memcmp(text + i, FR_MARK_BLOCK, 3);
        if (!value && !block) {
            i++;
            continue;
        }
        if (i > kept) put(w, text + kept, i - kept);
        if (block) i += put_block(w, text + i, n - i);
        else {
            i += value_at(w, text + i, n - i, &number);
            if (number != SIZE_MAX) put(w, w->n->values[number], w->n->value_lengths[number]);
        }
        kept = i;
    }
    if (n > kept) put(w, text + kept, n - kept);
}

static bool only_blanks(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] != ' ' && text[i] != '\n' && text[i] != '\t') return false;
    return true;
}

static void put_text(writer *w, const char *text, size_t n)
{
    if (w->level) {
        fr_put(&w->heading, text, n);
        return;
    }
    if (w->paragraph && !w->opened && only_blanks(text, n)) return;
    open_paragraph(w);
    fr_put_text_n(w->out, text, n);
}

/* ---- attributes -------------------------------------------------------------------------------------------------- */
static void put_raw(writer *w, const char *text, size_t n) { fr_put(&w->heading, text, n); }

/* An attribute's whole text, references and marks resolved; lent by the store. */
static const char *attribute(writer *w, const MD_ATTRIBUTE *a)
{
    fr_ink saved = w->heading;
    w->heading = (fr_ink){ .room = &w->n->store };
    put_pieces(w, a->text, a->size, put_raw);
    const char *text = fr_store_text(&w->n->store, w->heading.bytes ? w->heading.bytes : "", w->heading.n);
    fr_ink_free(&w->heading);
    w->heading = saved;
    return text ? text : "";
}

/* ---- headings ---------------------------------------------------------------------------------------------------- */
static void end_heading(writer *w, unsigned level)
{
    fr_page *page = w->n->page;
    const char *text = fr_store_text(&w->n->store, w->heading.bytes ? w->heading.bytes : "", w->heading.n);
    w->level = 0;
    fr_ink_free(&w->heading);
    if (!text) return;
    if (level == 1 && !w->title_taken) {
        w->title_taken = true;
        page->args.title = fr_store_text(&page->room, text, strlen(text));
    } else if (level <= 2) fr_page_section(page, text);
    else if (level == 3) fr_page_subsection(page, text);
    else {
        fr_puts(w->out, "<h4>");
        fr_put_text(w->out, text);
        fr_puts(w->out, "</h4>\n");
    }
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */
static void begin_list(writer *w, const MD_BLOCK_OL_DETAIL *list)
{
    if (list->start == 1) fr_puts(w->out, "<ol>\n");
    else fr_putf(w->out, "<ol start=\"%u\">\n", list->start);
}

static void begin_cell(writer *w, const MD_BLOCK_TD_DETAIL *cell, const char *tag)
{
    fr_putf(w->out, "<%s%s>", tag, cell->align == MD_ALIGN_RIGHT ? " class=\"n\"" : "");
}

static void begin_block(writer *w, MD_BLOCKTYPE type, void *detail)
{
    switch (type) {
    case MD_BLOCK_QUOTE: fr_puts(w->out, "<blockquote>\n"); break;
    case MD_BLOCK_UL: fr_puts(w->out, "<ul>\n"); break;
    case MD_BLOCK_OL: begin_list(w, detail); break;
    case MD_BLOCK_LI: fr_puts(w->out, "<li>"); break;
    case MD_BLOCK_HR: fr_puts(w->out, "<hr>\n"); break;
    case MD_BLOCK_H: w->level = ((MD_BLOCK_H_DETAIL *)detail)->level; break;
    case MD_BLOCK_CODE: fr_puts(w->out, "<pre tabindex=\"0\"><code>"); break;
    case MD_BLOCK_P: w->paragraph = true; break;
    case MD_BLOCK_TABLE:
        fr_puts(w->out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table>\n");
        break;
    case MD_BLOCK_THEAD: fr_puts(w->out, "<thead>"); break;
    case MD_BLOCK_TBODY: fr_puts(w->out, "<tbody>\n"); break;
    case MD_BLOCK_TR: fr_puts(w->out, "<tr>"); break;
    case MD_BLOCK_TH: begin_cell(w, detail, "th scope=\"col\""); break;
    case MD_BLOCK_TD: begin_cell(w, detail, "td"); break;
    default: break;
    }
}

static void end_block(writer *w, MD_BLOCKTYPE type, void *detail)
{
    static const struct { MD_BLOCKTYPE type; const char *text; } ends[] = {
        { MD_BLOCK_QUOTE, "</blockquote>\n" }, { MD_BLOCK_UL, "</ul>\n" }, { MD_BLOCK_OL, "</ol>\n" },
        { MD_BLOCK_LI, "</li>\n" }, { MD_BLOCK_CODE, "</code></pre>\n" }, { MD_BLOCK_TABLE, "</table></div>\n" },
        { MD_BLOCK_THEAD, "</thead>\n" }, { MD_BLOCK_TBODY, "</tbody>" }, { MD_BLOCK_TR, "</tr>\n" },
        { MD_BLOCK_TH, "</th>" }, { MD_BLOCK_TD, "</td>" },
    };
    if (type == MD_BLOCK_H) end_heading(w, ((MD_BLOCK_H_DETAIL *)detail)->level);
    if (type == MD_BLOCK_P) {
        close_paragraph(w);
        w->paragraph = false;
    }
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (ends[i].type == type) fr_puts(w->out, ends[i].text);
}

static int on_block_begin(MD_BLOCKTYPE type, void *detail, void *user)
{
    writer *w = user;
    if (!works(w)) return 1;
    if (type == MD_BLOCK_DOC) return 0;
    if (w->blocks++ == 0 && type != MD_BLOCK_H && !fr_block_begin(w->n->page)) return 1;
    begin_block(w, type, detail);
    return 0;
}

static int on_block_end(MD_BLOCKTYPE type, void *detail, void *user)
{
    writer *w = user;
    if (type == MD_BLOCK_DOC) return 0;
    end_block(w, type, detail);
    if (--w->blocks == 0 && type != MD_BLOCK_H) fr_block_end(w->n->page, "a piece of text");
    return works(w) ? 0 : 1;
}

/* ---- spans ------------------------------------------------------------------------------------------------------- */
static bool refuse_picture(writer *w, const MD_SPAN_IMG_DETAIL *image)
{
    const char *src = attribute(w, &image->src), *link = fr_store_format(&w->n->store, "](%s", src);
    const char *found = link ? strstr(w->n->source, link) : NULL, *at = found ? found + 2 : strstr(w->n->source, src);
    size_t offset = at ? (size_t)(at - w->n->source) : 0;
    return fr_troubled_at(w->n->trouble, fr_narrative_spot(w->n, offset), FR_ERR_UNSUPPORTED,
                          "the picture '%.100s' cannot be part of a page, which fetches nothing; draw with a ```frame bar …", src);
}

static int on_span_begin(MD_SPANTYPE type, void *detail, void *user)
{
    writer *w = user;
    if (type == MD_SPAN_IMG) return refuse_picture(w, detail), 1;
    if (w->level) return 0;                                   /* headings are plain text */
    open_paragraph(w);
    switch (type) {
    case MD_SPAN_EM: fr_puts(w->out, "<em>"); break;
    case MD_SPAN_STRONG: fr_puts(w->out, "<strong>"); break;
    case MD_SPAN_CODE: fr_puts(w->out, "<code>"); break;
    case MD_SPAN_DEL: fr_puts(w->out, "<del>"); break;
    case MD_SPAN_A:
        fr_puts(w->out, "<a");
        fr_put_url(w->out, "href", attribute(w, &((MD_SPAN_A_DETAIL *)detail)->href));
        if (((MD_SPAN_A_DETAIL *)detail)->title.size)
            fr_put_attribute(w->out, "title", attribute(w, &((MD_SPAN_A_DETAIL *)detail)->title));
        fr_puts(w->out, ">");
        break;
    default: break;
    }
    return 0;
}

static int on_span_end(MD_SPANTYPE type, void *detail, void *user)
{
    writer *w = user;
    (void)detail;
    if (w->level) return 0;
    fr_puts(w->out, type == MD_SPAN_EM ? "</em>" : type == MD_SPAN_STRONG ? "</strong>" : type == MD_SPAN_CODE ? "</code>"
            : type == MD_SPAN_DEL ? "</del>" : type == MD_SPAN_A ? "</a>" : "");
    return 0;
}

/* &#8364; and &#x20AC; as UTF-8; 0 bytes when it is no such number. */
static size_t numbered(const char *text, size_t n, char out[4])
{
    bool hex = n > 3 && (text[2] == 'x' || text[2] == 'X');
    uint32_t c = 0;
    if (n < 4 || text[1] != '#') return 0;
    for (size_t i = hex ? 3 : 2; i + 1 < n && c < 0x110000; i++) {
        char d = text[i];
        c = (hex ? 16 : 10) * c + (uint32_t)(d <= '9' ? d - '0' : (d | 0x20) - 'a' + 10);
    }
    if (!c || c >= 0x110000 || (c >= 0xd800 && c < 0xe000)) return 0;
    size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = length; i-- > 1; c >>= 6) out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(length == 1 ? c : (0xf00u >> length & 0xf0u) | c);
    return length;
}

/* &amp; and numbers; names of characters beyond those listed stay as they are written. */
static void put_reference(writer *w, const char *text, size_t n)
{
    char character[4];
    size_t length = numbered(text, n, character);
    if (length) {
        put_text(w, character, length);
        return;
    }

    static const struct { const char *name, *text; } known[] = {
        { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" }, { "&apos;", "'" },
        { "&nbsp;", "\xc2\xa0" }, { "&ndash;", "\xe2\x80\x93" }, { "&mdash;", "\xe2\x80\x94" }, { "&euro;", "\xe2\x82\xac" },
        { "&pound;", "\xc2\xa3" }, { "&middot;", "\xc2\xb7" }, { "&hellip;", "\xe2\x80\xa6" }, { "&times;", "\xc3\x97" },
        { "&minus;", "\xe2\x88\x92" }, { "&copy;", "\xc2\xa9" }, { "&deg;", "\xc2\xb0" }, { "&plusmn;", "\xc2\xb1" },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strlen(known[i].name) == n && !memcmp(known[i].name, text, n)) {
            put_text(w, known[i].text, strlen(known[i].text));
            return;
        }
    put_text(w, text, n);
}

static int on_text(MD_TEXTTYPE type, const char *text, MD_SIZE n, void *user)
{
    writer *w = user;
    switch (type) {
    case MD_TEXT_BR: if (!w->level) fr_puts(w->out, "<br>\n"); break;
    case MD_TEXT_SOFTBR: put_text(w, w->level ? " " : "\n", 1); break;
    case MD_TEXT_NULLCHAR: put_text(w, "\xef\xbf\xbd", 3); break;
    case MD_TEXT_ENTITY: put_reference(w, text, n); break;
    default: put_pieces(w, text, n, put_text);
    }
    return works(w) ? 0 : 1;
}

bool fr_narrative_prose(fr_narrative *n, const char *markdown, size_t size)
{
    writer w = { .n = n, .out = &n->page->body, .heading = { .room = &n->store }, .title_taken = n->title != NULL,
                 .markdown = markdown, .size = size };
    MD_PARSER parser = { .abi_version = 0, .flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_NOHTML,
                         .enter_block = on_block_begin, .leave_block = on_block_end, .enter_span = on_span_begin,
                         .leave_span = on_span_end, .text = on_text };
    int result = size ? md_parse(markdown, (MD_SIZE)size, &parser, &w) : 0;
    fr_ink_free(&w.heading);
    if (n->trouble->code != FR_ERR_OK) return false;
    if (n->store.failed || (result && fr_page_works(n->page))) return fr_out_of_memory(n->trouble);
    return true;
}
