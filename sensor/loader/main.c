#include "loader.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "hold-set.h"
#include "hold-tool.h"

#define LOADER_VERSION "1"
/* The other half of the promise of `low_wake`: one more drain this long after each wake. */
#define LOW_DRAIN_NS (5 * 1000 * 1000)

/* Above what agents run at; a real-time class could starve the machine if the loader ever spun. */
#define LOADER_NICE -10

/*
 * An account that nobody else has: a process of the same account may stop and kill this one, and agents do run as
 * `nobody`. Above what distributions, subordinate ids and systemd give out (systemd.io/UIDS-GIDS).
 */
#define OWN_ACCOUNT 1900000065u

struct options {
	unsigned int user;
	unsigned int group;
	/* Where what holds is pinned. */
	const char *holds;
};

static struct loader loader = {.cgroup_root = -1};
static int epoll;
static int tick_clock;
static int low_clock;
static bool writing_waits;

static int64_t now_ns(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

/* Wall clock less boot clock: the narrowest of a few readings, so that being interrupted between the two does not count. */
static int64_t boot_to_wall_ns(void)
{
	int64_t best = 0, narrowest = INT64_MAX;

	for (int i = 0; i < 16; i++) {
		int64_t before = now_ns(CLOCK_BOOTTIME);
		int64_t wall = now_ns(CLOCK_REALTIME);
		int64_t after = now_ns(CLOCK_BOOTTIME);

		if (after - before < narrowest) {
			narrowest = after - before;
			best = wall - (before + after) / 2;
		}
	}
	return best;
}

static void tell_hello(void)
{
	static struct json json;
	char boot_id[64] = "";
	struct utsname system;
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (file && fgets(boot_id, sizeof(boot_id), file))
		boot_id[strcspn(boot_id, "\n")] = 0;
	if (file)
		fclose(file);
	uname(&system);
	json_start(&json);
	json_raw(&json, "{\"told\":\"hello\",\"version\":\"" LOADER_VERSION "\",\"kernel\":");
	json_text(&json, system.release);
	json_raw(&json, ",\"bootId\":");
	json_text(&json, boot_id);
	json_raw(&json, ",\"clockTicks\":%ld,\"bootToWallNs\":\"%lld\",\"pageSize\":%ld,\"cgroupRoot\":",
		 sysconf(_SC_CLK_TCK), (long long)boot_to_wall_ns(), sysconf(_SC_PAGESIZE));
	json_text(&json, loader.cgroup_path);
	json_raw(&json, "}");
	frames_tell(&loader.frames, &json);
}

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

static int add_to_epoll(int fd, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.fd = fd};

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int start_clocks(void)
{
	struct itimerspec second = {.it_interval.tv_sec = 1, .it_value.tv_sec = 1};

	tick_clock = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	low_clock = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (tick_clock < 0 || low_clock < 0 || timerfd_settime(tick_clock, 0, &second, NULL))
		return -errno;
	return add_to_epoll(tick_clock, EPOLLIN) ?: add_to_epoll(low_clock, EPOLLIN);
}

static void read_commands(void)
{
	char bytes[4096];
	ssize_t count;

	while ((count = read(STDIN_FILENO, bytes, sizeof(bytes))) > 0)
		take_commands(&loader, bytes, count);
	/* The driver is gone: nobody would read what is recorded from here on. */
	if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
		loader.stopping = true;
}

static void tick(void)
{
	uint64_t expirations;

	if (read(tick_clock, &expirations, sizeof(expirations)) < 0)
		return;
	tell_lost(&loader);
	for (int i = 0; modules[i]; i++)
		if (modules[i]->tick)
			modules[i]->tick(&loader);
}

static void woken_by_low(void)
{
	struct itimerspec later = {.it_value.tv_nsec = LOW_DRAIN_NS};

	timerfd_settime(low_clock, 0, &later, NULL);
	drain_low(&loader);
}

static void clock_of_low(void)
{
	uint64_t expirations;

	if (read(low_clock, &expirations, sizeof(expirations)) > 0)
		drain_low(&loader);
}

static void serve(int fd)
{
	if (fd == STDIN_FILENO)
		read_commands();
	else if (fd == tick_clock)
		tick();
	else if (fd == low_clock)
		clock_of_low();
	else if (fd == loader.low_ring)
		woken_by_low();
	/* Security events are taken at every turn, whatever woke the loop. */
	drain_high(&loader);
}

/* Standard output is asked for room only while something waits: it would be ready at every turn otherwise. */
static int write_out(void)
{
	struct epoll_event event = {.data.fd = STDOUT_FILENO};
	int error;

	frames_flush(&loader.frames);
	error = frames_write(&loader.frames);
	if (frames_waiting(&loader.frames) == writing_waits)
		return error;
	writing_waits = !writing_waits;
	event.events = writing_waits ? EPOLLOUT : 0;
	epoll_ctl(epoll, EPOLL_CTL_MOD, STDOUT_FILENO, &event);
	return error;
}

static int run(void)
{
	while (!loader.stopping) {
		struct epoll_event events[16];
		int count = epoll_wait(epoll, events, 16, -1);

		if (count < 0 && errno != EINTR)
			return -errno;
		for (int i = 0; i < count; i++)
			serve(events[i].data.fd);
		if (write_out())
			return -EPIPE;
	}
	return 0;
}

/* Last words: what is queued still goes out, for as long as somebody reads. */
static void finish(void)
{
	for (int i = 0; modules[i]; i++)
		if (modules[i]->stop)
			modules[i]->stop(&loader);
	drain_high(&loader);
	drain_low(&loader);
	tell_lost(&loader);
	frames_flush(&loader.frames);
	fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) & ~O_NONBLOCK);
	frames_write(&loader.frames);
}

static int fail(const char *what, int error)
{
	fprintf(stderr, "holdfast-sensor-loader: %s: %s\n", what, strerror(-error));
	return 1;
}

static bool read_options(int count, char **words, struct options *options)
{
	*options = (struct options){.user = OWN_ACCOUNT, .group = OWN_ACCOUNT, .holds = HOLD_FOLDER};
	for (int i = 1; i + 1 < count; i += 2) {
		uint64_t value;

		if (!strcmp(words[i], "--holds") && words[i + 1][0] == '/' && strlen(words[i + 1]) < 400) {
			options->holds = words[i + 1];
			continue;
		}
		if (parse_u64(words[i + 1], &value) || value == 0 || value > 0xfffffffe)
			return false;
		if (!strcmp(words[i], "--user"))
			options->user = value;
		else if (!strcmp(words[i], "--group"))
			options->group = value;
		else
			return false;
	}
	return count % 2 == 1;
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
		if (i == 0 && (error = open_rings(&loader, epoll)))
			return error;
	}
	return 0;
}

static void tell_ready(void)
{
	static struct json json;

	json_start(&json);
	json_raw(&json, "{\"told\":\"ready\"}");
	frames_tell(&loader.frames, &json);
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
	epoll = epoll_create1(EPOLL_CLOEXEC);
	fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
	if ((error = frames_start(&loader.frames)) || (error = start_clocks()))
		return fail("cannot start", error);
	if ((error = add_to_epoll(STDIN_FILENO, EPOLLIN)) || (error = add_to_epoll(STDOUT_FILENO, 0)))
		return fail("standard input and output must be pipes or sockets", error);
	tell_hello();
	error = start_modules();
	if (!error) {
		tell_ready();
		error = write_out() ?: run();
	}
	/* A driver that went away took the reading end along: that is how a loader ends, not a failure. */
	finish();
	return error && error != -EPIPE ? fail("ended", error) : 0;
}
