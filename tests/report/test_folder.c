/* A folder of output files changes all at once, or not at all. */
#include "report/folder.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    REQUIRE(file != NULL);
    fputs(text, file);
    fclose(file);
}

static const char *text_of(const char *folder, const char *name)
{
    static char room[64];
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    room[fread(room, 1, sizeof room - 1, file)] = 0;
    fclose(file);
    return room;
}

static int n_entries(const char *folder)
{
    int n = 0;
    DIR *open = opendir(folder);
    for (struct dirent *entry; open && (entry = readdir(open));) n += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    if (open) closedir(open);
    return n;
}

TEST(files_appear_at_the_commit_and_not_before)
{
    const char *path = fr_test_scratch("folder/inner");
    fr_trouble trouble = { .code = FR_ERR_OK };
    fr_folder *folder = fr_folder_open(path, &trouble);
    REQUIRE(folder != NULL);
    put(fr_folder_file(folder, "page.html", &trouble), "page");
    put(fr_folder_file(folder, "data.csv", &trouble), "data");
    CHECK(fr_folder_file(folder, "never_written.csv", &trouble) != NULL);
    CHECK_STR(text_of(path, "page.html"), NULL);
    CHECK(fr_folder_commit(folder, "page.html", &trouble));
    fr_folder_close(folder);
    CHECK_STR(text_of(path, "page.html"), "page");
    CHECK_STR(text_of(path, "data.csv"), "data");
    CHECK_INT(n_entries(path), 2);
}

TEST(without_a_commit_the_old_files_stay)
{
    const char *path = fr_test_scratch("folder_kept");
    fr_trouble trouble = { .code = FR_ERR_OK };
    mkdir(path, 0777);
    char page[512];
    snprintf(page, sizeof page, "%s/page.html", path);
    put(page, "old");
    fr_folder *folder = fr_folder_open(path, &trouble);
    put(fr_folder_file(folder, "page.html", &trouble), "new");
    fr_folder_close(folder);
    CHECK_STR(text_of(path, "page.html"), "old");
    CHECK_INT(n_entries(path), 1);
}

TEST(what_cannot_be_replaced_stops_everything_before_the_first_rename)
{
    const char *path = fr_test_scratch("folder_stops");
    char inner[512];
    fr_trouble trouble = { .code = FR_ERR_OK };
    snprintf(inner, sizeof inner, "%s/b.csv", path);
    fr_folder *folder = fr_folder_open(path, &trouble);
    mkdir(inner, 0777);                                        /* a folder where a file should go */
    put(fr_folder_file(folder, "a.csv", &trouble), "a");
    put(fr_folder_file(folder, "b.csv", &trouble), "b");
    CHECK(!fr_folder_commit(folder, NULL, &trouble));
    CHECK_INT(trouble.code, FR_ERR_IO);
    fr_folder_close(folder);
    CHECK_STR(text_of(path, "a.csv"), NULL);
    CHECK_INT(n_entries(path), 1);
}

TEST(names_with_folders_in_them_are_refused)
{
    fr_trouble trouble = { .code = FR_ERR_OK };
    fr_folder *folder = fr_folder_open(fr_test_scratch("folder_names"), &trouble);
    static const char *const bad[] = { "../x", "a/b", ".hidden", "", NULL };
    for (size_t i = 0; i < 5; i++) {
        trouble.code = FR_ERR_OK;
        CHECK(fr_folder_file(folder, bad[i], &trouble) == NULL);
        CHECK_INT(trouble.code, FR_ERR_ARGUMENT);
    }
    fr_folder_close(folder);
}

TEST(a_file_is_no_folder)
{
    const char *path = fr_test_scratch("folder_file");
    fr_trouble trouble = { .code = FR_ERR_OK };
    put(path, "x");
    CHECK(fr_folder_open(path, &trouble) == NULL);
    CHECK_INT(trouble.code, FR_ERR_IO);
    CHECK(strstr(trouble.text, "Not a directory") != NULL);
}

TEST(what_a_process_that_is_gone_left_behind_is_removed)
{
    const char *path = fr_test_scratch("folder_swept");
    char left[512], file[600];
    fr_trouble trouble = { .code = FR_ERR_OK };
    mkdir(path, 0777);
    snprintf(left, sizeof left, "%s/.frame-tmp-99999999-abcdef", path);
    mkdir(left, 0777);
    snprintf(file, sizeof file, "%s/page.html", left);
    put(file, "half");
    fr_folder *folder = fr_folder_open(path, &trouble);
    CHECK_INT(n_entries(path), 1);                             /* ours alone */
    fr_folder_close(folder);
    CHECK_INT(n_entries(path), 0);
}
