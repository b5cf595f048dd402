/*
 * Stands between a process and its disk (LD_PRELOAD): every call that changes something beneath WEIGHTSCAPE_DISK_ROOT is
 * counted, written into a log, and refused where the test asks for it. SQLite and Node go through it alike.
 *
 *   WEIGHTSCAPE_DISK_LOG     file that hears of each call, with its bytes; the log's form is read by disk-log.ts
 *   WEIGHTSCAPE_DISK_ACKS    file outside of the root: what is written into it is in the log in its place
 *   WEIGHTSCAPE_DISK_AT      number of the call, from 1, that is refused; none where it is not set
 *   WEIGHTSCAPE_DISK_ERROR   with this errno
 *   WEIGHTSCAPE_DISK_STAYS   1: every call from then on is refused, as a full or read-only disk does
 *
 * The shared memory of a write-ahead log is mapped, not written, and is not looked at: SQLite makes it anew.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root, *acks;
static int logFile = -1, error, stays;
static long at, calls;

__attribute__((constructor)) static void begin(void) {
  root = getenv("WEIGHTSCAPE_DISK_ROOT");
  acks = getenv("WEIGHTSCAPE_DISK_ACKS");
  const char *path = getenv("WEIGHTSCAPE_DISK_LOG"), *n = getenv("WEIGHTSCAPE_DISK_AT"), *e = getenv("WEIGHTSCAPE_DISK_ERROR");
  at = n ? atol(n) : 0;
  error = e ? atoi(e) : EIO;
  stays = getenv("WEIGHTSCAPE_DISK_STAYS") != NULL;
  if (path) logFile = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Absolute path of what a name means seen from a folder's handle. */
static void resolve(int folder, const char *name, char *out) {
  if (name[0] == '/') {
    snprintf(out, PATH_MAX, "%s", name);
    return;
  }
  char base[PATH_MAX] = "", link[64];
  if (folder == AT_FDCWD) {
    if (!getcwd(base, sizeof base)) base[0] = 0;
  } else {
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t n = readlink(link, base, sizeof base - 1);
    base[n < 0 ? 0 : n] = 0;
  }
  if (snprintf(out, PATH_MAX, "%s/%s", base, name) >= PATH_MAX) out[0] = 0;
}

static void nameOf(int file, char *out) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t n = readlink(link, out, PATH_MAX - 1);
  out[n < 0 ? 0 : n] = 0;
}

static int isOurs(const char *path) {
  size_t n = root ? strlen(root) : 0, m = strlen(path);
  if (!n || strncmp(path, root, n) || (path[n] != '/' && path[n] != 0)) return 0;
  return m < 4 || strcmp(path + m - 4, "-shm") != 0;
}

static void record(char kind, const char *path, const char *other, int64_t offset, const struct iovec *data, int pieces, size_t length) {
  if (logFile < 0) return;
  struct { uint32_t kind, path, other, pad; int64_t offset, length; } head = {kind, strlen(path), strlen(other), 0, offset, length};
  struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, head.path}, {(void *)other, head.other}};
  REAL(writev)(logFile, parts, 3);
  for (int i = 0; i < pieces && length > 0; i++) {
    size_t n = data[i].iov_len < length ? data[i].iov_len : length;
    REAL(write)(logFile, data[i].iov_base, n);
    length -= n;
  }
}

/* Counts a call that is about to be made. Returns 1 where it is to be refused. The caller holds the lock. */
static int refused(void) {
  calls++;
  if (!at || (stays ? calls < at : calls != at)) return 0;
  errno = error;
  return 1;
}

#define NONE NULL, 0, 0

/* ---- what makes, names and removes ---- */

