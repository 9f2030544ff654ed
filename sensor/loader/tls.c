#include "loader.h"
#include "opener.h"
#include "tls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "tls.skel.h"

/* Files that are hooked at once: a machine runs a handful of libraries and runtimes, in a few versions. */
#define TARGETS 256
/* SSL_write, SSL_write_ex, SSL_read, SSL_read_ex, SSL_free, SSL_set_fd. */
#define FUNCTIONS 6
#define LINKS 4
/* The kernel's number for programs that hook many places with one link (BPF_TRACE_UPROBE_MULTI). */
#define TRACE_UPROBE_MULTI 48

struct target {
	char *path;
	int count;
	int links[LINKS];
};

/* One link of the kernel: a program at up to four places of a file. Unregistering one waits for all CPUs, so few is quick. */
struct probe {
	const char *program;
	bool at_return;
	int count;
	/* Which offsets of the command, and what each place is. */
	int functions[4];
	uint64_t cookies[4];
};

#define READ_OR_WRITE 4, {0, 1, 2, 3}, {0, TLS_COOKIE_EX, TLS_COOKIE_READ, TLS_COOKIE_READ | TLS_COOKIE_EX}

/* The return probes first: a call that enters between the two is then seen as one that never ended, not half. */
static const struct probe PROBES[LINKS] = {
	{"tls_call_exit", true, READ_OR_WRITE},
	{"tls_call_enter", false, READ_OR_WRITE},
	{"tls_free", false, 1, {4}, {0}},
	{"tls_set_fd", false, 1, {5}, {0}},
};

static void configure(struct loader *loader, struct bpf_object *opened)
{
	(void)loader;
	for (int i = 0; i < LINKS; i++)
		bpf_program__set_expected_attach_type(bpf_object__find_program_by_name(opened, PROBES[i].program),
						      TRACE_UPROBE_MULTI);
}

static const struct image TLS = {.name = "tls", .bytes = tls_bpf__elf_bytes, .configure = configure};
static struct bpf_object *object;
static struct target targets[TARGETS];
static bool sockets_attached;

static int prepare(struct loader *loader)
{
	(void)loader;
	/* Without it only what the loader's own user can reach is hooked; each attempt says so. */
	if (geteuid() == 0)
		opener_start();
	return 0;
}

static int load(struct loader *loader)
{
	/* Hooks nothing by itself: what is not asked for costs nothing. */
	object = load_object(loader, &TLS);
	tell_program(loader, "tls", object ? 0 : -EOPNOTSUPP, "the kernel does not load it");
	return 0;
}

/* Sends and receives of every process pass these, so they are attached with the first library only. */
static void attach_sockets(struct loader *loader)
{
	static const char *const NAMES[] = {"tls_socket_sent", "tls_socket_received"};

	for (int i = 0; i < 2 && !sockets_attached; i++) {
		struct bpf_program *program = bpf_object__find_program_by_name(object, NAMES[i]);
		bool loaded = program && bpf_program__autoload(program);
		struct bpf_link *link = loaded ? bpf_program__attach(program) : NULL;

		tell_program(loader, NAMES[i], link ? 0 : -EOPNOTSUPP, "the kernel does not attach it");
	}
	sockets_attached = true;
}

static void release(struct target *target)
{
	for (int i = 0; i < target->count; i++)
		close(target->links[i]);
	free(target->path);
	memset(target, 0, sizeof(*target));
}

static struct target *find(const char *path)
{
	for (int i = 0; i < TARGETS; i++)
		if (path ? targets[i].path && !strcmp(targets[i].path, path) : !targets[i].path)
			return &targets[i];
	return NULL;
}

/*
 * BPF_LINK_CREATE for uprobes, as the kernel has it from 6.6 on; libbpf 1.1 does not know it. The older way, a perf event
 * for each probe, asks for CAP_SYS_ADMIN, which this process gave away.
 */
