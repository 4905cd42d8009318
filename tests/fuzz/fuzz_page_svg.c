/* Any text as a drawing for a page. What passes is checked again and passes again; it holds nothing that runs. */
#include "report/page.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

static bool holds(const char *text, size_t n, const char *word) { return memmem(text, n, word, strlen(word)) != NULL; }

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0) return 0;
    fr_page *page = fr_page_new(&(fr_page_args){ .title = "fuzz" });
    if (!page) return 0;
    fr_markup once = fr_page_svg(page, (const char *)bytes, n);
    if (!fr_page_trouble(page)) {
        if (holds(once.html, once.n, "<script") || holds(once.html, once.n, " on") || holds(once.html, once.n, "<!"))
            if (!holds((const char *)bytes, n, " on")) __builtin_trap();              /* as text it may stand there */
        (void)fr_page_svg(page, once.html, once.n);
        if (fr_page_trouble(page)) __builtin_trap();
    }
    fr_page_free(page);
    return 0;
}
