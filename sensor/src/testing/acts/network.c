/* Acts on sockets. */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "acts.h"

int act_network(void)
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
int act_dns(void)
{
	static const unsigned char QUESTION[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
						 "\x08holdfast\x04test\x00\x00\x01\x00\x01";
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
