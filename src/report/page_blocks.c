/* page_blocks.c — tiles, notes, alerts, facts, dictionary, definitions: the blocks that are neither table nor chart.
 *
 * Meaning is never carried by colour alone: a change has a sign, an arrow and a word, a severity its mark and its name.
 */
#include "page_inside.h"

#include <frame/steps.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void put_element(fr_ink *out, const char *open, const char *text, const char *close)
{
    fr_puts(out, open);
    fr_put_prose(out, text);
    fr_puts(out, close);
}

/* ---- severities -------------------------------------------------------------------------------------------------- */
static const struct { const char *name, *mark, *class_; } severities[] = {
    [FR_SEVERITY_INFO] = { "Note", "\xe2\x84\xb9", "info" },
    [FR_SEVERITY_GOOD] = { "Good", "\xe2\x9c\x93", "good" },
    [FR_SEVERITY_WARNING] = { "Warning", "!", "warning" },
    [FR_SEVERITY_BAD] = { "Problem", "\xc3\x97", "bad" },
};

static void put_mark(fr_ink *out, fr_severity severity)
{
    fr_putf(out, "<span class=\"mark\" aria-hidden=\"true\">%s</span><span class=\"severity\">%s</span> ",
            severities[severity].mark, severities[severity].name);
}

void fr_page_note(fr_page *page, fr_severity severity, const char *title, const char *text)
{
    fr_ink *out = &page->body;
    if (!fr_block_begin(page)) return;
    fr_putf(out, "<div class=\"note %s\" role=\"note\"><p>", severities[severity].class_);
    put_mark(out, severity);
    if (title) put_element(out, "<strong>", title, "</strong> ");
    if (text) put_element(out, "", text, "");
    fr_puts(out, "</p></div>\n");
    fr_block_end(page, "a note");
}

static void put_alert(fr_page *page, const fr_alert *alert)
{
    fr_ink *out = &page->body;
    const char *anchor = alert->section ? fr_page_anchor_of(page, alert->section) : NULL;
    fr_putf(out, "<li class=\"%s\"><div>", severities[alert->severity].class_);
    put_mark(out, alert->severity);
    put_element(out, "<strong>", alert->what, "</strong></div><div>");
    if (alert->where) {
        if (anchor) fr_putf(out, "<a href=\"#%s\">", anchor);
        put_element(out, "<bdi>", alert->where, "</bdi>");
        fr_puts(out, anchor ? "</a> " : " ");
    }
    put_element(out, "<span>", alert->text, "</span></div></li>\n");
}

void fr_page_alerts(fr_page *page, const fr_alert *alerts, size_t n)
{
    if (!n || !fr_block_begin(page)) return;
    fr_puts(&page->body, "<ul class=\"alerts\">\n");
    static const fr_severity order[] = { FR_SEVERITY_BAD, FR_SEVERITY_WARNING, FR_SEVERITY_INFO, FR_SEVERITY_GOOD };
    for (size_t rank = 0; rank < sizeof order / sizeof order[0]; rank++)
        for (size_t i = 0; i < n; i++)
            if (alerts[i].severity == order[rank]) put_alert(page, &alerts[i]);
    fr_puts(&page->body, "</ul>\n");
    fr_block_end(page, "a list of findings");
}

/* ---- tiles ------------------------------------------------------------------------------------------------------- */
static const char *mood(const fr_tile *tile, int direction)
{
    if (tile->good == FR_GOOD_NEITHER || direction == 0) return "even";
    return (tile->good == FR_GOOD_UP) == (direction > 0) ? "better" : "worse";
}

/* ▲ up 8.3 % on 2023 */
static void put_change(fr_ink *out, const fr_tile *tile)
{
    char text[64];
    double size = fabs(tile->change);
    int direction = size < 0.0005 || isnan(size) ? 0 : tile->change > 0 ? 1 : -1;
    fr_numeral_text(fr_v_f64(size), (fr_numeral_format){ .kind = FR_NUMERAL_PERCENT }, text, sizeof text);
    fr_putf(out, "<div class=\"change %s\"><span aria-hidden=\"true\">%s</span> ", mood(tile, direction),
            direction > 0 ? "\xe2\x96\xb2" : direction < 0 ? "\xe2\x96\xbc" : "=");
    if (direction) fr_putf(out, "%s %s", direction > 0 ? "up" : "down", text);
    else fr_puts(out, isnan(size) ? "no comparison" : "unchanged");
    if (tile->against) put_element(out, isnan(size) ? " with " : " on ", tile->against, "");
    fr_puts(out, "</div>");
}

