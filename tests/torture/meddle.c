/* Preloaded, stands between a process and its disk: writes down what is done below one folder, and meddles with it.
 *
 * MEDDLE_UNDER  the folder; nothing outside it is written down or meddled with
 * MEDDLE_LOG    the file that every call is appended to, in the order in which the calls were made:
 *               "op result errno offset length pathlength datalength\n", the path (of a rename, both, a zero between),
 *               the data of a write
 * MEDDLE_RULES  "op part nth times action value" with ; between: from the nth call of that op (or any) whose path has
 *               that part (or *), so many times (0: for ever): errno N (it fails), short N (at most N bytes are
 *               written), slow MS, kill 0 (the process dies before it), killed 0 (after it), clock MS (the wall clock
 *               is set by so much, once for each call)
 *
 * meddle_mark(text) writes a line of the program's own into the log. Calls below the folder are made one at a time. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MOST_FDS 4096
#define MOST_RULES 32

struct rule { char op[16], part[256], action[16]; long nth, times, value, seen; };

static char *paths[MOST_FDS];
static struct rule rules[MOST_RULES];
static int rule_count, log_fd = -1, ready;
static const char *under;
static volatile long long shift_ms;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;


static void get_ready(void) {
    if (ready) return;
    ready = 1;
    under = getenv("MEDDLE_UNDER");
    const char *log = getenv("MEDDLE_LOG"), *text = getenv("MEDDLE_RULES");
    if (log) log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    char *copy = text ? strdup(text) : NULL, *rest = NULL;
    for (char *one = copy ? strtok_r(copy, ";", &rest) : NULL; one && rule_count < MOST_RULES;
         one = strtok_r(NULL, ";", &rest)) {
        struct rule *r = &rules[rule_count];
        if (sscanf(one, " %15s %255s %ld %ld %15s %ld", r->op, r->part, &r->nth, &r->times, r->action, &r->value) == 6)
            rule_count++;
    }
}

static int ours(const char *path) { return path && under && !strncmp(path, under, strlen(under)); }

/* The path as it is from the root. The caller frees it. */
static char *whole(int dir, const char *path) {
    char *made = NULL, at[4096];
    if (!path) return NULL;
    if (path[0] == '/') return strdup(path);
    if (dir == AT_FDCWD) {
        if (!getcwd(at, sizeof at)) return NULL;
    } else if (dir >= 0 && dir < MOST_FDS && paths[dir]) {
        snprintf(at, sizeof at, "%s", paths[dir]);
    } else
        return NULL;
    return asprintf(&made, "%s/%s", at, path) < 0 ? NULL : made;
}

static void put(const void *data, size_t size) {
    while (log_fd >= 0 && size) {
        ssize_t done = syscall(SYS_write, log_fd, data, size);
        if (done <= 0) return;
        data = (const char *)data + done;
        size -= done;
    }
}

static void note(const char *op, const char *path, const char *path2, long result, int error, long offset,
                 const struct iovec *parts, int count, size_t size) {
    char head[160];
    size_t length = path2 ? strlen(path) + 1 + strlen(path2) : strlen(path);
    int made = snprintf(head, sizeof head, "%s %ld %d %ld %zu %zu %zu\n", op, result, error, offset, size, length,
                        parts && result > 0 ? (size_t)result : (size_t)0);
    put(head, made);
    put(path, strlen(path) + (path2 ? 1 : 0));
    if (path2) put(path2, strlen(path2));
    size_t left = parts && result > 0 ? result : 0;
    for (int i = 0; i < count && left; i++) {
        size_t now = parts[i].iov_len < left ? parts[i].iov_len : left;
        put(parts[i].iov_base, now);
        left -= now;
    }
}

void meddle_mark(const char *text) {
    get_ready();
    pthread_mutex_lock(&guard);
    note("mark", text, NULL, 0, 0, 0, NULL, 0, 0);
    pthread_mutex_unlock(&guard);
}

