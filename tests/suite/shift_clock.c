/* Preloaded, moves the wall clock of a process by CLOCK_SHIFT_MS milliseconds. The monotonic clocks stay true, and so do
 * sleeps and time-outs. The variable is read at each call, so that a test can move itself and what it starts. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void shift(struct timespec *at) {
    const char *text = getenv("CLOCK_SHIFT_MS");
    long long ms = text ? strtoll(text, NULL, 10) : 0;
    long long ns = at->tv_nsec + ms % 1000 * 1000000LL;
    at->tv_sec += ms / 1000 + (ns >= 1000000000LL) - (ns < 0);
    at->tv_nsec = ns + (ns < 0) * 1000000000LL - (ns >= 1000000000LL) * 1000000000LL;
}

int clock_gettime(clockid_t id, struct timespec *at) {
    int failed = syscall(SYS_clock_gettime, id, at);
    if (!failed && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE || id == CLOCK_TAI))
        shift(at);
    return failed;
}

int gettimeofday(struct timeval *at, void *zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}
