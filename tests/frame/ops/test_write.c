/* write: the file holds the rows, the frame goes on; what cannot be written is refused. */
#include <frame/context.h>

#include "frame/ops/apply.h"
#include "support/memory_vfs.h"

TEST(write_puts_the_rows_into_a_file_and_passes_them_on)
{
    static memory_vfs files;
    memory_vfs_init(&files);
    fr_auto(context) context = fr_context_new(.vfs = &files.vfs);
    fr_auto(frame) frame = fr_test_frame("k: a _ b; x: 1 2 _", context);
    fr_auto(frame) same = fr_test_apply(frame, fr_write("out.csv"));
    CHECK(same == frame);
    CHECK_STR(memory_vfs_text(&files, "out.csv"), "k,x\na,1\n,2\nb,\n");
    FAILS(frame, fr_write("out.nonsense"), FR_ERR_NOT_FOUND, "");
    FAILS(frame, fr_write(""), FR_ERR_ARGUMENT, "no path");
    CHECK(memory_vfs_text(&files, "out.nonsense") == NULL);
}
