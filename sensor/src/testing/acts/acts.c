/*
 * Does one act that the sensor must see, as bare system calls and nothing else: no library opens files beside it. Linked
 * statically. Says `done RESULT` where what the kernel answered matters to the test.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static int count;
static char **words;

static long done(long result)
{
	printf("done %ld %d\n", result, result < 0 ? errno : 0);
	return 0;
}

static long number(int at)
{
	return at < count ? strtol(words[at], NULL, 10) : 0;
}

static int act_open(void)
{
	return done(open(words[2], number(3), 0644));
}

static int act_in_new_mounts(void)
{
	if (unshare(CLONE_NEWNS))
		return 1;
	return done(open(words[2], O_RDONLY));
}

/* Opens the same file many times; the process stays the same one. */
static int act_open_often(void)
{
	for (long i = 0; i < number(3); i++)
		close(open(words[2], O_RDONLY));
	return 0;
}

static int act_namespaces(void)
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

static int act_processes(void)
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

static int act_privileges(void)
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

static int act_memfd_exec(void)
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

static int act_exec_fail(void)
{
	char *const none[] = {NULL};

	return done(execve(words[2], none, none));
}

static int act_network(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "\0holdfast-act"};
	socklen_t length = sizeof(address), path_length = sizeof(sa_family_t) + 13;
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), accepted;
	int unix_listener = socket(AF_UNIX, SOCK_STREAM, 0), unix_client = socket(AF_UNIX, SOCK_STREAM, 0);
	char bytes[1000] = {0};

	bind(listener, (void *)&address, sizeof(address));
	listen(listener, 1);
	getsockname(listener, (void *)&address, &length);
	connect(client, (void *)&address, sizeof(address));
	accepted = accept(listener, NULL, NULL);
	send(client, bytes, 1000, 0);
	recv(accepted, bytes, 1000, MSG_WAITALL);
	send(accepted, bytes, 10, 0);
	recv(client, bytes, 10, MSG_WAITALL);
	close(client);
	close(accepted);
	bind(unix_listener, (void *)&path, path_length);
	listen(unix_listener, 1);
	connect(unix_client, (void *)&path, path_length);
	printf("port %d\n", ntohs(address.sin_port));
	return 0;
}

/* A question for the address of holdfast.test, answered by a socket of this process's own. */
static int act_dns(void)
{
	static const unsigned char QUESTION[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x08holdfast\x04test\x00\x00\x01\x00\x01";
	struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(53)}, client;
	socklen_t length = sizeof(client);
	int answering = socket(AF_INET, SOCK_DGRAM, 0), asking = socket(AF_INET, SOCK_DGRAM, 0);
	unsigned char bytes[512];
	ssize_t got;

	/* An address of loopback that nobody's name server listens on. */
	server.sin_addr.s_addr = htonl(0x7f4d5c01);
	if (bind(answering, (void *)&server, sizeof(server)))
		return 1;
	sendto(asking, QUESTION, sizeof(QUESTION) - 1, 0, (void *)&server, sizeof(server));
	got = recvfrom(answering, bytes, sizeof(bytes), 0, (void *)&client, &length);
	bytes[2] |= 0x80;
	sendto(answering, bytes, got, 0, (void *)&client, length);
	return recv(asking, bytes, sizeof(bytes), 0) == got ? 0 : 1;
}

static struct io_uring_sqe *ring_entry(unsigned char *entries, unsigned int *array, unsigned int *tail, int opcode)
{
	struct io_uring_sqe *entry = (void *)entries;

	memset(entry, 0, sizeof(*entry));
	entry->opcode = opcode;
	array[0] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	return entry;
}

/* Opens a file and connects to a port, both through a ring. */
static int act_ring(void)
{
	struct io_uring_params with = {0};
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(9)};
	int ring = syscall(SYS_io_uring_setup, 4, &with);
	unsigned char *queue = mmap(NULL, with.sq_off.array + 64, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	unsigned char *entries = mmap(NULL, 4 * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring,
				      IORING_OFF_SQES);
	unsigned int *array = (void *)(queue + with.sq_off.array), *tail = (void *)(queue + with.sq_off.tail);
	struct io_uring_sqe *entry;

	if (ring < 0 || queue == MAP_FAILED || entries == MAP_FAILED)
		return done(-1);
	entry = ring_entry(entries, array, tail, IORING_OP_OPENAT);
	entry->fd = AT_FDCWD;
	entry->addr = (unsigned long)words[2];
	syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	entry = ring_entry(entries, array, tail, IORING_OP_CONNECT);
	entry->fd = socket(AF_INET, SOCK_STREAM, 0);
	entry->addr = (unsigned long)&address;
	entry->off = sizeof(address);
	syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	return done(0);
}

/* filtered.c */
int act_filtered(void);

/* A filter that answers `sync` with EPERM; then three of them. */
static int act_refused(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sync, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {4, code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		return 1;
	for (int i = 0; i < 3; i++)
		syscall(SYS_sync);
	return 0;
}

/* getpid by the 32-bit entry: number 20 there. */
static int act_foreign(void)
{
	int result = 20;

	__asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
	return done(result);
}

/* chroot, its number in the lower half of the register and something else in the upper. */
static int act_wide_number(void)
{
	long result = SYS_chroot | (7L << 32);

	__asm__ volatile("syscall" : "+a"(result) : "D"("/") : "memory", "rcx", "r11");
	return done(result);
}

static void on_signal(int signal)
{
	(void)signal;
}

/* A handler returns by a call of its own, which leaves no number behind. */
static int act_signal(void)
{
	signal(SIGUSR1, on_signal);
	return done(raise(SIGUSR1));
}

static int act_files(void)
{
	char path[4096], to[4096];

	snprintf(path, sizeof(path), "%s/first", words[2]);
	snprintf(to, sizeof(to), "%s/second", words[2]);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	rename(path, to);
	chdir(words[2]);
	unlink("second");
	return 0;
}

/* Opens files that do not exist elsewhere, each once, from several processes: what is sent is known exactly. */
static int act_storm(void)
{
	long children = number(3), opens = number(4);
	char path[256];

	for (long child = 0; child < children; child++) {
		if (fork())
			continue;
		for (long i = 0; i < opens; i++) {
			snprintf(path, sizeof(path), "%s/%ld-%ld", words[2], child, i % 16);
			close(open(path, O_CREAT | O_RDWR, 0600));
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

static int act_exec_storm(void)
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

static const struct {
	const char *name;
	int (*run)(void);
} ACTS[] = {
	{"open", act_open}, {"in-new-mounts", act_in_new_mounts}, {"open-often", act_open_often}, {"namespaces", act_namespaces}, {"processes", act_processes},
	{"privileges", act_privileges}, {"memfd-exec", act_memfd_exec}, {"exec-fail", act_exec_fail},
	{"network", act_network}, {"dns", act_dns}, {"ring", act_ring}, {"foreign", act_foreign}, {"wide-number", act_wide_number},
	{"signal", act_signal}, {"refused", act_refused}, {"filtered", act_filtered}, {"files", act_files},
	{"storm", act_storm}, {"exec-storm", act_exec_storm},
};

int main(int given, char **list)
{
	count = given;
	words = list;
	for (size_t i = 0; given > 1 && i < sizeof(ACTS) / sizeof(ACTS[0]); i++)
		if (!strcmp(ACTS[i].name, list[1]))
			return ACTS[i].run();
	return given > 1 ? 2 : 0;
}
