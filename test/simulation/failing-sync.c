/* Loaded before libc: every sync fails with EIO as long as the file named by FAILING_SYNC_WHILE exists. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int sync_with(const char *name, int fd) {
  const char *flag = getenv("FAILING_SYNC_WHILE");
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  if (flag && access(flag, F_OK) == 0) {
    errno = EIO;
    return -1;
  }
  return real(fd);
}

int fsync(int fd) { return sync_with("fsync", fd); }
int fdatasync(int fd) { return sync_with("fdatasync", fd); }
