/* png_write.c — pixels as a PNG of few bytes, with resolution, colour space, title and description.
 *
 *     count     at most 256 colours, or shades of them (png_palette.c): a palette, with 1, 2, 4 or 8 bits a pixel; else
 *               RGB, or RGBA where anything is transparent
 *     filter    palettes none; RGB rows the one of the five filters whose output has the smallest sum of absolute values
 *               (the heuristic of the PNG specification, 12.8), a row equal to the one above without looking further
 *     deflate   libdeflate where the build found it, else zlib
 *
 * Source   PNG specification, third edition (W3C 2023).
 */
#include "plot/render/png_write.h"

#include <string.h>

#include "plot/render/png_palette.h"

#ifdef FR_PLOT_LIBDEFLATE
#include <libdeflate.h>
#else
#include <zlib.h>
#endif

enum { LEVEL = 7 };      /* level 8 makes a dense chart 2 % smaller and takes 15 ms more */
enum { TYPE_RGB = 2, TYPE_PALETTE = 3, TYPE_RGBA = 6 };

typedef struct encoder {
    fr_call          *call;
    const fr_picture *picture;
    fr_png_palette   *colours;
    uint8_t          *rows;                 /* filter byte and data, row after row */
    size_t            row_bytes, size;      /* of one without its filter byte; of all */
    int               type, depth;
} encoder;

/* ---- colours ----------------------------------------------------------------------------------------------------- */

