/* html_text.h — text on its way into HTML: escaped for the place where it will stand.
 *
 *     fr_put_text(out, "a < b & c")                    a &lt; b &amp; c
 *     fr_put_prose(out, "up 19.4 % on 2024-11")        the same, but neither 19.4 % nor 2024-11 is broken into two lines
 *     fr_put_attribute(out, "title", "5\" nails")      title="5&quot; nails"       (with a blank before)
 *     fr_put_url(out, "href", "javascript:alert(1)")   href="#"                     only http, https, mailto, # and paths
 *
 * Bytes that are not UTF-8 and characters HTML forbids (controls, noncharacters) become U+FFFD, so that a page is valid
 * whatever the data hold. A line end stays one; what U+202A…202E and U+2066…2069 in a cell reorder ends with the cell:
 * the callers that show data put it into <bdi>.
 */
#ifndef FR_REPORT_HTML_TEXT_H
#define FR_REPORT_HTML_TEXT_H

#include "report_store.h"

void fr_put_text(fr_ink *out, const char *text);
void fr_put_text_n(fr_ink *out, const char *text, size_t n);
void fr_put_prose(fr_ink *out, const char *text);
void fr_put_prose_n(fr_ink *out, const char *text, size_t n);
void fr_put_attribute(fr_ink *out, const char *name, const char *value);
void fr_put_url(fr_ink *out, const char *name, const char *url);

/* May this URL stand on a page? http:, https:, mailto:, a fragment, or a path without a scheme. */
bool fr_url_is_harmless(const char *url, size_t n);

#endif
