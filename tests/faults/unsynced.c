/* What a disk would hold after a power cut: of the files in UNSYNCED_FOLDER, a second folder, UNSYNCED_IMAGE, gets only
 * what was synced. Preloaded into the process under test, it stands in for the calls that SQLite and Python write by.
 *
 * UNSYNCED_IMAGE/inodes/N: the content of inode N as of its last fsync. UNSYNCED_IMAGE/names: the folder's entries as of
 * its own last fsync, a line "N name" each: a new file's name is as unsynced as its content.
 * While a file UNSYNCED_IMAGE/fail exists, every sync fails with EIO and nothing is taken over. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_FILES 64
#define CHUNK (1 << 16)

/* Bytes from..to were written and `shortest` is the least the file was cut to, both since its last sync. */
struct file {
    ino_t inode;
    off_t from, to, shortest;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX], image[PATH_MAX];
static struct stat watched;
static struct file files[MOST_FILES];
static int count;

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);

static void must(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "unsynced.c: %s: %s\n", what, strerror(errno));
        abort();
    }
}

static int image_of(ino_t inode)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/inodes/%lu", image, (unsigned long)inode);
    int copy = real_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    must(copy >= 0, path);
    return copy;
}

static void take_over(int from, int to, off_t start, off_t end)
{
    static char bytes[CHUNK];
    while (start < end) {
        ssize_t got = pread(from, bytes, end - start < CHUNK ? end - start : CHUNK, start);
        must(got >= 0, "read what is synced");
        if (got == 0)
            return;
        must(real_pwrite(to, bytes, got, start) == got, "write what is synced");
        start += got;
    }
}

static struct file *known(int fd)
{
    struct stat found;
    if (!count || fstat(fd, &found) || !S_ISREG(found.st_mode) || found.st_dev != watched.st_dev)
        return NULL;
    for (int i = 0; i < count; i++)
        if (files[i].inode == found.st_ino)
            return &files[i];
    return NULL;
}

static void clean(struct file *file)
{
    file->from = file->shortest = LONG_MAX;
    file->to = 0;
}

static void sync_file(int fd, struct file *file)
{
    struct stat now;
    must(!fstat(fd, &now), "fstat");
    int copy = image_of(file->inode);
    struct stat before;
    must(!fstat(copy, &before), "fstat the copy");
    if (file->shortest < before.st_size)
        must(!real_ftruncate(copy, file->shortest), "cut the copy");
    take_over(fd, copy, file->from, file->to);
    must(!real_ftruncate(copy, now.st_size), "size the copy");
    close(copy);
    clean(file);
}

