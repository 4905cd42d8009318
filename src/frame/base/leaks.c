/* leaks.c — the list of live objects, kept only when FRAME_LEAKS is set to something other than 0.
 *
 *     frame: 1 object was not released
 *     frame:   frame made at main.c:7
 *
 * This is the one file of the library that writes to stderr, and only after main has returned.
 */
#include "base/leaks.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    pthread_mutex_t lock;
    atomic_int      wanted;      /* -1 until the environment was asked */
    fr_object      *first;
    size_t          count;
} leaks = { .lock = PTHREAD_MUTEX_INITIALIZER, .wanted = -1 };

static bool wanted(void)
{
    int answer = atomic_load_explicit(&leaks.wanted, memory_order_relaxed);
    if (answer < 0) {
        const char *setting = getenv("FRAME_LEAKS");
        answer = setting && *setting && strcmp(setting, "0") != 0;
        atomic_store_explicit(&leaks.wanted, answer, memory_order_relaxed);
    }
    return answer;
}

void fr_leaks_add(fr_object *object)
{
    if (!wanted()) return;
    pthread_mutex_lock(&leaks.lock);
    object->previous = NULL;
    object->next = leaks.first;
    if (leaks.first) leaks.first->previous = object;
    leaks.first = object;
    leaks.count++;
    pthread_mutex_unlock(&leaks.lock);
}

void fr_leaks_remove(fr_object *object)
{
    if (!wanted()) return;
    pthread_mutex_lock(&leaks.lock);
    if (object->previous) object->previous->next = object->next;
    else leaks.first = object->next;
    if (object->next) object->next->previous = object->previous;
    leaks.count--;
    pthread_mutex_unlock(&leaks.lock);
}

size_t fr_leaks_count(void)
{
    pthread_mutex_lock(&leaks.lock);
    size_t count = leaks.count;
    pthread_mutex_unlock(&leaks.lock);
    return count;
}

void fr_leaks_lock(void)
{
    pthread_mutex_lock(&leaks.lock);
}

void fr_leaks_unlock(void)
{
    pthread_mutex_unlock(&leaks.lock);
}

static void tell(const char *line, int length)
{
    if (length > 0 && write(STDERR_FILENO, line, (size_t)length) < 0) return;
}

/* At the end of the process; the list is walked from its end, so the oldest object comes first. */
__attribute__((destructor)) static void report(void)
{
    if (atomic_load_explicit(&leaks.wanted, memory_order_relaxed) != 1 || fr_leaks_count() == 0) return;
    char line[512];
    pthread_mutex_lock(&leaks.lock);
    size_t count = leaks.count;
    tell(line, snprintf(line, sizeof line, "frame: %zu object%s not released\n", count, count == 1 ? " was"
                        : "s were"));
    const fr_object *object = leaks.first;
    while (object && object->next) object = object->next;
    for (; object; object = object->previous) {
        int length = snprintf(line, sizeof line, "frame:   %s made at %.300s:%lld\n", object->class_->name,
                              object->file ? object->file : "(unknown)", (long long)object->line);
        tell(line, length);
    }
    pthread_mutex_unlock(&leaks.lock);
}
