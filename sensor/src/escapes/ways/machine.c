/* Ways through what the machine has: its kernel, its devices, its files of control, its other addresses. */
#include "ways.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

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

static void key(void)
{
	syscall(SYS_keyctl, 0, -3, 0, 0, 0);
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

static void metadata(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(80)};

	inet_pton(AF_INET, "169.254.169.254", &address.sin_addr);
	connect(socket(AF_INET, SOCK_STREAM, 0), (void *)&address, sizeof(address));
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

static void engine_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/docker.sock"};
	int engine = socket(AF_UNIX, SOCK_STREAM, 0);

	own_run_folder();
	if (bind(engine, (void *)&address, sizeof(address)) || listen(engine, 1))
		exit(1);
	connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&address, sizeof(address));
}

const struct way MACHINE_WAYS[] = {
	{"host-mount", host_mount},
	{"device", device},
	{"release-agent", release_agent},
	{"core-pattern", core_pattern},
	{"module-load", module_load},
	{"bpf-load", bpf_load},
	{"keyctl", key},
	{"userfaultfd", fault_handler},
	{"perf-event", performance_event},
	{"metadata-address", metadata},
	{"raw-socket", raw_sockets},
	{"vsock", virtual_machine_socket},
	{"engine-socket", engine_socket},
	{0},
};
