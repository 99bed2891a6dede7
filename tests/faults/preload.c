/* Stands between a program and its files: tells, counts and fails what is done below one folder.

   Loaded by LD_PRELOAD and idle until `faults_begin` is called (`preload.py`), or the variables of
   the environment at the end of this file ask for it. Calls go to the kernel itself. What is
   written into memory that is mapped to a file is not seen; of the engine's files that is the
   index of the log alone, which it makes anew after a crash. */

#define _GNU_SOURCE
#undef _FORTIFY_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* What is done; the same numbers stand in preload.py. */
enum {
  WRITE = 1, SYNC = 2, TRUNCATE = 4, CREATE = 8, RENAME = 16, LINK = 32, UNLINK = 64, MKDIR = 128,
  RMDIR = 256, MARK = 512, READ = 1024, OPEN = 2048, SYMLINK = 4096
};

enum { FILES = 4096, KILL = -1, SECTOR = 512 };

static char folder[PATH_MAX];   /* what is watched; empty while idle */
static size_t folder_length;
static int record = -1;         /* descriptor of the record, or -1 */
static int feigned;             /* whether syncs are only recorded, and not done */
static char names[FILES][256];  /* the watched files that are open, by descriptor */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

/* What is to fail: of the kinds in `fail_kinds`, at paths that hold `fail_part`, the call with the
   number `fail_at` and `fail_times` - 1 more (-1: all that follow). */
static int fail_kinds, fail_error, fail_half;
static long fail_at, fail_times, counted, failed;
static char fail_part[256];

struct head { uint32_t kind, first, second, unused; uint64_t node; int64_t offset; uint64_t size; };

static int below(const char *path) {
  return folder_length && !strncmp(path, folder, folder_length) &&
         (path[folder_length] == '/' || !path[folder_length]);
}

static void put(const void *bytes, size_t size) {
  const char *at = bytes;
  while (size > 0) {
    long done = syscall(SYS_write, record, at, size);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) _exit(99);  /* a record with a hole would prove nothing */
    at += done, size -= (size_t)done;
  }
}

static void tell(int kind, uint64_t node, int64_t offset, const char *first, const char *second,
                 const void *bytes, size_t size) {
  int before = errno;
  if (record < 0) return;
  struct head head = {kind, first ? strlen(first) : 0, second ? strlen(second) : 0, 0,
                      node, offset, bytes ? size : 0};
  pthread_mutex_lock(&turn);
  put(&head, sizeof head);
  put(first, head.first), put(second, head.second);
  if (bytes) put(bytes, size);
  pthread_mutex_unlock(&turn);
  errno = before;
}

static int meant(const char *path) {
  return strpbrk(fail_part, "*?") ? !fnmatch(fail_part, path, 0) : !!strstr(path, fail_part);
}

/* Whether a call is to fail now: 0 no, 1 yes with errno set, 2 after half of what it writes. A disk
   writes a sector whole or not at all. */
static int struck(int kind, const char *path, size_t size) {
  if (!(fail_kinds & kind) || !meant(path)) return 0;
  long number = __atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST);
  if (!fail_at || number < fail_at) return 0;
  if (fail_times >= 0 && number >= fail_at + fail_times) return 0;
  failed++;
  if (fail_half && size > SECTOR && number == fail_at) return 2;
  if (fail_error == KILL) kill(getpid(), SIGKILL);
  errno = fail_error;
  return 1;
}