struct verdict { int error; long most; int dies_after; };

static struct verdict judge(const char *op, const char *path) {
    struct verdict found = {0, -1, 0};
    for (int i = 0; i < rule_count; i++) {
        struct rule *r = &rules[i];
        if ((strcmp(r->op, "any") && strcmp(r->op, op)) || (strcmp(r->part, "*") && !strstr(path, r->part))) continue;
        long seen = ++r->seen;
        if (seen < r->nth || (r->times && seen >= r->nth + r->times)) continue;
        if (!strcmp(r->action, "errno")) found.error = r->value;
        else if (!strcmp(r->action, "short")) found.most = r->value;
        else if (!strcmp(r->action, "kill")) kill(getpid(), SIGKILL);
        else if (!strcmp(r->action, "killed")) found.dies_after = 1;
        else if (!strcmp(r->action, "clock")) shift_ms += r->value;
        else if (!strcmp(r->action, "slow")) {
            struct timespec wait = {r->value / 1000, r->value % 1000 * 1000000L};
            pthread_mutex_unlock(&guard); /* a slow call holds up no other */
            nanosleep(&wait, NULL);
            pthread_mutex_lock(&guard);
        }
    }
    return found;
}

/* One call below the folder: judged, made, written down. */
#define MEDDLED(op, path, path2, offset, parts, count, size, call) \
    ({ \
        pthread_mutex_lock(&guard); \
        struct verdict v = judge(op, path); \
        long result_ = v.error ? -1 : (long)(call); \
        int error_ = v.error ? v.error : result_ < 0 ? errno : 0; \
        note(op, path, path2, result_, error_, offset, parts, count, size); \
        if (v.dies_after) kill(getpid(), SIGKILL); \
        pthread_mutex_unlock(&guard); \
        errno = error_; \
        result_; \
    })

static const char *path_of(int fd) {
    get_ready();
    return fd >= 0 && fd < MOST_FDS ? paths[fd] : NULL;
}

static int opened(int dir, const char *name, int flags, mode_t mode) {
    get_ready();
    char *path = whole(dir, name);
    int fd;
    if (ours(path)) {
        const char *op = flags & O_CREAT ? (flags & O_TRUNC ? "remake" : "create") : flags & O_TRUNC ? "empty" : "open";
        int is_new = flags & O_CREAT && faccessat(AT_FDCWD, path, F_OK, 0);
        if (flags & O_CREAT && !is_new && !(flags & O_TRUNC)) op = "open";
        fd = MEDDLED(op, path, NULL, is_new, NULL, 0, 0, syscall(SYS_openat, dir, name, flags, mode));
    } else
        fd = syscall(SYS_openat, dir, name, flags, mode);
    if (fd >= 0 && fd < MOST_FDS) {
        free(paths[fd]);
        paths[fd] = ours(path) ? path : NULL;
        if (paths[fd]) path = NULL;
    }
    free(path);
    return fd;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, int); va_end(more); }

int open(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags | O_LARGEFILE, mode); }
int openat(int dir, const char *name, int flags, ...) { MODE(flags) return opened(dir, name, flags, mode); }
int openat64(int dir, const char *name, int flags, ...) { MODE(flags) return opened(dir, name, flags | O_LARGEFILE, mode); }

int close(int fd) {
    if (fd >= 0 && fd < MOST_FDS && paths[fd]) {
        free(paths[fd]);
        paths[fd] = NULL;
    }
    return syscall(SYS_close, fd);
}

static size_t lengths(const struct iovec *parts, int count) {
    size_t size = 0;
    for (int i = 0; i < count; i++) size += parts[i].iov_len;
    return size;
}

