/* formats.c — the registry of file formats, and which one a path names.
 *
 *     sales.csv  SALES.CSV  sales.csv.gz  -        → csv        - is standard input or output
 *     sales.xyz                                    → NOT_FOUND, with the endings that are known
 */
#include "data/source.h"

#include <string.h>

#include "base/memory.h"
#include "base/path_ending.h"

#define FORMAT(name) extern const fr_format fr_##name##_format;
#include "io/formats.def.h"
#undef FORMAT

static const fr_format *const formats[] = {
#define FORMAT(name) &fr_##name##_format,
#include "io/formats.def.h"
#undef FORMAT
    NULL,
};

const fr_format *const *fr_formats(size_t *n)
{
    *n = FR_COUNT_OF(formats) - 1;
    return formats;
}

static void fail_unknown(fr_call *call, const char *path)
{
    FR_CLEANUP(fr_text_clear) fr_text known = FR_TEXT_INIT(call);
    bool ok = fr_text_add(call, &known, "endings that are known:");
    for (size_t i = 0; ok && formats[i]; i++) ok = fr_text_format(call, &known, " %s", formats[i]->extensions);
    if (ok) fr_fail_at(call, fr_place_at(.path = path, .hint = known.bytes), FR_ERR_NOT_FOUND,
                       "the name does not say which format the file has");
}

const fr_format *fr_format_of_path(fr_call *call, const char *path)
{
    const fr_format *found = NULL;
    size_t longest = 0;
    if (!strcmp(path, "-") && formats[0]) return formats[0];
    for (size_t i = 0; formats[i]; i++) {
        size_t n = fr_path_ending(path, formats[i]->extensions);
        if (n > longest) found = formats[i], longest = n;
    }
    if (!found) fail_unknown(call, path);
    return found;
}
