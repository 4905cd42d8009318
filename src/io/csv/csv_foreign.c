/* csv_foreign.c — what people hand over that is no delimited text: JSON, XML, web pages, Parquet, workbooks,
 * databases.
 *
 * Read as text with separators, JSON would be an error about quotes at best, and at worst a table of brackets:
 *
 *     [{"a": 1}, …    {"a": 1}     JSON beyond doubt
 *     [1, 2, 3]       {            JSON if the file is called so; else perhaps a header
 *     <?xml …         <!doctype    XML, a web page: saved instead of the table it showed
 */
#include "io/csv/csv_foreign.h"

#include <string.h>

#include "base/path_ending.h"

static const char READ[] = "delimited text is read: CSV, TSV and the like, also gzipped";

static const struct { const char *bytes; size_t n; const char *what, *advice; } known[] = {
    { "PAR1", 4, "a Parquet file", READ },
    { "ARROW1", 6, "an Arrow file", READ },
    { "PK\3\4", 4, "a ZIP file or a workbook of Excel", "unpack it, or save it as CSV" },
    { "SQLite format 3", 16, "a database of SQLite", "export a table as CSV" },
    { "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "an old workbook of Excel", "save it as CSV" },
    { "\x28\xb5\x2f\xfd", 4, "compressed by zstd", "zstd -dc unpacks it; gzip is read" },
    { "\xfd" "7zXZ", 6, "compressed by xz", "xz -dc unpacks it; gzip is read" },
    { "BZh91AY&SY", 10, "compressed by bzip2", "bzip2 -dc unpacks it; gzip is read" },
    { "\x04\x22\x4d\x18", 4, "compressed by lz4", "lz4 -dc unpacks it; gzip is read" },
    { "\x1f\x8b", 2, "gzip within gzip", "gzip -dc unpacks it once" },
    { "%PDF-", 5, "a PDF file", READ },
    { "\x89HDF\r\n\x1a\n", 8, "an HDF5 file", READ },
};

/* Texts by how they begin, in capitals. */
static const struct { const char *begin, *what, *looks, *advice; } texts[] = {
    { "<?XML", "XML", "this looks like XML, which is not read yet", READ },
    { "<!DOCTYPE HTML", "a web page", "this looks like a web page, which is not read yet",
      "download the file itself, not the page that shows it" },
    { "<HTML", "a web page", "this looks like a web page, which is not read yet",
      "download the file itself, not the page that shows it" },
    { "OFXHEADER:", "a bank's OFX file", "this looks like OFX, which is not read yet", "banks offer CSV as well" },
};

/* The next character that is no blank; 0 at the end. */
static char next_mark(const char *text, size_t n, size_t *at)
{
    while (*at < n && (text[*at] == ' ' || text[*at] == '\t' || text[*at] == '\r' || text[*at] == '\n')) ++*at;
    return *at < n ? text[(*at)++] : 0;
}

static fr_csv_foreign json_of(const char *text, size_t n, const char *path)
{
    size_t at = 0;
    const char first = next_mark(text, n, &at), second = next_mark(text, n, &at);
    if (first != '{' && first != '[') return (fr_csv_foreign){ .what = NULL };
    const bool inside = first == '{' ? second == '"' || second == '}' : second == '{' || second == '[' || second == '"';
    const bool named = path && fr_path_ending(path, ".json .jsonl .ndjson .geojson .json.gz .jsonl.gz .ndjson.gz");
    return (fr_csv_foreign){ .what = "JSON", .advice = READ, .looks = "this looks like JSON, which is not read yet",
                             .certain = inside || named };
}

static bool begins(const char *text, size_t n, const char *capitals)
{
    size_t i = 0;
    for (; i < n && capitals[i]; i++) {
        const char c = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A') : text[i];
        if (c != capitals[i]) return false;
    }
    return !capitals[i];
}

static fr_csv_foreign text_of(const char *text, size_t n)
{
    size_t at = 0;
    if (!next_mark(text, n, &at)) return (fr_csv_foreign){ .what = NULL };
    at--;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (begins(text + at, n - at, texts[i].begin))
            return (fr_csv_foreign){ .what = texts[i].what, .advice = texts[i].advice, .looks = texts[i].looks, .certain = true };
    return (fr_csv_foreign){ .what = NULL };
}

fr_csv_foreign fr_csv_foreign_of(const char *text, size_t n, const char *path)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (n >= known[i].n && !memcmp(text, known[i].bytes, known[i].n))
            return (fr_csv_foreign){ .what = known[i].what, .advice = known[i].advice, .certain = true };
    const fr_csv_foreign found = text_of(text, n);
    return found.what ? found : json_of(text, n, path);
}
