/* bench_csv.c — how fast a CSV file is read: bench-csv FILE [runs [threads]]
 *
 * Prints rows, bytes, threads, CPU, the time of each run, the best as GB/s, and the peak of memory beside the size of the
 * frame. The file is read once before, so that it is in the page cache.
 */
#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double cpu_seconds(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) + 1e-6 * (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

static long peak_mb(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss / 1024;
}

static void print_cpu(void)
{
    char line[256];
    FILE *in = fopen("/proc/cpuinfo", "r");
    while (in && fgets(line, sizeof line, in))
        if (!strncmp(line, "model name", 10)) {
            printf("cpu      %s", strchr(line, ':') + 2);
            break;
        }
    if (in) fclose(in);
}

static void warm(const char *path)
{
    static char block[1 << 20];
    FILE *in = fopen(path, "rb");
    while (in && fread(block, 1, sizeof block, in) == sizeof block) { }
    if (in) fclose(in);
}

int main(int argc, char **argv)
{
    if (argc < 2) return fprintf(stderr, "usage: bench-csv FILE [runs [threads]]\n"), 2;
    int runs = argc > 2 ? atoi(argv[2]) : 5;
    fr_auto(context) context = fr_context_new(.threads = argc > 3 ? (uint32_t)atoi(argv[3]) : 0);
    struct stat st;
    if (stat(argv[1], &st)) return perror(argv[1]), 1;
    warm(argv[1]);
    print_cpu();
    printf("threads  %u\nbytes    %lld\n", fr_context_threads(context), (long long)st.st_size);
    double best = 1e9;
    for (int run = 0; run < runs; run++) {
        double began = now(), cpu = cpu_seconds();
        fr_auto(frame) frame = fr_read_csv(argv[1], .context = context);
        double seconds = now() - began;
        if (!fr_ok(frame)) return fr_print_error(frame);
        best = seconds < best ? seconds : best;
        if (run == 0) {
            printf("rows     %lld x %zu\n", (long long)fr_length(frame), fr_width(frame));
            printf("memory   frame %llu MB, peak %llu MB of the context, %ld MB of the process\n",
                   (unsigned long long)(fr_context_live_bytes(context) >> 20),
                   (unsigned long long)(fr_context_peak_bytes(context) >> 20), peak_mb());
        }
        printf("run %d    %.3f s, %.3f s of CPU\n", run + 1, seconds, cpu_seconds() - cpu);
    }
    printf("best     %.3f s = %.2f GB/s\n", best, (double)st.st_size / best * 1e-9);
    return 0;
}