/* Undo the multiplication by alpha, rounding to nearest. */
static uint32_t straight(uint32_t pixel)
{
    uint32_t alpha = pixel >> 24;
    if (alpha == 255) return pixel;
    if (alpha == 0) return 0;
    uint32_t r = ((pixel >> 16 & 255) * 255 + alpha / 2) / alpha, g = ((pixel >> 8 & 255) * 255 + alpha / 2) / alpha;
    uint32_t b = ((pixel & 255) * 255 + alpha / 2) / alpha;
    return alpha << 24 | (r > 255 ? 255 : r) << 16 | (g > 255 ? 255 : g) << 8 | (b > 255 ? 255 : b);
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static void pack_palette_row(const encoder *e, const uint32_t *pixels, uint8_t *row)
{
    size_t per_byte = 8 / (size_t)e->depth;
    uint32_t last = ~pixels[0];
    unsigned number = 0;
    for (size_t x = 0; x < e->picture->width; x++) {
        if (pixels[x] != last) number = fr_png_entry_of(e->colours, last = pixels[x]);
        size_t shift = 8 - (size_t)e->depth * (x % per_byte + 1);
        row[x / per_byte] = (uint8_t)(row[x / per_byte] | number << shift);
    }
}

static void pack_rgb_row(const encoder *e, const uint32_t *pixels, uint8_t *row)
{
    for (size_t x = 0; x < e->picture->width; x++, row += e->type == TYPE_RGBA ? 4 : 3) {
        uint32_t c = e->type == TYPE_RGBA ? straight(pixels[x]) : pixels[x];
        row[0] = (uint8_t)(c >> 16);
        row[1] = (uint8_t)(c >> 8);
        row[2] = (uint8_t)c;
        if (e->type == TYPE_RGBA) row[3] = (uint8_t)(c >> 24);
    }
}

static uint8_t paeth(int a, int b, int c)
{
    int p = a + b - c, pa = p > a ? p - a : a - p, pb = p > b ? p - b : b - p, pc = p > c ? p - c : c - p;
    return (uint8_t)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

/* One row filtered; `up` is the row above, `step` the bytes of a pixel. */
static void filter(int kind, const uint8_t *row, const uint8_t *up, size_t n, size_t step, uint8_t *out)
{
    for (size_t i = 0; i < step; i++) {
        uint8_t guess = kind == 0 || kind == 1 ? 0 : kind == 3 ? (uint8_t)(up[i] / 2) : up[i];
        out[i] = (uint8_t)(row[i] - guess);
    }
    if (kind == 0) memcpy(out, row, n);
    if (kind == 1) for (size_t i = step; i < n; i++) out[i] = (uint8_t)(row[i] - row[i - step]);
    if (kind == 2) for (size_t i = step; i < n; i++) out[i] = (uint8_t)(row[i] - up[i]);
    if (kind == 3) for (size_t i = step; i < n; i++) out[i] = (uint8_t)(row[i] - (row[i - step] + up[i]) / 2);
    if (kind == 4) for (size_t i = step; i < n; i++) out[i] = (uint8_t)(row[i] - paeth(row[i - step], up[i], up[i - step]));
}

static uint64_t sum_of_magnitudes(const uint8_t *bytes, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) sum += bytes[i] < 128 ? bytes[i] : 256u - bytes[i];
    return sum;
}

/* Filters `row` into `out`, whose first byte says how; `trial` has room for one row. */
static void choose_filter(const encoder *e, const uint8_t *row, const uint8_t *up, uint8_t *trial, uint8_t *out)
{
    size_t n = e->row_bytes, step = e->type == TYPE_RGBA ? 4 : 3;
    uint64_t best = UINT64_MAX;
    bool repeated = memcmp(row, up, n) == 0;
    for (int kind = repeated ? 2 : 0; kind < (repeated ? 3 : 5); kind++) {
        filter(kind, row, up, n, step, trial);
        uint64_t sum = sum_of_magnitudes(trial, n);
        if (sum >= best) continue;
        best = sum;
        out[0] = (uint8_t)kind;
        memcpy(out + 1, trial, n);
    }
}

static bool filter_rows(encoder *e)
{
    size_t n = e->row_bytes;
    uint8_t *work = fr_new_array(e->call, n, 3), *row = work, *up = work ? work + n : NULL;
    if (!work) return false;
    for (size_t y = 0; y < e->picture->height; y++) {
        pack_rgb_row(e, e->picture->pixels + y * e->picture->stride, row);
        choose_filter(e, row, up, work + 2 * n, e->rows + y * (n + 1));
        uint8_t *other = up;
        up = row;
        row = other;
    }
    fr_free_array(e->call->context, work, n, 3);
    return true;
}

static bool make_rows(encoder *e)
{
    const fr_png_palette *p = e->colours;
    bool few = p->fits;
    e->type = few ? TYPE_PALETTE : p->opaque ? TYPE_RGB : TYPE_RGBA;
    e->depth = !few || p->n > 16 ? 8 : p->n > 4 ? 4 : p->n > 2 ? 2 : 1;
    size_t bits = e->type == TYPE_RGBA ? 32 : e->type == TYPE_RGB ? 24 : (size_t)e->depth;
    e->row_bytes = (e->picture->width * bits + 7) / 8;
    if (!fr_size_mul(e->row_bytes + 1, e->picture->height, &e->size)) return fr_fail_memory(e->call, SIZE_MAX);
    if (!(e->rows = fr_new(e->call, e->size))) return false;
    if (!few) return filter_rows(e);
    for (size_t y = 0; y < e->picture->height; y++)
        pack_palette_row(e, e->picture->pixels + y * e->picture->stride, e->rows + y * (e->row_bytes + 1) + 1);
    return true;
}

/* ---- chunks ------------------------------------------------------------------------------------------------------ */

static uint32_t check_sum(uint32_t before, const void *bytes, size_t n)
{
#ifdef FR_PLOT_LIBDEFLATE
    return libdeflate_crc32(before, bytes, n);
#else
    return (uint32_t)crc32_z(before, bytes, n);
#endif
}

static void put_u32(uint8_t *out, uint32_t x)
{
    for (int i = 0; i < 4; i++) out[i] = (uint8_t)(x >> (24 - 8 * i));
}

static bool put_chunk(const encoder *e, const char *name, const void *bytes, size_t n, fr_text *out)
{
    uint8_t size[4], sum[4];
    if (n > INT32_MAX) return fr_fail(e->call, FR_ERR_LIMIT, "a PNG part of %zu bytes: too many", n);
    put_u32(size, (uint32_t)n);
    put_u32(sum, check_sum(check_sum(0, name, 4), bytes, n));
    return fr_text_append(e->call, out, (const char *)size, 4) && fr_text_append(e->call, out, name, 4) &&
           fr_text_append(e->call, out, bytes, n) && fr_text_append(e->call, out, (const char *)sum, 4);
}

static bool put_header(const encoder *e, fr_text *out)
{
    uint8_t header[13] = { [8] = (uint8_t)e->depth, [9] = (uint8_t)e->type }, density[9] = { [8] = 1 };   /* per metre */
    put_u32(header, (uint32_t)e->picture->width);
    put_u32(header + 4, (uint32_t)e->picture->height);
    uint32_t per_metre = (uint32_t)(e->picture->dpi / 0.0254 + 0.5);
    put_u32(density, per_metre);
    put_u32(density + 4, per_metre);
    return fr_text_append(e->call, out, "\x89PNG\r\n\x1a\n", 8) && put_chunk(e, "IHDR", header, sizeof header, out) &&
           put_chunk(e, "sRGB", "\0", 1, out) && put_chunk(e, "pHYs", density, sizeof density, out);
}

static bool is_ascii(const char *text)
{
    while (*text && (unsigned char)*text < 0x80) text++;
    return !*text;
}

/* tEXt holds Latin-1 and every program reads it; iTXt holds UTF-8. */
static bool put_text(const encoder *e, const char *key, const char *text, fr_text *out)
{
    FR_CLEANUP(fr_text_clear) fr_text body = FR_TEXT_INIT(e->call);
    if (!text[0]) return true;
    bool ascii = is_ascii(text);
    return fr_text_append(e->call, &body, key, strlen(key) + 1) &&
           (ascii || fr_text_append(e->call, &body, "\0\0\0\0", 4)) &&       /* not compressed, no language */
           fr_text_add(e->call, &body, text) && put_chunk(e, ascii ? "tEXt" : "iTXt", body.bytes, body.length, out);
}

static bool put_palette(const encoder *e, fr_text *out)
{
    uint8_t rgb[FR_PNG_COLOURS * 3], alpha[FR_PNG_COLOURS];
    const fr_png_palette *p = e->colours;
    if (e->type != TYPE_PALETTE) return true;
    for (size_t i = 0; i < p->n; i++) {
        uint32_t colour = straight(p->entries[i]);
        for (int k = 0; k < 3; k++) rgb[3 * i + (size_t)k] = (uint8_t)(colour >> (16 - 8 * k));
        alpha[i] = (uint8_t)(colour >> 24);
    }
    return put_chunk(e, "PLTE", rgb, 3 * p->n, out) && (p->opaque || put_chunk(e, "tRNS", alpha, p->n, out));
}

/* ---- deflate ----------------------------------------------------------------------------------------------------- */

#ifdef FR_PLOT_LIBDEFLATE
static bool deflate_rows(const encoder *e, uint8_t *to, size_t room, size_t *n)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(LEVEL);
    if (!compressor) return fr_fail_memory(e->call, 0);
    *n = libdeflate_zlib_compress(compressor, e->rows, e->size, to, room);
    libdeflate_free_compressor(compressor);
    return *n > 0 || fr_fail(e->call, FR_ERR_INTERNAL, "deflate ran out of room");
}