/* The whole path of a name, by its folder: a name that is a link stands for itself. */
static int whole(int at, const char *path, char *out) {
  char joined[PATH_MAX], parent[PATH_MAX], *slash;
  if (!folder_length || !path) return 0;
  if (path[0] == '/') snprintf(joined, sizeof joined, "%s", path);
  else {
    char link[64], base[PATH_MAX];
    if (at == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
    else snprintf(link, sizeof link, "/proc/self/fd/%d", at);
    ssize_t length = readlink(link, base, sizeof base - 1);
    if (length < 0) return 0;
    base[length] = 0;
    if (snprintf(joined, sizeof joined, "%s/%s", base, path) >= PATH_MAX) return 0;
  }
  size_t end = strlen(joined);
  while (end > 1 && joined[end - 1] == '/') joined[--end] = 0;
  if (!(slash = strrchr(joined, '/'))) return 0;
  *slash = 0;
  if (!realpath(*joined ? joined : "/", parent)) return 0;
  if (snprintf(out, PATH_MAX, "%s/%s", parent, slash + 1) >= PATH_MAX) return 0;
  return below(out);
}

static const char *name_of(int file) {
  return folder_length && file >= 0 && file < FILES && *names[file] ? names[file] : NULL;
}

static uint64_t node_of(int file) {
  struct stat found;
  return fstat(file, &found) ? 0 : found.st_ino;
}

static uint64_t node_at(const char *path) {
  struct stat found;
  return lstat(path, &found) ? 0 : found.st_ino;
}

/* -- opening and closing ------------------------------------------------------------------------ */

static int opened(int at, const char *path, int flags, mode_t mode) {
  char full[PATH_MAX];
  int before = errno;
  int watched = whole(at, path, full);
  errno = before;
  int fresh = watched && (flags & O_CREAT) && !node_at(full);
  if (watched && struck(fresh ? CREATE : OPEN, full, 0)) return -1;
  int file = syscall(SYS_openat, at, path, flags, mode);
  if (file >= 0 && file < FILES) *names[file] = 0;
  if (file < 0 || file >= FILES || !watched) return file;
  snprintf(names[file], sizeof names[file], "%s", full + (strlen(full) > 255 ? strlen(full) - 255 : 0));
  if (fresh) tell(CREATE, node_of(file), 0, full, NULL, NULL, 0);
  else if (flags & O_TRUNC) tell(TRUNCATE, node_of(file), 0, full, NULL, NULL, 0);
  errno = before;
  return file;
}

#define MODE_OF(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | __O_TMPFILE)) { \
    va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE_OF(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return opened(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE_OF(flags) return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE_OF(flags) return opened(at, path, flags, mode); }
int __open_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __openat_2(int at, const char *path, int flags) { return opened(at, path, flags, 0); }
int __openat64_2(int at, const char *path, int flags) { return opened(at, path, flags, 0); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int file) {
  if (file >= 0 && file < FILES) *names[file] = 0;
  return syscall(SYS_close, file);
}

/* -- reading ------------------------------------------------------------------------------------ */

ssize_t read(int file, void *to, size_t size) {
  const char *name = name_of(file);
  if (name && struck(READ, name, 0)) return -1;
  return syscall(SYS_read, file, to, size);
}
ssize_t pread64(int file, void *to, size_t size, off64_t offset) {
  const char *name = name_of(file);
  if (name && struck(READ, name, 0)) return -1;
  return syscall(SYS_pread64, file, to, size, offset);
}
ssize_t pread(int file, void *to, size_t size, off_t offset) { return pread64(file, to, size, offset); }
ssize_t __read_chk(int file, void *to, size_t size, size_t room) { (void)room; return read(file, to, size); }
ssize_t __pread_chk(int file, void *to, size_t size, off_t at, size_t room) { (void)room; return pread64(file, to, size, at); }
ssize_t __pread64_chk(int file, void *to, size_t size, off64_t at, size_t room) { (void)room; return pread64(file, to, size, at); }

/* -- writing ------------------------------------------------------------------------------------ */

/* One write; `offset` is -1 for the place at which the file stands. */
static ssize_t written(int file, const void *from, size_t size, off64_t offset) {
  const char *name = name_of(file);
  int blow = name && size ? struck(WRITE, name, size) : 0;
  if (blow == 1) return -1;
  if (blow == 2) size /= 2;
  ssize_t done = offset < 0 ? syscall(SYS_write, file, from, size)
                            : syscall(SYS_pwrite64, file, from, size, offset);
  if (name && done > 0) {
    int before = errno;
    off64_t start = offset < 0 ? lseek64(file, 0, SEEK_CUR) - done : offset;
    tell(WRITE, node_of(file), start, name, NULL, from, (size_t)done);
    errno = before;
  }
  if (blow == 2 && fail_error == KILL) kill(getpid(), SIGKILL);
  return done;
}

ssize_t write(int file, const void *from, size_t size) { return written(file, from, size, -1); }
ssize_t pwrite64(int file, const void *from, size_t size, off64_t offset) { return written(file, from, size, offset); }
ssize_t pwrite(int file, const void *from, size_t size, off_t offset) { return written(file, from, size, offset); }

ssize_t writev(int file, const struct iovec *parts, int count) {
  if (!name_of(file)) return syscall(SYS_writev, file, parts, count);
  ssize_t total = 0;
  for (int number = 0; number < count; number++) {
    ssize_t done = written(file, parts[number].iov_base, parts[number].iov_len, -1);
    if (done < 0) return total ? total : -1;
    total += done;
    if ((size_t)done < parts[number].iov_len) break;
  }
  return total;
}

/* What the kernel has copied into a file is read back to be told. */
static ssize_t copied(int file, off64_t start, ssize_t done) {
  const char *name = name_of(file);
  if (!name || done <= 0 || record < 0) return done;
  char *bytes = malloc((size_t)done);
  int reader;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  if (!bytes || (reader = syscall(SYS_openat, AT_FDCWD, link, O_RDONLY, 0)) < 0) _exit(99);
  if (syscall(SYS_pread64, reader, bytes, (size_t)done, start) != done) _exit(99);
  syscall(SYS_close, reader);
  tell(WRITE, node_of(file), start, name, NULL, bytes, (size_t)done);
  free(bytes);
  return done;
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t size) {
  const char *name = name_of(to);
  if (name && struck(WRITE, name, 0)) return -1;
  off64_t start = name ? lseek64(to, 0, SEEK_CUR) : 0;
  return copied(to, start, syscall(SYS_sendfile, to, from, offset, size));
}
ssize_t sendfile(int to, int from, off_t *offset, size_t size) { return sendfile64(to, from, offset, size); }

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags) {
  const char *name = name_of(to);
  if (name && struck(WRITE, name, 0)) return -1;
  off64_t start = !name ? 0 : to_at ? *to_at : lseek64(to, 0, SEEK_CUR);
  return copied(to, start, syscall(SYS_copy_file_range, from, from_at, to, to_at, size, flags));
}

int ftruncate64(int file, off64_t size) {
  const char *name = name_of(file);
  if (name && struck(TRUNCATE, name, 0)) return -1;
  int done = syscall(SYS_ftruncate, file, size);
  if (name && !done) tell(TRUNCATE, node_of(file), size, name, NULL, NULL, 0);
  return done;
}
int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

int truncate64(const char *path, off64_t size) {
  char full[PATH_MAX];
  int watched = whole(AT_FDCWD, path, full);
  if (watched && struck(TRUNCATE, full, 0)) return -1;
  int done = syscall(SYS_truncate, path, size);
  if (watched && !done) tell(TRUNCATE, node_at(full), size, full, NULL, NULL, 0);
  return done;
}
int truncate(const char *path, off_t size) { return truncate64(path, size); }

static int grown(int file, int mode, off64_t offset, off64_t size) {
  const char *name = name_of(file);
  if (name && struck(WRITE, name, 0)) return -1;
  int done = syscall(SYS_fallocate, file, mode, offset, size);
  struct stat found;
  if (name && !done && !fstat(file, &found)) tell(TRUNCATE, found.st_ino, found.st_size, name, NULL, NULL, 0);
  return done;
}
int fallocate64(int file, int mode, off64_t offset, off64_t size) { return grown(file, mode, offset, size); }
int fallocate(int file, int mode, off_t offset, off_t size) { return grown(file, mode, offset, size); }
int posix_fallocate64(int file, off64_t offset, off64_t size) { return grown(file, 0, offset, size) ? errno : 0; }
int posix_fallocate(int file, off_t offset, off_t size) { return grown(file, 0, offset, size) ? errno : 0; }

/* -- making durable ----------------------------------------------------------------------------- */

static int synced(int file, long call) {
  const char *name = name_of(file);
  if (name && struck(SYNC, name, 0)) return -1;
  int done = name && feigned ? 0 : (int)syscall(call, file);
  if (name && !done) tell(SYNC, node_of(file), 0, name, NULL, NULL, 0);
  return done;
}
int fsync(int file) { return synced(file, SYS_fsync); }
int fdatasync(int file) { return synced(file, SYS_fdatasync); }
/* By its own manual no promise that anything survives; so it is none here. */
int sync_file_range(int file, off64_t offset, off64_t size, unsigned flags) {
  const char *name = name_of(file);
  if (name && struck(SYNC, name, 0)) return -1;
  return name && feigned ? 0 : (int)syscall(SYS_sync_file_range, file, offset, size, flags);
}

/* -- names -------------------------------------------------------------------------------------- */

static int renamed(int at, const char *old, int there, const char *new, unsigned flags) {
  char from[PATH_MAX] = "", to[PATH_MAX] = "";
  int before = errno;
  int watched = whole(at, old, from) | whole(there, new, to);
  errno = before;
  if (watched && struck(RENAME, below(to) ? to : from, 0)) return -1;
  uint64_t node = watched ? node_at(from) : 0;
  int done = syscall(SYS_renameat2, at, old, there, new, flags);
  if (watched && !done) tell(RENAME, node, flags, from, to, NULL, 0);
  return done;
}
int rename(const char *old, const char *new) { return renamed(AT_FDCWD, old, AT_FDCWD, new, 0); }
int renameat(int at, const char *old, int there, const char *new) { return renamed(at, old, there, new, 0); }
int renameat2(int at, const char *old, int there, const char *new, unsigned flags) { return renamed(at, old, there, new, flags); }

int linkat(int at, const char *old, int there, const char *new, int flags) {
  char from[PATH_MAX] = "", to[PATH_MAX] = "";
  int before = errno;
  whole(at, old, from);
  int watched = whole(there, new, to);
  errno = before;
  if (watched && struck(LINK, to, 0)) return -1;
  int done = syscall(SYS_linkat, at, old, there, new, flags);
  if (watched && !done) tell(LINK, node_at(to), 0, from, to, NULL, 0);
  return done;
}
int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

int symlinkat(const char *target, int there, const char *new) {
  char to[PATH_MAX] = "";
  int before = errno;
  int watched = whole(there, new, to);
  errno = before;
  if (watched && struck(SYMLINK, to, 0)) return -1;
  int done = syscall(SYS_symlinkat, target, there, new);
  if (watched && !done) tell(SYMLINK, node_at(to), 0, to, target, NULL, 0);
  return done;
}
int symlink(const char *target, const char *new) { return symlinkat(target, AT_FDCWD, new); }

static int removed(int at, const char *path, int flags) {
  char full[PATH_MAX];
  int before = errno, kind = flags & AT_REMOVEDIR ? RMDIR : UNLINK;
  int watched = whole(at, path, full);
  errno = before;
  if (watched && struck(kind, full, 0)) return -1;
  uint64_t node = watched ? node_at(full) : 0;
  int done = syscall(SYS_unlinkat, at, path, flags);
  if (watched && !done) tell(kind, node, 0, full, NULL, NULL, 0);
  return done;
}
int unlinkat(int at, const char *path, int flags) { return removed(at, path, flags); }
int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) { int done = unlink(path); return done && errno == EISDIR ? rmdir(path) : done; }

