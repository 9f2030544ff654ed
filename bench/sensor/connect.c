/*
 * Opens TCP connections to a listener of its own on the loopback interface, one after the other, and prints the time of each
 * `connect` in ns, a line each. `connect PORT COUNT`; with COUNT 0 it is the listener, prints its port and stays.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in at(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

static int listen_for_ever(void)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = at(0);
	socklen_t bytes = sizeof(address);

	if (bind(listener, (void *)&address, sizeof(address)) || listen(listener, 4096) ||
	    getsockname(listener, (void *)&address, &bytes))
		return 1;
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	for (;;) {
		int accepted = accept(listener, NULL, NULL);

		if (accepted >= 0)
			close(accepted);
	}
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

int main(int count, char **words)
{
	struct sockaddr_in address;
	/* Ports are not to run out: a connection is reset, and leaves nothing behind. */
	struct linger reset = {.l_onoff = 1};
	int left;

	if (count != 3)
		return 2;
	left = atoi(words[2]);
	if (!left)
		return listen_for_ever();
	address = at(atoi(words[1]));
	while (left-- > 0) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		long long begin = now();
		int failed = connect(fd, (void *)&address, sizeof(address));

		printf("%lld\n", failed ? -1 : now() - begin);
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(fd);
	}
	return 0;
}
