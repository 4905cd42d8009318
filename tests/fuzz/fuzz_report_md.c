/* Any text as a report. It sees one small file, t.csv, and no other. A page that is made has balanced elements, no script,
 * and none of the marks the text passes the Markdown parser with. */
#include "report/narrative.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

static const char table[] = "a,b,c\n1,x,2024-01-01\n2,<y>,2024-02-01\n3,*z*,\n";

/* ---- a file system of one file ----------------------------------------------------------------------------------- */
static int open_(void *user, const char *path, uint32_t flags, uint32_t mode)
{
    (void)user, (void)mode;
    return strcmp(path, "t.csv") == 0 && !(flags & FR_OPEN_WRITE) ? 7 : -ENOENT;
}

static int64_t pread_(void *user, int handle, void *bytes, size_t n, int64_t offset)
{
    (void)user, (void)handle;
    size_t size = sizeof table - 1, from = offset < 0 || (size_t)offset > size ? size : (size_t)offset;
    size_t take = n < size - from ? n : size - from;
    memcpy(bytes, table + from, take);
    return (int64_t)take;
}

static int64_t read_(void *user, int handle, void *bytes, size_t n) { return (void)user, (void)handle, (void)bytes, (void)n, 0; }
static int64_t write_(void *u, int h, const void *b, size_t n) { return (void)u, (void)h, (void)b, (void)n, -EROFS; }
static int64_t pwrite_(void *u, int h, const void *b, size_t n, int64_t o)
{
    return (void)u, (void)h, (void)b, (void)n, (void)o, -EROFS;
}
static int done(void *user, int handle) { return (void)user, (void)handle, 0; }

static int fstat_(void *user, int handle, fr_file_stat *out)
{
    (void)user, (void)handle;
    *out = (fr_file_stat){ .size_bytes = sizeof table - 1, .inode = 1, .mode = 0444, .kind = FR_FILE_REGULAR };
    return 0;
}

static int stat_(void *user, const char *path, fr_file_stat *out)
{
    return strcmp(path, "t.csv") == 0 ? fstat_(user, 7, out) : -ENOENT;
}

static int rename_(void *u, const char *a, const char *b) { return (void)u, (void)a, (void)b, -EROFS; }
static int unlink_(void *u, const char *a) { return (void)u, (void)a, -EROFS; }
static int mkdir_(void *u, const char *a, uint32_t m) { return (void)u, (void)a, (void)m, -EROFS; }
static int list_(void *u, const char *a, bool (*each)(void *, const char *), void *s)
{
    return (void)u, (void)a, (void)each, (void)s, -ENOENT;
}

/* ---- what a page must be ----------------------------------------------------------------------------------------- */
static size_t times(const char *text, size_t n, const char *word)
{
    size_t count = 0, length = strlen(word);
    for (const char *p = text; (p = memmem(p, n - (size_t)(p - text), word, length)); p += length) count++;
    return count;
}

static void check(const char *html, size_t n)
{
    static const char *const tags[] = { "section", "table", "ul", "ol", "details", "figure", "strong", "code", "blockquote" };
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        char open[32], bare[32], close[32];
        snprintf(open, sizeof open, "<%s ", tags[i]);
        snprintf(bare, sizeof bare, "<%s>", tags[i]);
        snprintf(close, sizeof close, "</%s>", tags[i]);
        if (times(html, n, open) + times(html, n, bare) != times(html, n, close)) __builtin_trap();
    }
    if (times(html, n, "<script") || times(html, n, "\xef\xb7\x90") || times(html, n, "\xef\xb7\x92")) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n > 8192) return 0;
    fr_vfs vfs = { .size_ = sizeof vfs, .open = open_, .read = read_, .pread = pread_, .write = write_, .pwrite = pwrite_,
                   .fsync = done, .close = done, .stat = stat_, .fstat = fstat_, .rename = rename_, .unlink = unlink_,
                   .mkdir = mkdir_, .list = list_ };
    fr_auto(context) context = fr_context_new(.vfs = &vfs, .threads = 1, .limits.memory_bytes = 256u << 20);
    fr_trouble trouble = { .code = FR_ERR_OK };
    fr_narrative_args args = { .file = "fuzz.md", .text = (const char *)bytes, .n = n, .context = context };
    fr_page *page = fr_narrative_page(&args, &trouble);
    size_t size;
    const char *html = page ? fr_page_html(page, &size) : NULL;
    if (!page && trouble.code == FR_ERR_OK) __builtin_trap();
    if (trouble.code == FR_ERR_INTERNAL) __builtin_trap();
    if (html) check(html, size);
    fr_page_free(page);
    return 0;
}
