/*
 * Tries one way out of a container, or around whoever watches, as bare system calls. Runs in namespaces that end with it;
 * what would change the machine is built to fail, or writes back what it read. Linked statically.
 *
 *     escapes NAME FOLDER VICTIM-PID VICTIM-ADDRESS OTHER-CGROUP
 *
 * Says `unavailable` where this kernel lacks what the way needs.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define CLONE_INTO_CGROUP_FLAG 0x200000000ULL

static const char *folder, *other_cgroup;
static pid_t victim;
static char *victim_address;
static char *const NONE[] = {NULL};
static char *const PROGRAM[] = {"escaped", "nothing", NULL};

static const char *in_folder(const char *name)
{
	static char path[4][4096];
	static int at;

	at = (at + 1) & 3;
	snprintf(path[at], sizeof(path[at]), "%s/%s", folder, name);
	return path[at];
}

static const char *of_victim(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "/proc/%d/%s", victim, name);
	return path;
}

static void copy_self(int to)
{
	char bytes[65536];
	ssize_t got;
	int from = open("/proc/self/exe", O_RDONLY);

	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, got) != got)
			exit(1);
	close(from);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		exit(1);
	close(fd);
}

static void write_back(const char *path)
{
	char text[4096];
	int fd = open(path, O_RDWR);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (fd < 0)
		printf("unavailable\n");
	if (got > 0 && pwrite(fd, text, got, 0) < 0)
		printf("refused\n");
}

static void namespace_entry(void)
{
	setns(open(of_victim("ns/mnt"), O_RDONLY), CLONE_NEWNS);
}

static void unshare_net(void)
{
	unshare(CLONE_NEWNET);
}

static void host_mount(void)
{
	mkdir(in_folder("host"), 0700);
	mount("/", in_folder("host"), NULL, MS_BIND, NULL);
}

/* The number of a disk that no driver has. */
static void device(void)
{
	mknod(in_folder("disk"), S_IFBLK | 0600, makedev(120, 77));
	open(in_folder("disk"), O_RDONLY);
}

static void release_agent(void)
{
	write_back("/sys/fs/cgroup/memory/release_agent");
}

static void core_pattern(void)
{
	write_back("/proc/sys/kernel/core_pattern");
}

static void trace(void)
{
	if (ptrace(PTRACE_ATTACH, victim, 0, 0) == 0) {
		waitpid(victim, NULL, __WALL);
		ptrace(PTRACE_DETACH, victim, 0, 0);
	}
}

static void foreign_memory(void)
{
	char byte = 'x';
	struct iovec from = {&byte, 1}, to = {victim_address, 1};

	process_vm_writev(victim, &from, 1, &to, 1, 0);
}

static void memory_file(void)
{
	char byte = 'x';
	int fd = open(of_victim("mem"), O_RDWR);

	if (pwrite(fd, &byte, 1, (off_t)victim_address) != 1)
		printf("refused\n");
}

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

static void module_load(void)
{
	syscall(SYS_init_module, "", 0, "");
}

/* A program of no instructions, which no kernel takes. */
static void bpf_load(void)
{
	char attributes[128] = {0};

	syscall(SYS_bpf, 5, attributes, sizeof(attributes));
}

static void own_run_folder(void)
{
	if (mount("none", "/run", "tmpfs", 0, NULL))
		exit(1);
}

static void service_token(void)
{
	own_run_folder();
	mkdir("/run/secrets", 0700);
	mkdir("/run/secrets/kubernetes.io", 0700);
	mkdir("/run/secrets/kubernetes.io/serviceaccount", 0700);
	write_file("/run/secrets/kubernetes.io/serviceaccount/token", "none");
	open("/run/secrets/kubernetes.io/serviceaccount/token", O_RDONLY);
}

static void hard_link(void)
{
	own_run_folder();
	mkdir("/run/secrets", 0700);
	write_file("/run/secrets/database", "none");
	if (link("/run/secrets/database", "/run/harmless"))
		exit(1);
	open("/run/harmless", O_RDONLY);
}

static void metadata(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(80)};

	inet_pton(AF_INET, "169.254.169.254", &address.sin_addr);
	connect(socket(AF_INET, SOCK_STREAM, 0), (void *)&address, sizeof(address));
}

static void cgroup_move(void)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", other_cgroup);
	fd = open(path, O_WRONLY);
	if (write(fd, "0", 1) != 1)
		exit(1);
	execve("/proc/self/exe", PROGRAM, NONE);
}

