/* replay.c — compiled once per fuzz target: a test that puts every file of its corpus, the empty input, and each file
 * cut at eight places through the target. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "support/test.h"

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

static uint8_t *slurp(const char *path, size_t *n)
{
    FILE *in = fopen(path, "rb");
    if (!in) return NULL;
    size_t capacity = 1 << 20;
    uint8_t *bytes = malloc(capacity);
    *n = bytes ? fread(bytes, 1, capacity, in) : 0;
    fclose(in);
    return bytes;
}

/* In a block of exactly n bytes, so that a sanitizer sees one byte too far. */
static void put_through(const uint8_t *bytes, size_t n)
{
    uint8_t *exact = calloc(n ? n : 1, 1);
    if (!exact) return;
    if (n) memcpy(exact, bytes, n);
    (void)LLVMFuzzerTestOneInput(exact, n);
    free(exact);
}

static void replay_corpus(void)
{
    put_through(NULL, 0);
    const char *folder = fr_test_path("tests/fuzz/corpus/" TEXT(FUZZ_NAME));
    DIR *directory = opendir(folder);
    if (!directory) SKIP("no corpus yet");
    for (struct dirent *entry; (entry = readdir(directory));) {
        char path[4096];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        size_t n = 0;
        uint8_t *bytes = slurp(path, &n);
        for (size_t cut = 0; bytes && cut <= 8; cut++) put_through(bytes, n * cut / 8);
        free(bytes);
    }
    closedir(directory);
    CHECK(true);
}

__attribute__((constructor)) static void register_replay(void)
{
    static fr_test test = { .name = TEXT(FUZZ_NAME), .file = "fuzz", .run = replay_corpus };
    fr_test_register(&test);
}
