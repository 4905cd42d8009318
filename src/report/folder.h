/* folder.h — a folder of output files that changes all at once, or not at all.
 *
 *     fr_folder *folder = fr_folder_open("report", &trouble);
 *     fr_auto(frame) csv = fr_write_csv(clean, fr_folder_file(folder, "cleaned.csv", &trouble));
 *     fr_auto(frame) html = fr_page_write(page, fr_folder_file(folder, "summary.html", &trouble));
 *     fine = fr_ok(csv) && html && fr_folder_commit(folder, "summary.html", &trouble);
 *     fr_folder_close(folder);                            without a commit: nothing in the folder has changed
 *
 * Files are written into a hidden folder inside the target and renamed at the end, the named one last: whatever fails
 * before that leaves the old files as they were, and a page never describes files that are not there yet. Other files in
 * the folder are not touched.
 */
#ifndef FR_REPORT_FOLDER_H
#define FR_REPORT_FOLDER_H

#include "trouble.h"

typedef struct fr_folder fr_folder;

/* Make the folder (and those above it) if need be, and a place to write in. NULL: trouble says why. */
fr_folder *fr_folder_open(const char *path, fr_trouble *trouble);

/* Where to write the file that will be called `name` (a plain name); lent until the folder is closed. NULL: trouble. */
const char *fr_folder_file(fr_folder *folder, const char *name, fr_trouble *trouble);

/* Rename everything written into place, `last` (may be NULL) after all others. Files that were asked for and never written
 * are left out. */
bool fr_folder_commit(fr_folder *folder, const char *last, fr_trouble *trouble);

/* Remove what was not committed; NULL does nothing. */
void fr_folder_close(fr_folder *folder);

#endif