struct create_uprobes {
	uint32_t program;
	uint32_t target;
	uint32_t attach_type;
	uint32_t link_flags;
	uint64_t path;
	uint64_t offsets;
	uint64_t counter_offsets;
	uint64_t cookies;
	uint32_t count;
	uint32_t flags;
	uint32_t pid;
	uint32_t unused;
};

#define UPROBE_AT_RETURN 1

/* A link, or a negative errno; -ENOENT where the file has none of the functions. */
static int create_link(const struct probe *probe, const char *path, const uint64_t *offsets, uint64_t library)
{
	uint64_t places[4], cookies[4];
	struct create_uprobes create = {
		.program = bpf_program__fd(bpf_object__find_program_by_name(object, probe->program)),
		.attach_type = TRACE_UPROBE_MULTI,
		.path = (uintptr_t)path,
		.offsets = (uintptr_t)places,
		.cookies = (uintptr_t)cookies,
		.flags = probe->at_return ? UPROBE_AT_RETURN : 0,
	};
	int fd;

	for (int i = 0; i < probe->count; i++) {
		if (!offsets[probe->functions[i]])
			continue;
		places[create.count] = offsets[probe->functions[i]];
		cookies[create.count++] = probe->cookies[i] | library;
	}
	if (!create.count)
		return -ENOENT;
	fd = syscall(SYS_bpf, BPF_LINK_CREATE, &create, sizeof(create) - sizeof(create.unused));
	return fd < 0 ? -errno : fd;
}

static int attach_probes(struct target *target, int fd, uint64_t library, const uint64_t *offsets)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (int i = 0; i < LINKS; i++) {
		int link = create_link(&PROBES[i], path, offsets, library);

		if (link == -ENOENT)
			continue;
		if (link < 0)
			return link;
		target->links[target->count++] = link;
	}
	return 0;
}

static int attach(struct loader *loader, char **words, struct answer *answer)
{
	uint64_t library, offsets[FUNCTIONS];
	struct target *target = find(NULL);
	int fd, error = 0;

	if (!object)
		return -EOPNOTSUPP;
	if (!target)
		return -ENOSPC;
	if (parse_u64(words[2], &library) || library == 0 || library > TLS_COOKIE_LIBRARY)
		return -EINVAL;
	for (int i = 0; i < FUNCTIONS; i++)
		if (parse_u64(words[3 + i], &offsets[i]))
			return -EINVAL;
	fd = opener_open(words[1]);
	if (fd < 0)
		return fd;
	target->path = strdup(words[1]);
	error = target->path ? attach_probes(target, fd, library, offsets) : -ENOMEM;
	/* The kernel holds the file by its inode; the descriptor was only a way to name it. */
	close(fd);
	if (error) {
		snprintf(answer->error, sizeof(answer->error), "the kernel does not attach it: %s", strerror(-error));
		release(target);
		return error;
	}
	attach_sockets(loader);
	return 0;
}

/*
 * `tls attach PATH LIBRARY OFFSET x 6`, `tls detach PATH`; an offset of 0 is a function that the file lacks. A path may name
 * one file now and another later; what is hooked under it stays hooked until it is detached.
 */
static int tls(struct loader *loader, int count, char **words, struct answer *answer)
{
	if (count == 3 + FUNCTIONS && !strcmp(words[0], "attach"))
		return attach(loader, words, answer);
	if (count == 2 && !strcmp(words[0], "detach")) {
		struct target *target = find(words[1]);

		if (!target)
			return -ENOENT;
		for (; target; target = find(words[1]))
			release(target);
		return 0;
	}
	return -EINVAL;
}

static void stop(struct loader *loader)
{
	(void)loader;
	for (int i = 0; i < TARGETS; i++)
		if (targets[i].path)
			release(&targets[i]);
	opener_stop();
}

static const struct command COMMANDS[] = {
	{"tls", 2, 3 + FUNCTIONS, tls},
	{0},
};

const struct module tls_module = {
	.name = "tls",
	.prepare = prepare,
	.load = load,
	.commands = COMMANDS,
	.stop = stop,
};
