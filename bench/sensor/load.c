/*
 * One load, which says how many nanoseconds it took and how many of its acts a sensor records:
 *
 *     load storm FOLDER OPENS | load requests - REQUESTS | load compile FOLDER TIMES | load paced FOLDER OPENS
 *
 *     load pulse FILE        sends datagrams until it is ended; FILE holds the time of the last one that was taken
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * 1000000000L + at.tv_nsec;
}

static void storm(const char *folder, long times, long pause_ns)
{
	struct timespec pause = {0, pause_ns};
	char path[4096];

	for (long i = 0; i < times; i++) {
		snprintf(path, sizeof(path), "%s/%ld", folder, i % 64);
		close(open(path, O_CREAT | O_RDWR, 0600));
		if (pause_ns)
			nanosleep(&pause, NULL);
	}
}

/* A request over a connection of its own, answered by a child. */
static void requests(long times)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	char bytes[1024] = {0};

	bind(listener, (void *)&address, sizeof(address));
	listen(listener, 64);
	getsockname(listener, (void *)&address, &length);
	if (fork() == 0) {
		for (long i = 0; i < times; i++) {
			int client = accept(listener, NULL, NULL);

			if (recv(client, bytes, sizeof(bytes), MSG_WAITALL) < 0 || send(client, bytes, sizeof(bytes), 0) < 0)
				_exit(1);
			close(client);
		}
		_exit(0);
	}
	for (long i = 0; i < times; i++) {
		int client = socket(AF_INET, SOCK_STREAM, 0);

		if (connect(client, (void *)&address, sizeof(address)) || send(client, bytes, sizeof(bytes), 0) < 0 ||
		    recv(client, bytes, sizeof(bytes), MSG_WAITALL) < 0)
			exit(1);
		close(client);
	}
	wait(NULL);
}

static void compile(const char *folder, long times)
{
	char source[4096], object[4096];
	FILE *text;

	snprintf(source, sizeof(source), "%s/source.c", folder);
	snprintf(object, sizeof(object), "%s/source.o", folder);
	text = fopen(source, "w");
	fputs("#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <sys/socket.h>\n", text);
	for (int i = 0; i < 200; i++)
		fprintf(text, "int f%d(int x) { return printf(\"%%d\", x * %d) + x; }\n", i, i);
	fclose(text);
	for (long i = 0; i < times; i++) {
		if (fork() == 0)
			_exit(execl("/usr/bin/gcc", "gcc", "-O1", "-c", "-o", object, source, (char *)NULL));
		wait(NULL);
	}
}

/* Outside of this machine, and nobody's: what the kernel lets pass is lost on the way. */
#define NOBODY "203.0.113.9"

static void pulse(const char *path)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
	int sender = socket(AF_INET, SOCK_DGRAM, 0), file = open(path, O_RDWR);
	volatile long *last = mmap(NULL, sizeof(*last), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

	inet_pton(AF_INET, NOBODY, &address.sin_addr);
	for (;;)
		if (sendto(sender, "x", 1, 0, (void *)&address, sizeof(address)) == 1)
			*last = now();
}

int main(int count, char **words)
{
	long times = count > 3 ? atol(words[3]) : 0, began = now();

	if (!strcmp(words[1], "storm"))
		storm(words[2], times, 0);
	else if (!strcmp(words[1], "paced"))
		storm(words[2], times, 1000000);
	else if (!strcmp(words[1], "pulse"))
		pulse(words[2]);
	else if (!strcmp(words[1], "requests"))
		requests(times);
	else
		compile(words[2], times);
	printf("%ld\n", now() - began);
	return 0;
}
