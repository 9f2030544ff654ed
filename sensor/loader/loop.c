#include "loader.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* The other half of the promise of `low_wake`: one more drain this long after each wake. */
#define LOW_DRAIN_NS (5 * 1000 * 1000)

static int tick_clock;
static int low_clock;
static bool writing_waits;

static int add(const struct loader *loader, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.fd = fd};

	return epoll_ctl(loader->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

int open_loop(struct loader *loader)
{
	struct itimerspec second = {.it_interval.tv_sec = 1, .it_value.tv_sec = 1};

	loader->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loader->epoll < 0)
		return -errno;
	tick_clock = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	low_clock = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (tick_clock < 0 || low_clock < 0 || timerfd_settime(tick_clock, 0, &second, NULL))
		return -errno;
	return add(loader, tick_clock, EPOLLIN) ?: add(loader, low_clock, EPOLLIN);
}

int open_driver(struct loader *loader)
{
	fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
	return add(loader, STDIN_FILENO, EPOLLIN) ?: add(loader, STDOUT_FILENO, 0);
}

static void read_commands(struct loader *loader)
{
	char bytes[4096];
	ssize_t count;

	while ((count = read(STDIN_FILENO, bytes, sizeof(bytes))) > 0)
		take_commands(loader, bytes, count);
	/* The driver is gone: nobody would read what is recorded from here on. */
	if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
		loader->stopping = true;
}

static void tick(struct loader *loader)
{
	uint64_t expirations;

	if (read(tick_clock, &expirations, sizeof(expirations)) < 0)
		return;
	tell_lost(loader);
	for (int i = 0; modules[i]; i++)
		if (modules[i]->tick)
			modules[i]->tick(loader);
}

static void woken_by_low(struct loader *loader)
{
	struct itimerspec later = {.it_value.tv_nsec = LOW_DRAIN_NS};

	timerfd_settime(low_clock, 0, &later, NULL);
	drain_low(loader);
}

static void clock_of_low(struct loader *loader)
{
	uint64_t expirations;

	if (read(low_clock, &expirations, sizeof(expirations)) > 0)
		drain_low(loader);
}

static void serve(struct loader *loader, int fd)
{
	if (fd == STDIN_FILENO)
		read_commands(loader);
	else if (fd == tick_clock)
		tick(loader);
	else if (fd == low_clock)
		clock_of_low(loader);
	else if (fd == loader->low_ring)
		woken_by_low(loader);
	/* Security events are taken at every turn, whatever woke the loop. */
	drain_high(loader);
}

/* Standard output is asked for room only while something waits: it would be ready at every turn otherwise. */
static int write_out(struct loader *loader)
{
	struct epoll_event event = {.data.fd = STDOUT_FILENO};
	int error;

	frames_flush(&loader->frames);
	error = frames_write(&loader->frames);
	if (frames_waiting(&loader->frames) == writing_waits)
		return error;
	writing_waits = !writing_waits;
	event.events = writing_waits ? EPOLLOUT : 0;
	epoll_ctl(loader->epoll, EPOLL_CTL_MOD, STDOUT_FILENO, &event);
	return error;
}

int run_loop(struct loader *loader)
{
	if (write_out(loader))
		return -EPIPE;
	while (!loader->stopping) {
		struct epoll_event events[16];
		int count = epoll_wait(loader->epoll, events, 16, -1);

		if (count < 0 && errno != EINTR)
			return -errno;
		for (int i = 0; i < count; i++)
			serve(loader, events[i].data.fd);
		if (write_out(loader))
			return -EPIPE;
	}
	return 0;
}

void finish_loop(struct loader *loader)
{
	for (int i = 0; modules[i]; i++)
		if (modules[i]->stop)
			modules[i]->stop(loader);
	drain_high(loader);
	drain_low(loader);
	tell_lost(loader);
	frames_flush(&loader->frames);
	fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) & ~O_NONBLOCK);
	frames_write(&loader->frames);
}
