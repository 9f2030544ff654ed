#include "hold-alone.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Out of the session, the cgroup and the signals of whoever started this; spared when memory runs out. */
static void leave(void)
{
	int fd;

	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (write(fd, "-1000", 5) < 0)
			errno = 0;
		close(fd);
	}
	if (chdir("/"))
		errno = 0;
}

static void close_standard(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd <= 2 && null >= 0; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
}

int clock_until(uint64_t boot_ns)
{
	int clock = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC);
	struct itimerspec at = {.it_value = {.tv_sec = boot_ns / 1000000000, .tv_nsec = boot_ns % 1000000000}};

	if (clock >= 0)
		timerfd_settime(clock, TFD_TIMER_ABSTIME, &at, NULL);
	return clock;
}

void stand_alone(void)
{
	leave();
	close_standard();
}