static void sync_names(void)
{
    char path[PATH_MAX + 64], next[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/names", image);
    snprintf(next, sizeof next, "%s/names.next", image);
    FILE *names = fopen(next, "w");
    DIR *entries = opendir(folder);
    must(names && entries, next);
    for (struct dirent *entry; (entry = readdir(entries));)
        if (entry->d_type == DT_REG)
            fprintf(names, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
    closedir(entries);
    must(!fclose(names) && !rename(next, path), path);
}

/* A file of the folder was opened; `created`: by this call, so that nothing of it is synced. */
static void meet(int fd, int created)
{
    struct stat found;
    must(!fstat(fd, &found), "fstat");
    if (!S_ISREG(found.st_mode))
        return;
    struct file *file = known(fd);
    if (file && !created)
        return;
    if (!file) {
        must(count < MOST_FILES, "too many files");
        file = &files[count++];
        file->inode = found.st_ino;
    }
    clean(file);
    int copy = image_of(found.st_ino);
    must(!real_ftruncate(copy, 0), "empty the copy");
    if (!created)
        take_over(fd, copy, 0, found.st_size); /* it was there before the process: a disk has it */
    close(copy);
}

__attribute__((constructor)) static void begin(void)
{
    real_open = dlsym(RTLD_NEXT, "open64");
    real_openat = dlsym(RTLD_NEXT, "openat64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    const char *from = getenv("UNSYNCED_FOLDER"), *to = getenv("UNSYNCED_IMAGE");
    if (!from || !to)
        return;
    must(realpath(from, folder) && realpath(to, image) && !stat(folder, &watched), from);
    DIR *entries = opendir(folder);
    must(entries != NULL, folder);
    for (struct dirent *entry; (entry = readdir(entries));) {
        char path[PATH_MAX + 300];
        if (entry->d_type != DT_REG)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        int fd = real_open(path, O_RDONLY | O_CLOEXEC);
        must(fd >= 0, path);
        meet(fd, 0);
        close(fd);
    }
    closedir(entries);
    sync_names();
}

static int is_inside(const char *path)
{
    size_t length = strlen(folder);
    return length && path && !strncmp(path, folder, length) && path[length] == '/' && !strchr(path + length + 1, '/');
}

static int open_inside(int at, const char *path, int flags, mode_t mode)
{
    pthread_mutex_lock(&lock);
    int created = (flags & O_CREAT) && access(path, F_OK);
    int fd = real_openat(at, path, flags, mode), why = errno;
    if (fd >= 0) {
        meet(fd, created);
        struct file *file = known(fd);
        if (file && (flags & O_TRUNC))
            file->shortest = 0;
    }
    pthread_mutex_unlock(&lock);
    errno = why;
    return fd;
}

#define OPEN(name, at, parameters)                                       \
    int name parameters                                                  \
    {                                                                    \
        mode_t mode = 0;                                                 \
        if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {      \
            va_list more;                                                \
            va_start(more, flags);                                       \
            mode = va_arg(more, mode_t);                                 \
            va_end(more);                                                \
        }                                                                \
        return is_inside(path) ? open_inside(at, path, flags, mode)      \
                               : real_openat(at, path, flags, mode);     \
    }

OPEN(open, AT_FDCWD, (const char *path, int flags, ...))
OPEN(open64, AT_FDCWD, (const char *path, int flags, ...))
OPEN(openat, at, (int at, const char *path, int flags, ...))
OPEN(openat64, at, (int at, const char *path, int flags, ...))

static void wrote(struct file *file, off_t start, ssize_t done)
{
    if (file && done > 0) {
        if (start < file->from)
            file->from = start;
        if (start + done > file->to)
            file->to = start + done;
    }
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t start)
{
    struct file *file = known(fd);
    if (!file)
        return real_pwrite(fd, bytes, size, start);
    pthread_mutex_lock(&lock);
    ssize_t done = real_pwrite(fd, bytes, size, start);
    wrote(file, start, done);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t start)
{
    return pwrite64(fd, bytes, size, start);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    struct file *file = known(fd);
    if (!file)
        return real_write(fd, bytes, size);
    pthread_mutex_lock(&lock);
    ssize_t done = real_write(fd, bytes, size);
    wrote(file, lseek(fd, 0, SEEK_CUR) - (done > 0 ? done : 0), done);
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate64(int fd, off_t size)
{
    struct file *file = known(fd);
    pthread_mutex_lock(&lock);
    int failed = real_ftruncate(fd, size);
    if (file && !failed && size < file->shortest)
        file->shortest = size;
    pthread_mutex_unlock(&lock);
    return failed;
}

int ftruncate(int fd, off_t size)
{
    return ftruncate64(fd, size);
}

static int sync_through(int fd, int (*real)(int))
{
    struct stat found;
    struct file *file = known(fd);
    int is_folder = count && !fstat(fd, &found) && found.st_dev == watched.st_dev && found.st_ino == watched.st_ino;
    if (!file && !is_folder)
        return real(fd);
    char fail[PATH_MAX + 8];
    snprintf(fail, sizeof fail, "%s/fail", image);
    if (!access(fail, F_OK)) {
        errno = EIO;
        return -1;
    }
    pthread_mutex_lock(&lock);
    if (file)
        sync_file(fd, file);
    else
        sync_names();
    pthread_mutex_unlock(&lock);
    return 0;
}

int fsync(int fd)
{
    return sync_through(fd, real_fsync);
}

int fdatasync(int fd)
{
    return sync_through(fd, real_fdatasync);
}

int unlink(const char *path)
{
    if (is_inside(path))
        real_open(path, O_RDONLY | O_CLOEXEC); /* never closed: until its name is gone for good, its inode is not reused */
    return real_unlink(path);
}