static int opened(int (*real)(int, const char *, int, ...), int folder, const char *name, int flags, mode_t mode) {
  char path[PATH_MAX];
  int changes = flags & (O_CREAT | O_TRUNC);
  if (changes) resolve(folder, name, path);
  if (!changes || !isOurs(path)) return real(folder, name, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat facts;
  int isThere = stat(path, &facts) == 0, file = -1;
  int makes = !isThere || ((flags & O_TRUNC) && facts.st_size > 0);
  if (makes && refused()) goto end;
  file = real(folder, name, flags, mode);
  if (file >= 0 && !isThere) record('c', path, "", 0, NONE);
  else if (file >= 0 && makes) record('t', path, "", 0, NONE);
end:;
  int kept = errno;
  pthread_mutex_unlock(&lock);
  errno = kept;
  return file;
}

#define MODE mode_t mode = 0; if (flags & O_CREAT) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }
int openat(int folder, const char *name, int flags, ...) { MODE return opened(REAL(openat), folder, name, flags, mode); }
int openat64(int folder, const char *name, int flags, ...) { MODE return opened(REAL(openat64), folder, name, flags, mode); }
int open(const char *name, int flags, ...) { MODE return opened(REAL(openat), AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE return opened(REAL(openat64), AT_FDCWD, name, flags, mode); }

#define NAMED(kind, path, other, call)                              \
  if (!isOurs(path)) return call;                                   \
  pthread_mutex_lock(&lock);                                        \
  int answer = refused() ? -1 : call;                               \
  int kept = errno;                                                 \
  if (answer == 0) record(kind, path, other, 0, NONE);              \
  pthread_mutex_unlock(&lock);                                      \
  errno = kept;                                                     \
  return answer;

int rename(const char *from, const char *to) {
  char a[PATH_MAX], b[PATH_MAX];
  resolve(AT_FDCWD, from, a), resolve(AT_FDCWD, to, b);
  NAMED('r', a, b, REAL(rename)(from, to))
}
int unlink(const char *name) { char a[PATH_MAX]; resolve(AT_FDCWD, name, a); NAMED('u', a, "", REAL(unlink)(name)) }
int unlinkat(int folder, const char *name, int flags) { char a[PATH_MAX]; resolve(folder, name, a); NAMED('u', a, "", REAL(unlinkat)(folder, name, flags)) }
int mkdir(const char *name, mode_t mode) { char a[PATH_MAX]; resolve(AT_FDCWD, name, a); NAMED('m', a, "", REAL(mkdir)(name, mode)) }
int rmdir(const char *name) { char a[PATH_MAX]; resolve(AT_FDCWD, name, a); NAMED('u', a, "", REAL(rmdir)(name)) }

/* ---- what fills ---- */

/* Where the next byte goes. */
static int64_t placeOf(int file) {
  struct stat facts;
  if (REAL(fcntl)(file, F_GETFL) & O_APPEND) return fstat(file, &facts) ? 0 : facts.st_size;
  return lseek(file, 0, SEEK_CUR);
}

#define FILLED(file, offset, data, pieces, call)                                                 \
  char path[PATH_MAX];                                                                           \
  nameOf(file, path);                                                                            \
  int isAck = acks && strcmp(path, acks) == 0;                                                   \
  if (!isAck && !isOurs(path)) return call;                                                      \
  pthread_mutex_lock(&lock);                                                                     \
  int64_t place = isAck ? 0 : (offset);                                                          \
  ssize_t done = !isAck && refused() ? -1 : call;                                                \
  int kept = errno;                                                                              \
  if (done > 0) record(isAck ? 'a' : 'w', path, "", place, data, pieces, done);                  \
  pthread_mutex_unlock(&lock);                                                                   \
  errno = kept;                                                                                  \
  return done;

ssize_t write(int file, const void *bytes, size_t n) { struct iovec one = {(void *)bytes, n}; FILLED(file, placeOf(file), &one, 1, REAL(write)(file, bytes, n)) }
ssize_t writev(int file, const struct iovec *v, int n) { FILLED(file, placeOf(file), v, n, REAL(writev)(file, v, n)) }
ssize_t pwrite(int file, const void *bytes, size_t n, off_t to) { struct iovec one = {(void *)bytes, n}; FILLED(file, to, &one, 1, REAL(pwrite)(file, bytes, n, to)) }
ssize_t pwrite64(int file, const void *bytes, size_t n, off64_t to) { struct iovec one = {(void *)bytes, n}; FILLED(file, to, &one, 1, REAL(pwrite64)(file, bytes, n, to)) }
ssize_t pwritev(int file, const struct iovec *v, int n, off_t to) { FILLED(file, to, v, n, REAL(pwritev)(file, v, n, to)) }
ssize_t pwritev64(int file, const struct iovec *v, int n, off64_t to) { FILLED(file, to, v, n, REAL(pwritev64)(file, v, n, to)) }

#define HANDLED(kind, file, offset, call)                           \
  char path[PATH_MAX];                                              \
  nameOf(file, path);                                               \
  if (!isOurs(path)) return call;                                   \
  pthread_mutex_lock(&lock);                                        \
  int answer = refused() ? -1 : call;                               \
  int kept = errno;                                                 \
  if (answer == 0) record(kind, path, "", offset, NONE);            \
  pthread_mutex_unlock(&lock);                                      \
  errno = kept;                                                     \
  return answer;

int ftruncate(int file, off_t n) { HANDLED('t', file, n, REAL(ftruncate)(file, n)) }
int ftruncate64(int file, off64_t n) { HANDLED('t', file, n, REAL(ftruncate64)(file, n)) }
int fsync(int file) { HANDLED('s', file, 0, REAL(fsync)(file)) }
int fdatasync(int file) { HANDLED('s', file, 0, REAL(fdatasync)(file)) }
