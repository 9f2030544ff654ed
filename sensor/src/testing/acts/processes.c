/* Acts of processes: namespaces, other processes, privileges, programs. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "acts.h"

int act_namespaces(void)
{
	pid_t child;
	int fd = open("/proc/self/ns/uts", O_RDONLY);

	unshare(CLONE_NEWNS | CLONE_NEWUTS);
	mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
	mount("holdfast-none", words[2], "tmpfs", MS_NOSUID, NULL);
	umount2(words[2], MNT_DETACH);
	setns(fd, CLONE_NEWUTS);
	child = syscall(SYS_clone, CLONE_NEWIPC | SIGCHLD, 0, 0, 0, 0);
	if (child == 0)
		_exit(7);
	waitpid(child, NULL, 0);
	chdir(words[2]);
	chroot(".");
	syscall(SYS_pivot_root, ".", ".");
	return 0;
}

int act_processes(void)
{
	char byte = 1, other = 2;
	struct iovec from = {&byte, 1}, to = {&other, 1};
	pid_t child = fork();

	if (child == 0) {
		pause();
		_exit(0);
	}
	ptrace(PTRACE_ATTACH, child, 0, 0);
	waitpid(child, NULL, 0);
	process_vm_writev(child, &from, 1, &to, 1, 0);
	printf("child %d\n", child);
	kill(child, SIGKILL);
	return 0;
}

int act_privileges(void)
{
	int fd;

	syscall(SYS_bpf, 0, 0, 0);
	syscall(SYS_init_module, "", 0, "");
	syscall(SYS_keyctl, 0, -3, 0, 0, 0);
	memfd_create("holdfast-memfd", MFD_CLOEXEC);
	socket(AF_PACKET, SOCK_RAW, 0);
	fd = open(words[2], O_CREAT | O_WRONLY, 0644);
	fchmod(fd, 04755);
	fsetxattr(fd, "security.capability", "", 0, 0);
	syscall(SYS_setresgid, 0, 0, 0);
	syscall(SYS_setresuid, 65534, 65534, 65534);
	chroot("/");
	return 0;
}

int act_memfd_exec(void)
{
	char bytes[65536];
	ssize_t got;
	int from = open("/proc/self/exe", O_RDONLY), to = memfd_create("holdfast-code", 0);
	char *const arguments[] = {"memfd-program", "open", "/dev/null", "0", NULL};
	char *const environment[] = {"A=1", "TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", NULL};

	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, got) != got)
			return 1;
	return syscall(SYS_execveat, to, "", arguments, environment, AT_EMPTY_PATH);
}

int act_exec_fail(void)
{
	char *const none[] = {NULL};

	return done(execve(words[2], none, none));
}

int act_exec_storm(void)
{
	char *const none[] = {"acts", NULL};

	for (long i = 0; i < number(2); i++) {
		pid_t child = fork();

		if (child == 0)
			_exit(execve("/proc/self/exe", none, none + 1));
		waitpid(child, NULL, 0);
	}
	return 0;
}