static void clone_into_cgroup(void)
{
	unsigned long long with[11] = {[0] = CLONE_INTO_CGROUP_FLAG, [4] = SIGCHLD};
	long child;

	with[10] = open(other_cgroup, O_RDONLY | O_DIRECTORY);
	child = syscall(SYS_clone3, with, sizeof(with));
	if (child == 0)
		execve("/proc/self/exe", PROGRAM, NONE);
	else if (child < 0)
		printf("unavailable\n");
	else
		waitpid(child, NULL, 0);
}

static void double_fork(void)
{
	int ends[2];
	char byte;

	if (pipe(ends))
		exit(1);
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			close(ends[0]);
			/* Its end of the pipe closes when it has ended. */
			execve("/proc/self/exe", PROGRAM, NONE);
		}
		_exit(0);
	}
	close(ends[1]);
	wait(NULL);
	while (read(ends[0], &byte, 1) > 0)
		;
}

static void ring(void)
{
	struct io_uring_params with = {0};
	int fd = syscall(SYS_io_uring_setup, 4, &with);
	unsigned char *queue = mmap(NULL, with.sq_off.array + 64, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
	struct io_uring_sqe *entry = mmap(NULL, 4 * sizeof(*entry), PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);

	if (fd < 0 || queue == MAP_FAILED || (void *)entry == MAP_FAILED) {
		printf("unavailable\n");
		return;
	}
	memset(entry, 0, sizeof(*entry));
	entry->opcode = IORING_OP_OPENAT;
	entry->fd = AT_FDCWD;
	entry->addr = (unsigned long)"/etc/shadow";
	*(unsigned int *)(queue + with.sq_off.array) = 0;
	__atomic_store_n((unsigned int *)(queue + with.sq_off.tail), 1, __ATOMIC_RELEASE);
	syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
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

/* Another process swaps what the name means while this one opens it, until it meant the secret. */
static void symlink_race(void)
{
	char meant[64], at[64];
	pid_t swapper;

	write_file(in_folder("innocent"), "none");
	symlink(in_folder("innocent"), in_folder("swapped"));
	swapper = fork();
	if (swapper == 0)
		for (;;) {
			symlink("/etc/shadow", in_folder("next"));
			rename(in_folder("next"), in_folder("swapped"));
			symlink(in_folder("innocent"), in_folder("next"));
			rename(in_folder("next"), in_folder("swapped"));
		}
	for (ssize_t got = 0; got != 11 || memcmp(meant, "/etc/shadow", 11);) {
		int fd = open(in_folder("swapped"), O_RDONLY);

		snprintf(at, sizeof(at), "/proc/self/fd/%d", fd);
		got = readlink(at, meant, sizeof(meant));
		close(fd);
	}
	kill(swapper, SIGKILL);
	wait(NULL);
}

static void user_namespace(void)
{
	if (syscall(SYS_setresuid, 65534, 65534, 65534) || unshare(CLONE_NEWUSER | CLONE_NEWUTS))
		printf("unavailable\n");
	else if (sethostname("escaped", 7))
		exit(1);
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

static void chroot_break(void)
{
	mkdir(in_folder("jail"), 0700);
	chroot(in_folder("jail"));
	for (int i = 0; i < 16; i++)
		if (chdir(".."))
			exit(1);
	chroot(".");
}

static void pivot(void)
{
	mkdir(in_folder("root"), 0700);
	mount("none", in_folder("root"), "tmpfs", 0, NULL);
	if (chdir(in_folder("root")))
		exit(1);
	syscall(SYS_pivot_root, ".", ".");
}

static void raw_sockets(void)
{
	socket(AF_PACKET, SOCK_RAW, 0);
	socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static void virtual_machine_socket(void)
{
	socket(AF_VSOCK, SOCK_STREAM, 0);
}

static void key(void)
{
	syscall(SYS_keyctl, 0, -3, 0, 0, 0);
}

static void engine_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/docker.sock"};
	int engine = socket(AF_UNIX, SOCK_STREAM, 0);

	own_run_folder();
	if (bind(engine, (void *)&address, sizeof(address)) || listen(engine, 1))
		exit(1);
	connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&address, sizeof(address));
}

static void foreign_file(void)
{
	char path[4096];

	snprintf(path, sizeof(path), "/proc/%d/root/mnt/secret", victim);
	open(path, O_WRONLY | O_APPEND);
}

static void by_handle(void)
{
	struct {
		struct file_handle head;
		unsigned char bytes[128];
	} handle = {.head.handle_bytes = 128};
	int mount_id, root = open("/", O_RDONLY | O_DIRECTORY);

	if (name_to_handle_at(AT_FDCWD, "/etc/shadow", &handle.head, &mount_id, 0) ||
	    open_by_handle_at(root, &handle.head, O_RDONLY) < 0)
		printf("unavailable\n");
}

static void unavailable(int signal)
{
	(void)signal;
	if (write(1, "unavailable\n", 12) > 0)
		_exit(0);
}

static void entry_32_bit(void)
{
	int result = 20;

	signal(SIGSEGV, unavailable);
	__asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
}

static void entry_x32(void)
{
	syscall(0x40000000 | SYS_getpid);
}

static void wide_number(void)
{
	long result = SYS_chroot | (7L << 32);

	__asm__ volatile("syscall" : "+a"(result) : "D"("/") : "memory", "rcx", "r11");
}

static void fault_handler(void)
{
	syscall(SYS_userfaultfd, 0);
}

static void performance_event(void)
{
	struct perf_event_attr attributes = {.size = sizeof(attributes), .type = PERF_TYPE_SOFTWARE};

	syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
}

/* `ret`, written into memory and called. */
static void written_code(void)
{
	unsigned char *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	code[0] = 0xc3;
	mprotect(code, 4096, PROT_READ | PROT_EXEC);
	((void (*)(void))code)();
}

/* Standard input was opened by somebody else. */
static void inherited(void)
{
	char byte;

	if (read(0, &byte, 1) != 1)
		exit(1);
}

static void nothing(void)
{
}

/* What is attacked, in a cgroup and a mount namespace of its own. Ends with its input. */
static void be_victim(void)
{
	static char bytes[16] = "xx";
	char byte;

	if (mount("none", "/mnt", "tmpfs", 0, NULL))
		exit(1);
	write_file("/mnt/secret", "none");
	printf("%d %ld\n", getpid(), (long)bytes);
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
}

static const struct {
	const char *name;
	void (*run)(void);
} WAYS[] = {
	{"namespace-entry", namespace_entry}, {"unshare-net", unshare_net}, {"host-mount", host_mount},
	{"device", device}, {"release-agent", release_agent}, {"core-pattern", core_pattern}, {"ptrace", trace},
	{"process-vm-write", foreign_memory}, {"proc-mem-write", memory_file}, {"memfd-exec", memfd_exec},
	{"deleted-exec", deleted_exec}, {"descriptor-exec", descriptor_exec}, {"module-load", module_load},
	{"bpf-load", bpf_load}, {"service-account-token", service_token}, {"hard-link", hard_link},
	{"metadata-address", metadata}, {"cgroup-move", cgroup_move}, {"clone-into-cgroup", clone_into_cgroup}, {"double-fork", double_fork},
	{"io-uring", ring}, {"ld-preload", preload}, {"loader-exec", loader_exec}, {"symlink-race", symlink_race},
	{"user-namespace", user_namespace}, {"set-id-file", set_id_file}, {"file-capability", file_capability},
	{"chroot-break", chroot_break}, {"pivot-root", pivot}, {"raw-socket", raw_sockets},
	{"vsock", virtual_machine_socket}, {"keyctl", key}, {"engine-socket", engine_socket},
	{"foreign-file", foreign_file}, {"file-handle", by_handle}, {"32-bit-call", entry_32_bit},
	{"x32-call", entry_x32}, {"wide-number", wide_number}, {"userfaultfd", fault_handler},
	{"perf-event", performance_event}, {"written-code", written_code}, {"inherited-descriptor", inherited},
	{"nothing", nothing}, {"victim", be_victim},
};

int main(int count, char **words)
{
	folder = count > 2 ? words[2] : "";
	victim = count > 3 ? atoi(words[3]) : 0;
	victim_address = count > 4 ? (char *)strtol(words[4], NULL, 10) : NULL;
	other_cgroup = count > 5 ? words[5] : "";
	for (size_t i = 0; count > 1 && i < sizeof(WAYS) / sizeof(WAYS[0]); i++)
		if (!strcmp(WAYS[i].name, words[1])) {
			WAYS[i].run();
			return 0;
		}
	return 2;
}