/* A write of at most so many bytes: the parts, cut. */
static ssize_t write_parts(int fd, const struct iovec *parts, int count, long offset, long most) {
    if (most >= 0 && (size_t)most < lengths(parts, count)) {
        size_t size = parts[0].iov_len < (size_t)most ? parts[0].iov_len : (size_t)most;
        return offset < 0 ? syscall(SYS_write, fd, parts[0].iov_base, size)
                          : syscall(SYS_pwrite64, fd, parts[0].iov_base, size, offset);
    }
    return offset < 0 ? syscall(SYS_writev, fd, parts, count)
                      : syscall(SYS_pwrite64, fd, parts[0].iov_base, parts[0].iov_len, offset);
}

static ssize_t written(int fd, const struct iovec *parts, int count, long offset) {
    const char *path = path_of(fd);
    if (!path) return write_parts(fd, parts, count, offset, -1);
    long at = offset >= 0 ? offset : lseek(fd, 0, SEEK_CUR);
    return MEDDLED("write", path, NULL, at, parts, count, lengths(parts, count),
                   write_parts(fd, parts, count, offset, v.most));
}

ssize_t write(int fd, const void *data, size_t size) {
    struct iovec one = {(void *)data, size};
    return written(fd, &one, 1, -1);
}
ssize_t writev(int fd, const struct iovec *parts, int count) { return written(fd, parts, count, -1); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
    struct iovec one = {(void *)data, size};
    return written(fd, &one, 1, offset);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) { return pwrite(fd, data, size, offset); }

#define ON_FD(op, fd, offset, call) \
    const char *path = path_of(fd); \
    return path ? MEDDLED(op, path, NULL, offset, NULL, 0, 0, call) : (call);

int fsync(int fd) { ON_FD("flush", fd, 0, syscall(SYS_fsync, fd)) }
int fdatasync(int fd) { ON_FD("flush", fd, 0, syscall(SYS_fdatasync, fd)) }
int ftruncate(int fd, off_t size) { ON_FD("truncate", fd, size, syscall(SYS_ftruncate, fd, size)) }
int ftruncate64(int fd, off_t size) { ON_FD("truncate", fd, size, syscall(SYS_ftruncate, fd, size)) }

#define ON_NAME(op, dir, name, call) \
    get_ready(); \
    char *path = whole(dir, name); \
    int done = ours(path) ? MEDDLED(op, path, NULL, 0, NULL, 0, 0, call) : (int)(call); \
    int kept = errno; \
    free(path); \
    errno = kept; \
    return done;

int unlink(const char *name) { ON_NAME("unlink", AT_FDCWD, name, syscall(SYS_unlinkat, AT_FDCWD, name, 0)) }
int rmdir(const char *name) { ON_NAME("rmdir", AT_FDCWD, name, syscall(SYS_unlinkat, AT_FDCWD, name, AT_REMOVEDIR)) }
int mkdir(const char *name, mode_t mode) { ON_NAME("mkdir", AT_FDCWD, name, syscall(SYS_mkdirat, AT_FDCWD, name, mode)) }

static int renamed(int dir, const char *from, int dir2, const char *to) {
    get_ready();
    char *path = whole(dir, from), *path2 = whole(dir2, to);
    int done = ours(path) && path2
                   ? MEDDLED("rename", path, path2, 0, NULL, 0, 0, syscall(SYS_renameat, dir, from, dir2, to))
                   : (int)syscall(SYS_renameat, dir, from, dir2, to);
    int kept = errno;
    free(path);
    free(path2);
    errno = kept;
    return done;
}
int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int dir, const char *from, int dir2, const char *to) { return renamed(dir, from, dir2, to); }

int clock_gettime(clockid_t id, struct timespec *at) {
    int failed = syscall(SYS_clock_gettime, id, at);
    if (!failed && shift_ms && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE || id == CLOCK_TAI)) {
        long long ns = at->tv_nsec + shift_ms % 1000 * 1000000LL;
        at->tv_sec += shift_ms / 1000 + (ns >= 1000000000LL) - (ns < 0);
        at->tv_nsec = ns + (ns < 0) * 1000000000LL - (ns >= 1000000000LL) * 1000000000LL;
    }
    return failed;
}
