/* Streaming what comes in pieces: the same bytes as a plain copy, from any place, and nothing beside them. */
#include "kernel/stream.h"
#include "support/test.h"

enum { ROOM = 3 * FR_HELD_BYTES };

/* Pieces of 0 … most bytes, each written with a vector too much, as kernels may. */
static void stream_in_pieces(size_t at, size_t n, size_t most, uint64_t seed)
{
    static _Alignas(64) unsigned char out[ROOM + 128];
    static unsigned char from[ROOM + 128];
    for (size_t i = 0; i < sizeof from; i++) from[i] = (unsigned char)(i * 7 + (i >> 8) + seed);
    memset(out, 0xee, sizeof out);
    fr_held held;
    fr_held_begin(&held, out + at);
    for (size_t done = 0; done < n;) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        size_t piece = (size_t)(seed >> 33) % (most + 1);
        piece = piece < n - done ? piece : n - done;
        memcpy(fr_held_room(&held), from + done, piece + 64);
        fr_held_add(&held, piece);
        done += piece;
    }
    fr_held_end(&held);
    CHECK(!memcmp(out + at, from, n));
    for (size_t i = 0; i < sizeof out; i++)
        if ((i < at || i >= at + n) && out[i] != 0xee) CHECK(false);
}

TEST(pieces_are_streamed_as_they_would_be_copied)
{
    static const size_t places[] = { 0, 1, 4, 8, 16, 63 }, lengths[] = { 0, 1, 3, 63, 64, 65, 127, 511, 8192, 20001 };
    static const size_t pieces[] = { 1, 17, 64, 1000, FR_HELD_BYTES };
    for (size_t i = 0; i < FR_COUNT_OF(places); i++)
        for (size_t j = 0; j < FR_COUNT_OF(lengths); j++)
            for (size_t k = 0; k < FR_COUNT_OF(pieces); k++)
                stream_in_pieces(places[i], lengths[j], pieces[k], 10 * i + j);
}
