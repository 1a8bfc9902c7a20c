/*
 * A disk that forgets. Preloaded into a process (LD_PRELOAD), it keeps what a power loss would leave of the files in the
 * folder FORGETFUL_FOLDER: their content as of their last fsync, under the names as of the folder's last fsync.
 *
 *   FORGETFUL_SHADOW/content/<inode>   what of a file is durable
 *   FORGETFUL_SHADOW/names/<name>      the same files (hard links) under the names that are durable
 *
 * Nothing reaches the real disk earlier or later because of it: fsync only copies what was written since to the shadow.
 * What is written through a memory map is not seen; of SQLite's files that is `-shm`, which is made anew after a crash.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_FILES 1024

/* A file of the folder (or the folder itself), and the range of it that was written since its last fsync. */
struct file {
  ino_t inode;
  off_t from, to;
};

static struct file files[MOST_FILES];
static int file_count;
static const char *folder, *shadow;
static dev_t device;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* What the functions below stand in front of. */
static int real_open(const char *path, int flags, mode_t mode) {
  return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
static ssize_t real_write(int fd, const void *bytes, size_t count) { return syscall(SYS_write, fd, bytes, count); }
static ssize_t real_pwrite(int fd, const void *bytes, size_t count, off_t at) {
  return syscall(SYS_pwrite64, fd, bytes, count, at);
}
static int real_ftruncate(int fd, off_t size) { return syscall(SYS_ftruncate, fd, size); }

static void fail(const char *what) {
  fprintf(stderr, "forgetful: %s: %s\n", what, strerror(errno));
  abort();
}

static struct file *known(ino_t inode) {
  for (int i = 0; i < file_count; i++)
    if (files[i].inode == inode) return &files[i];
  return NULL;
}

static struct file *file_of(int fd) {
  struct stat st;
  if (file_count == 0 || fstat(fd, &st) != 0 || st.st_dev != device) return NULL;
  return known(st.st_ino);
}

static struct file *take_in(ino_t inode) {
  struct file *file = known(inode);
  if (file != NULL) return file;
  if (file_count == MOST_FILES) fail("too many files");
  files[file_count] = (struct file){.inode = inode, .from = LLONG_MAX, .to = 0};
  return &files[file_count++];
}

static void written(struct file *file, off_t from, off_t to) {
  if (from < file->from) file->from = from;
  if (to > file->to) file->to = to;
}

static const char *content_of(ino_t inode, char *path) {
  snprintf(path, PATH_MAX, "%s/content/%llu", shadow, (unsigned long long)inode);
  return path;
}

/* The content of a file becomes durable. */
static void keep_content(struct file *file, int fd) {
  char path[PATH_MAX], page[65536];
  struct stat st;
  int copy = real_open(content_of(file->inode, path), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (copy < 0 || fstat(fd, &st) != 0) fail(path);
  off_t to = file->to < st.st_size ? file->to : st.st_size;
  for (off_t at = file->from; at < to;) {
    size_t wanted = to - at < (off_t)sizeof page ? (size_t)(to - at) : sizeof page;
    ssize_t got = pread(fd, page, wanted, at);
    if (got <= 0 || real_pwrite(copy, page, got, at) != got) fail(path);
    at += got;
  }
  if (real_ftruncate(copy, st.st_size) != 0) fail(path);
  close(copy);
  file->from = LLONG_MAX;
  file->to = 0;
}

/* The names in the folder become durable. */
static void keep_names(void) {
  char path[PATH_MAX], content[PATH_MAX], name[PATH_MAX], fresh[PATH_MAX];
  struct stat st;
  struct dirent *entry;
  snprintf(fresh, sizeof fresh, "%s/fresh", shadow);
  DIR *now = opendir(folder);
  while (now != NULL && (entry = readdir(now)) != NULL) {
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) continue;
    int empty = real_open(content_of(st.st_ino, content), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (empty < 0) fail(content);
    close(empty);
    snprintf(name, sizeof name, "%s/names/%s", shadow, entry->d_name);
    unlink(fresh);
    if (link(content, fresh) != 0 || rename(fresh, name) != 0) fail(name);
  }
  if (now != NULL) closedir(now);
  snprintf(path, sizeof path, "%s/names", shadow);
  DIR *old = opendir(path);
  while (old != NULL && (entry = readdir(old)) != NULL) {
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    snprintf(name, sizeof name, "%s/names/%s", shadow, entry->d_name);
    if (stat(path, &st) != 0) unlink(name);
  }
  if (old != NULL) closedir(old);
}

/* What is there when the process begins is durable. */
__attribute__((constructor)) static void begin(void) {
  char path[PATH_MAX];
  struct stat st;
  struct dirent *entry;
  folder = getenv("FORGETFUL_FOLDER");
  shadow = getenv("FORGETFUL_SHADOW");
  if (folder == NULL || shadow == NULL) return;
  if (stat(folder, &st) != 0) fail(folder);
  device = st.st_dev;
  take_in(st.st_ino);
  DIR *all = opendir(folder);
  while (all != NULL && (entry = readdir(all)) != NULL) {
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) continue;
    struct file *file = take_in(st.st_ino);
    int fd = real_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) fail(path);
    written(file, 0, st.st_size);
    keep_content(file, fd);
    close(fd);
  }
  if (all != NULL) closedir(all);
  keep_names();
}

static int is_in_folder(const char *path) {
  const char *slash = strrchr(path, '/');
  size_t length = slash == NULL ? 0 : (size_t)(slash - path);
  return folder != NULL && length == strlen(folder) && strncmp(path, folder, length) == 0;
}

static int opened(const char *path, int flags, mode_t mode) {
  if (!is_in_folder(path)) return real_open(path, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat st;
  char content[PATH_MAX];
  int is_new = stat(path, &st) != 0;
  int fd = real_open(path, flags, mode);
  if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
    struct file *file = take_in(st.st_ino);
    if (is_new) unlink(content_of(st.st_ino, content)); /* of another file, whose inode it got */
    if (is_new || flags & O_TRUNC) written(file, 0, LLONG_MAX);
  }
  pthread_mutex_unlock(&lock);
  return fd;
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return opened(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return opened(path, flags, mode);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  pthread_mutex_lock(&lock);
  struct file *file = file_of(fd);
  ssize_t done = real_pwrite(fd, bytes, count, at);
  if (file != NULL && done > 0) written(file, at, at + done);
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }

ssize_t write(int fd, const void *bytes, size_t count) {
  struct file *file = file_of(fd);
  if (file == NULL) return real_write(fd, bytes, count); /* maybe a pipe that blocks: not under the lock */
  pthread_mutex_lock(&lock);
  ssize_t done = real_write(fd, bytes, count);
  off_t end = lseek(fd, 0, SEEK_CUR);
  if (done > 0) written(file, end - done, end);
  pthread_mutex_unlock(&lock);
  return done;
}

int ftruncate64(int fd, off64_t size) {
  pthread_mutex_lock(&lock);
  struct file *file = file_of(fd);
  int result = real_ftruncate(fd, size);
  if (file != NULL && result == 0) written(file, size, LLONG_MAX);
  pthread_mutex_unlock(&lock);
  return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fsync(int fd) {
  pthread_mutex_lock(&lock);
  struct file *file = file_of(fd);
  if (file == &files[0]) keep_names();
  else if (file != NULL) keep_content(file, fd);
  pthread_mutex_unlock(&lock);
  return 0;
}

int fdatasync(int fd) { return fsync(fd); }
