/* Ways to run what is no program of the container. */
#include "ways.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

static void memfd_exec(void)
{
	int fd = memfd_create("escaped", 0);

	copy_self(fd);
	syscall(SYS_execveat, fd, "", PROGRAM, NONE, AT_EMPTY_PATH);
}

static int program_file(const char *name)
{
	int fd = open(in_folder(name), O_CREAT | O_WRONLY, 0700);

	copy_self(fd);
	close(fd);
	return open(in_folder(name), O_RDONLY);
}

static void deleted_exec(void)
{
	int fd = program_file("deleted");

	unlink(in_folder("deleted"));
	syscall(SYS_execveat, fd, "", PROGRAM, NONE, AT_EMPTY_PATH);
}

static void descriptor_exec(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", program_file("hidden-name"));
	execve(path, PROGRAM, NONE);
}

static void preload(void)
{
	char variable[4200];
	char *const environment[] = {variable, NULL};
	char *const arguments[] = {"true", NULL};

	snprintf(variable, sizeof(variable), "LD_PRELOAD=%s", in_folder("preloaded.so"));
	execve("/bin/true", arguments, environment);
}

static void loader_exec(void)
{
	char *const arguments[] = {"ld.so", "/bin/true", NULL};

	execve("/lib64/ld-linux-x86-64.so.2", arguments, NONE);
}

/* `ret`, written into memory and called. */
static void written_code(void)
{
	unsigned char *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	code[0] = 0xc3;
	mprotect(code, 4096, PROT_READ | PROT_EXEC);
	((void (*)(void))code)();
}

static void set_id_file(void)
{
	write_file(in_folder("set-id"), "none");
	chmod(in_folder("set-id"), 04755);
}

static void file_capability(void)
{
	write_file(in_folder("capable"), "none");
	setxattr(in_folder("capable"), "security.capability", "", 0, 0);
}

const struct way PROGRAMS_WAYS[] = {
	{"memfd-exec", memfd_exec},
	{"deleted-exec", deleted_exec},
	{"descriptor-exec", descriptor_exec},
	{"ld-preload", preload},
	{"loader-exec", loader_exec},
	{"written-code", written_code},
	{"set-id-file", set_id_file},
	{"file-capability", file_capability},
	{0},
};
