#include "loader.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "hold-tool.h"
#include "options.h"

/* Above what agents run at; a real-time class could starve the machine if the loader ever spun. */
#define LOADER_NICE -10

static struct loader loader = {.cgroup_root = -1};

static void open_cgroup_root(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *mount;

	while (mounts && loader.cgroup_root < 0 && (mount = getmntent(mounts))) {
		if (strcmp(mount->mnt_type, "cgroup2"))
			continue;
		snprintf(loader.cgroup_path, sizeof(loader.cgroup_path), "%s", mount->mnt_dir);
		loader.cgroup_root = open(mount->mnt_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (mounts)
		endmntent(mounts);
}

static int fail(const char *what, int error)
{
	fprintf(stderr, "holdfast-sensor-loader: %s: %s\n", what, strerror(-error));
	return 1;
}

static int print_of_libbpf(enum libbpf_print_level level, const char *format, va_list list)
{
	/* Programs that this kernel refuses are told by `program`; the verifier's own words are for whoever builds them. */
	if (level == LIBBPF_DEBUG || !getenv("HOLDFAST_SENSOR_DEBUG"))
		return 0;
	return vfprintf(stderr, format, list);
}

static int start_modules(void)
{
	int error;

	for (int i = 0; modules[i]; i++) {
		error = modules[i]->load(&loader);
		if (error)
			return error;
		if (i == 0 && (error = open_rings(&loader)))
			return error;
	}
	return 0;
}

int main(int count, char **words)
{
	struct options options;
	int error;

	if (count > 1 && !strcmp(words[1], "hold")) {
		libbpf_set_print(print_of_libbpf);
		return hold_tool(count - 2, words + 2);
	}
	if (!read_options(count, words, &options)) {
		fprintf(stderr, "usage: holdfast-sensor-loader [--user UID] [--group GID] [--holds DIR]\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	/* The terminal's signals go to the whole group: the driver decides when the loader ends. */
	signal(SIGINT, SIG_IGN);
	libbpf_set_print(print_of_libbpf);
	loader.holds = options.holds;
	open_cgroup_root();
	for (int i = 0; modules[i]; i++)
		if (modules[i]->prepare && (error = modules[i]->prepare(&loader)))
			return fail(modules[i]->name, error);
	/* The rings hold milliseconds of a storm: whoever makes it must not keep the loader from its turn. Kept if refused. */
	setpriority(PRIO_PROCESS, 0, LOADER_NICE);
	if ((error = drop_privileges(options.user, options.group)))
		return fail("cannot keep CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN alone", error);
	if ((error = frames_start(&loader.frames)) || (error = open_loop(&loader)))
		return fail("cannot start", error);
	if ((error = open_driver(&loader)))
		return fail("standard input and output must be pipes or sockets", error);
	tell_hello(&loader);
	error = start_modules();
	if (!error) {
		tell_ready(&loader);
		error = run_loop(&loader);
	}
	/* A driver that went away took the reading end along: that is how a loader ends, not a failure. */
	finish_loop(&loader);
	return error && error != -EPIPE ? fail("ended", error) : 0;
}
