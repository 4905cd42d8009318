/* test_plot_version.c — libframe-plot-1 and libframe-1 say the same version. */
#include <frame/plot.h>

#include "support/test.h"

TEST(both_libraries_are_of_one_version)
{
    CHECK_STR(fr_plot_version(), fr_version());
}