int mkdirat(int at, const char *path, mode_t mode) {
  char full[PATH_MAX];
  int before = errno;
  int watched = whole(at, path, full);
  errno = before;
  if (watched && struck(MKDIR, full, 0)) return -1;
  int done = syscall(SYS_mkdirat, at, path, mode);
  if (watched && !done) tell(MKDIR, node_at(full), 0, full, NULL, NULL, 0);
  return done;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

/* -- what a test says --------------------------------------------------------------------------- */

void faults_begin(const char *place, int to, int feign) {
  char real[PATH_MAX];
  record = to, feigned = feign;
  memset(names, 0, sizeof names);
  snprintf(folder, sizeof folder, "%s", realpath(place, real) ? real : place);
  folder_length = strlen(folder);
}

void faults_end(void) { folder_length = 0, *folder = 0, record = -1, fail_kinds = 0; }

void faults_mark(const char *bytes, size_t size) { tell(MARK, 0, 0, NULL, NULL, bytes, size); }

void faults_fail(int kinds, const char *part, long at, long times, int error, int half) {
  fail_kinds = kinds, fail_at = at, fail_times = times, fail_error = error, fail_half = half;
  counted = failed = 0;
  snprintf(fail_part, sizeof fail_part, "%s", part);
}

long faults_counted(void) { return counted; }
long faults_failed(void) { return failed; }

/* For a program that is started as a whole: FAULTS_FOLDER says what is watched, FAULTS_RECORD where
   it is told, FAULTS_FAIL="kinds at times error half part" what fails. */
__attribute__((constructor)) static void started(void) {
  const char *place = getenv("FAULTS_FOLDER"), *to = getenv("FAULTS_RECORD");
  const char *blow = getenv("FAULTS_FAIL");
  if (!place) return;
  int file = to ? (int)syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  faults_begin(place, file, 0);
  int kinds, error, half;
  long at, times;
  char part[256] = "";
  if (blow && sscanf(blow, "%d %ld %ld %d %d %255s", &kinds, &at, &times, &error, &half, part) >= 5)
    faults_fail(kinds, part, at, times, error, half);
}