static size_t deflate_room(const encoder *e) { return libdeflate_zlib_compress_bound(NULL, e->size); }
#else
static bool deflate_rows(const encoder *e, uint8_t *to, size_t room, size_t *n)
{
    uLongf used = room;
    int status = compress2(to, &used, e->rows, e->size, LEVEL);
    *n = used;
    if (status == Z_MEM_ERROR) return fr_fail_memory(e->call, 0);
    return status == Z_OK || fr_fail(e->call, FR_ERR_INTERNAL, "deflate failed: %d", status);
}

static size_t deflate_room(const encoder *e) { return compressBound(e->size); }
#endif

static bool put_pixels(const encoder *e, fr_text *out)
{
    size_t room = deflate_room(e), n = 0;
    uint8_t *packed = fr_new(e->call, room);
    if (!packed) return false;
    bool done = deflate_rows(e, packed, room, &n) && put_chunk(e, "IDAT", packed, n, out);
    fr_free(e->call->context, packed, room);
    return done;
}

static bool encode(encoder *e, fr_text *out)
{
    fr_png_palette_make(e->colours, e->picture);
    return make_rows(e) && put_header(e, out) && put_text(e, "Title", e->picture->title, out) &&
           put_text(e, "Description", e->picture->description, out) && put_palette(e, out) && put_pixels(e, out) &&
           put_chunk(e, "IEND", "", 0, out);
}

bool fr_png_write(fr_call *call, const fr_picture *picture, fr_text *out)
{
    fr_png_palette *colours = fr_new(call, sizeof *colours);
    if (!colours) return false;
    encoder e = { .call = call, .picture = picture, .colours = colours };
    bool done = encode(&e, out);
    if (e.rows) fr_free(call->context, e.rows, e.size);
    fr_free(call->context, colours, sizeof *colours);
    return done;
}
