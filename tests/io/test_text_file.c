/* A whole text to and from a file. */
#include <frame/file.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "support/test.h"
#include "support/torture.h"

TEST(a_text_comes_back_as_it_was)
{
    const char *path = fr_test_scratch("text.txt");
    fr_auto(frame) receipt = fr_write_text(path, "größe\n", 8, NULL);
    REQUIRE(fr_ok(receipt));
    CHECK_STR(fr_get(receipt, 0, "path").as.s, path);
    CHECK_INT(fr_get(receipt, 0, "bytes").as.i, 8);
    fr_auto(frame) read = fr_read_text(path, 100, NULL);
    CHECK_STR(fr_get(read, 0, "text").as.s, "größe\n");
    CHECK_INT(fr_get(read, 0, "text").length, 8);
    fr_auto(frame) empty = fr_write_text(path, NULL, 0, NULL);
    CHECK(fr_ok(empty));
    fr_auto(frame) nothing = fr_read_text(path, 100, NULL);
    CHECK_INT(fr_get(nothing, 0, "text").length, 0);
    CHECK(fr_get(nothing, 0, "text").valid);
}

/* In memory that just held something else: behind the text lies no rest of it. */
TEST(a_text_is_a_string_of_c_whatever_its_length)
{
    static const size_t lengths[] = { 0, 1, 11, 12, 13, 63, 64, 4095, 4096, 70000, 300000 };
    static char text[300001], longer[400000];
    const char *path = fr_test_scratch("text4.txt"), *longer_path = fr_test_scratch("text5.txt");
    memset(text, 'a', sizeof text);
    memset(longer, 'x', sizeof longer);
    fr_auto(frame) other = fr_write_text(longer_path, longer, sizeof longer, NULL);
    REQUIRE(fr_ok(other));
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) {
        fr_auto(frame) receipt = fr_write_text(path, text, lengths[i], NULL);
        REQUIRE(fr_ok(receipt));
        for (size_t size = 16; size < sizeof longer; size *= 2) {
            fr_buffer *dirty = NULL;
            fr_call call;
            fr_call_begin(&call, NULL, NULL, 0);
            if ((dirty = fr_buffer_new(&call, size))) memset(dirty->data, 'x', size + FR_BUFFER_SLACK);
            fr_buffer_unref(dirty);
            fr_call_end(&call);
        }
        { fr_auto(frame) before = fr_read_text(longer_path, sizeof longer, NULL); CHECK(fr_ok(before)); }
        fr_auto(frame) read = fr_read_text(path, sizeof longer, NULL);
        const fr_value value = fr_get(read, 0, "text");
        CHECK_INT(value.length, lengths[i]);
        CHECK_INT(strlen(value.as.s), lengths[i]);
    }
}

TEST(what_cannot_be_written_or_read_is_an_error)
{
    fr_auto(frame) no_path = fr_write_text(NULL, "a", 1, NULL);
    CHECK_INT(fr_error_code(no_path), FR_ERR_ARGUMENT);
    fr_auto(frame) no_bytes = fr_write_text(fr_test_scratch("text2.txt"), NULL, 1, NULL);
    CHECK_INT(fr_error_code(no_bytes), FR_ERR_ARGUMENT);
    fr_auto(frame) nowhere = fr_write_text("/nowhere/at/all", "a", 1, NULL);
    CHECK_INT(fr_error_code(nowhere), FR_ERR_IO);
    fr_auto(frame) missing = fr_read_text("/nowhere/at/all", 10, NULL);
    CHECK_INT(fr_error_code(missing), FR_ERR_IO);
    const char *path = fr_test_scratch("text3.txt");
    fr_auto(frame) latin = fr_write_text(path, "gr\xf6\xdf" "e", 5, NULL);
    CHECK(fr_ok(latin));
    fr_auto(frame) not_utf8 = fr_read_text(path, 10, NULL);
    CHECK_INT(fr_error_code(not_utf8), FR_ERR_ENCODING);
    CHECK_INT(fr_error(not_utf8)->byte, 2);
    fr_auto(frame) too_large = fr_read_text(path, 4, NULL);
    CHECK_INT(fr_error_code(too_large), FR_ERR_LIMIT);
}

static fr_outcome write_and_read(fr_context *context, void *path)
{
    fr_auto(frame) receipt = fr_write_text(path, "text", 4, context);
    if (!fr_ok(receipt)) return fr_outcome_of(receipt);
    fr_auto(frame) read = fr_read_text(path, 100, context);
    return fr_outcome_of(read);
}

TEST(a_text_survives_every_failure) { TORTURE(write_and_read, (void *)fr_test_scratch("text4.txt")); }

/* ---- names ------------------------------------------------------------------------------------------------------- */
static const char *path_of(const char *folder, const char *name, char room[1024])
{
    snprintf(room, 1024, "%s/%s", folder, name);
    return room;
}

static void put(const char *folder, const char *name)
{
    char room[1024];
    fr_auto(frame) receipt = fr_write_text(path_of(folder, name, room), "a\n1\n", 4, NULL);
    CHECK(fr_ok(receipt));
}

TEST(a_file_is_known_under_every_name)
{
    static const struct { const char *name, *path; bool same; } cases[] = {
        { "one.csv", "one.csv", true }, { "one.csv", "./one.csv", true }, { "./link.csv", "one.csv", true },
        { "hard.csv", "link.csv", true }, { "one.csv", "two.csv", false }, { "one.csv", "not_there.csv", false },
        { "not_there.csv", "one.csv", false }, { "not_there.csv", "././not_there.csv", true },
        { "not_there.csv", "no_folder/not_there.csv", false }, { "o*.csv", "one.csv", true }, { "?wo.csv", "one.csv", false },
        { "[ot]*.csv", "two.csv", true }, { "no*.csv", "one.csv", false }, { ".", ".", false }, { "", "", false },
    };
    char folder[] = "/tmp/frame-names-XXXXXX", name[1024], path[1024];
    REQUIRE(mkdtemp(folder));
    put(folder, "one.csv"), put(folder, "two.csv");
    CHECK_INT(symlink("one.csv", path_of(folder, "link.csv", path)), 0);
    CHECK_INT(link(path_of(folder, "one.csv", name), path_of(folder, "hard.csv", path)), 0);
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++) {
        const bool same = fr_is_file(path_of(folder, cases[i].name, name), path_of(folder, cases[i].path, path), NULL);
        if (same != cases[i].same) fprintf(stderr, "%s, %s\n", cases[i].name, cases[i].path);
        CHECK_INT(same, cases[i].same);
    }
    CHECK(!fr_is_file("-", "-", NULL) && !fr_is_file(NULL, name, NULL) && !fr_is_file(name, NULL, NULL));
    static const char *const made[] = { "one.csv", "two.csv", "link.csv", "hard.csv", "" };
    for (size_t i = 0; i < FR_COUNT_OF(made); i++) (void)remove(path_of(folder, made[i], path));
}
