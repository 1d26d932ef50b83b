/* A disk's quota for a process that this library is loaded into: the files of QUOTA_FOLDER may grow by QUOTA_BYTES in all. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define SYSTEMS_OWN(function) ((__typeof__(&function))dlsym(RTLD_NEXT, #function))

static int is_refused(int file, size_t size) {
  static size_t written;
  const char *folder = getenv("QUOTA_FOLDER");
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (folder == NULL || length < 0) return 0;
  path[length] = 0;
  if (strncmp(path, folder, strlen(folder)) != 0) return 0;
  if (written + size <= strtoul(getenv("QUOTA_BYTES"), NULL, 10)) {
    written += size;
    return 0;
  }
  errno = EDQUOT;
  return 1;
}

ssize_t write(int file, const void *data, size_t size) {
  return is_refused(file, size) ? -1 : SYSTEMS_OWN(write)(file, data, size);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
  return is_refused(file, size) ? -1 : SYSTEMS_OWN(pwrite)(file, data, size, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
  return is_refused(file, size) ? -1 : SYSTEMS_OWN(pwrite64)(file, data, size, at);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  size_t size = 0;
  for (int k = 0; k < count; k++) size += parts[k].iov_len;
  return is_refused(file, size) ? -1 : SYSTEMS_OWN(writev)(file, parts, count);
}
