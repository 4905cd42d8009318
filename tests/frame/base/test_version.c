#include <frame/version.h>

#include "support/test.h"

TEST(running_version_is_the_one_that_was_built)
{
    CHECK_STR(fr_version(), FRAME_VERSION);
}
