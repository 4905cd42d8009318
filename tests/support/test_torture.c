/* The base of everything under torture: reading a whole file and writing one atomically. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/vfs.h"
#include "support/test.h"
#include "support/torture.h"

static fr_outcome slurp(fr_context *context, void *path)
{
    fr_call call;
    uint64_t digest = 0;
    char *text = NULL;
    size_t n = 0;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    if (fr_file_slurp(&call, path, 1 << 20, &text, &n)) {
        digest = fr_digest(0, text, n);
        fr_free(call.context, text, n + 1);
    }
    return fr_outcome_of_call(&call, digest);
}

TEST(slurp_survives_every_failure)
{
    TORTURE(slurp, (void *)(uintptr_t)fr_test_path("datasets/products.csv"));
}

/* The file is the old one or the new one, and the outcome says which. */
static fr_outcome replace(fr_context *context, void *path)
{
    static const char old[] = "old\n", new[] = "new and longer\n";
    FILE *file = fopen(path, "w");
    if (!file || fputs(old, file) < 0 || fclose(file)) return (fr_outcome){ .code = FR_ERR_INTERNAL };

    fr_call call;
    fr_writer writer;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    bool done = fr_writer_open(&call, path, &writer) && fr_writer_write(&call, &writer, new, sizeof new - 1) &&
                fr_writer_commit(&call, &writer);
    if (!done) fr_writer_abort(&writer);

    char found[64] = "";
    file = fopen(path, "r");
    CHECK(file && fread(found, 1, sizeof found - 1, file) > 0);
    if (file) fclose(file);
    CHECK(strcmp(found, new) == 0 || (!done && strcmp(found, old) == 0));
    return fr_outcome_of_call(&call, fr_digest(0, found, strlen(found)));
}

TEST(a_replaced_file_is_the_old_or_the_new_one)
{
    char path[256];
    snprintf(path, sizeof path, "%s", fr_test_scratch("replaced.txt"));
    TORTURE(replace, path);
}