static void put_tile(fr_page *page, const fr_tile *tile)
{
    fr_ink *out = &page->body;
    put_element(out, "<div class=\"tile\"><dt>", tile->label, "</dt><dd>");
    put_element(out, "<div class=\"value\">", tile->value, "</div>");
    if (tile->exact) put_element(out, "<div class=\"small\">", tile->exact, "</div>");
    if (tile->changed) put_change(out, tile);
    if (tile->note) put_element(out, "<div class=\"small\">", tile->note, "</div>");
    if (tile->spark && tile->n_spark > 1) fr_page_put_spark(page, tile->spark, tile->n_spark);
    fr_puts(out, "</dd></div>\n");
}

void fr_page_tiles(fr_page *page, const fr_tile *tiles, size_t n)
{
    if (!n || !fr_block_begin(page)) return;
    fr_puts(&page->body, "<dl class=\"tiles\">\n");
    for (size_t i = 0; i < n; i++) put_tile(page, &tiles[i]);
    fr_puts(&page->body, "</dl>\n");
    fr_block_end(page, "key figures");
}

void fr_page_facts(fr_page *page, const fr_fact *facts, size_t n)
{
    if (!n || !fr_block_begin(page)) return;
    fr_puts(&page->body, "<dl class=\"facts\">\n");
    for (size_t i = 0; i < n; i++) {
        put_element(&page->body, "<div><dt>", facts[i].label, "</dt>");
        put_element(&page->body, "<dd><bdi>", facts[i].value, "</bdi></dd></div>\n");
    }
    fr_puts(&page->body, "</dl>\n");
    fr_block_end(page, "figures");
}

/* ---- dictionary and definitions ---------------------------------------------------------------------------------- */
enum { DICTIONARY_FIELDS = 6 };

static const char *dictionary_field(const fr_dictionary_entry *entry, size_t field)
{
    const char *fields[DICTIONARY_FIELDS] = { entry->name, entry->type, entry->role, entry->missing, entry->example,
                                              entry->meaning };
    return fields[field];
}

static bool anybody_fills(const fr_dictionary_entry *entries, size_t n, size_t field)
{
    for (size_t i = 0; i < n; i++)
        if (dictionary_field(&entries[i], field)) return true;
    return false;
}

static void put_dictionary_row(fr_ink *out, const fr_dictionary_entry *entry, const bool *shown)
{
    put_element(out, "<tr><th scope=\"row\"><bdi>", entry->name, "</bdi></th>");
    for (size_t field = 1; field < DICTIONARY_FIELDS; field++) {
        if (!shown[field]) continue;
        put_element(out, field == 1 ? "<td><code>" : "<td><bdi>", dictionary_field(entry, field),
                    field == 1 ? "</code></td>" : "</bdi></td>");
    }
    fr_puts(out, "</tr>\n");
}

void fr_page_dictionary(fr_page *page, const fr_dictionary_entry *entries, size_t n)
{
    static const char *const heads[DICTIONARY_FIELDS] = { "Column", "Type", "Role", "Missing", "Example", "Meaning" };
    bool shown[DICTIONARY_FIELDS];
    if (!n || !fr_block_begin(page)) return;
    fr_puts(&page->body, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Data dictionary\">"
                         "<table class=\"dictionary\">\n<thead><tr>");
    for (size_t field = 0; field < DICTIONARY_FIELDS; field++) {
        shown[field] = field == 0 || anybody_fills(entries, n, field);
        if (shown[field]) fr_putf(&page->body, "<th scope=\"col\">%s</th>", heads[field]);
    }
    fr_puts(&page->body, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < n; i++) put_dictionary_row(&page->body, &entries[i], shown);
    fr_puts(&page->body, "</tbody></table></div>\n");
    fr_block_end(page, "the data dictionary");
}

void fr_page_definitions(fr_page *page, const fr_definition *definitions, size_t n)
{
    if (!n || !fr_block_begin(page)) return;
    fr_puts(&page->body, "<dl class=\"definitions\">\n");
    for (size_t i = 0; i < n; i++) {
        put_element(&page->body, "<div><dt>", definitions[i].term, "</dt><dd>");
        if (definitions[i].text) put_element(&page->body, "<span>", definitions[i].text, "</span>");
        if (definitions[i].code) put_element(&page->body, " <code>", definitions[i].code, "</code>");
        fr_puts(&page->body, "</dd></div>\n");
    }
    fr_puts(&page->body, "</dl>\n");
    fr_block_end(page, "definitions");
}

/* ---- the account ------------------------------------------------------------------------------------------------- */
void fr_page_account(fr_page *page, const fr_frame *account)
{
    char sum[1024];
    if (!fr_page_works(page) || !fr_account_text(account, sum, sizeof sum)) return;
    fr_ink out = { .room = &page->room };
    char *joined = strchr(sum, '\n');
    if (joined) *joined++ = 0;
    fr_putf(&out, "Accounted for: %s%s%s", sum, joined ? "; " : "", joined ? joined : "");
    page->account = fr_store_text(&page->room, out.bytes, out.n);
    fr_ink_free(&out);
}
