/* Any text as an HTML template, filled twice: with harmless data and with data that try to break out. Both pages must
 * have the same number of each character that means something in HTML. */
#include "report/template.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

static const char *const names[] = { "a", "b", "list", "rows", "none" };

typedef struct count {
    size_t less, greater, quote, single;
} count;

static count count_of(const char *text, size_t n)
{
    count c = { 0, 0, 0, 0 };
    for (size_t i = 0; i < n; i++) {
        c.less += text[i] == '<';
        c.greater += text[i] == '>';
        c.quote += text[i] == '"';
        c.single += text[i] == '\'';
    }
    return c;
}

static bool fill(const char *source, size_t n, const char *data, count *out)
{
    const char *cells[] = { data, data };
    fr_auto(frame) frame = fr_frame_new(2, fr_array("a", FR_STR, cells));
    fr_item list[] = { fr_item_text(data), fr_item_text(data) };
    fr_item items[] = { fr_item_text(data), fr_item_text(data), { .kind = FR_ITEM_LIST, .as.list = { list, 2 } },
                        fr_item_rows(frame), { .kind = FR_ITEM_NONE } };
    fr_item root = { .kind = FR_ITEM_MAP, .as.map = { names, items, 5 } };
    fr_store store = { .allocator = NULL };
    fr_trouble trouble = { .code = FR_ERR_OK };
    fr_ink ink = { .room = &store };
    fr_template *t = fr_template_parse(source, n, "fuzz", FR_TEMPLATE_HTML, &store, &trouble);
    fr_template_run run = { .data = &root, .room = &store, .most_bytes = 1 << 18 };
    bool fine = t && fr_template_write(t, &run, &ink, &trouble);
    if (fine != (trouble.code == FR_ERR_OK) || trouble.code == FR_ERR_INTERNAL) __builtin_trap();
    if (fine) *out = count_of(ink.bytes, ink.n);
    fr_ink_free(&ink);
    fr_store_empty(&store);
    return fine;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    count harmless, evil;
    if (n > 4096) return 0;
    if (!fill((const char *)bytes, n, "xyz", &harmless)) return 0;
    /* larger: may reach the limit */
    if (!fill((const char *)bytes, n, "\"'><script>javascript:&{{a}}", &evil)) return 0;
    if (memcmp(&harmless, &evil, sizeof evil) != 0) __builtin_trap();
    return 0;
}
