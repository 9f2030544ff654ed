/* Acts on files. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "acts.h"

int act_open(void)
{
	return done(open(words[2], number(3), 0644));
}

int act_in_new_mounts(void)
{
	if (unshare(CLONE_NEWNS))
		return 1;
	return done(open(words[2], O_RDONLY));
}

/* Opens the same file many times; the process stays the same one. */
int act_open_often(void)
{
	for (long i = 0; i < number(3); i++)
		close(open(words[2], O_RDONLY));
	return 0;
}

int act_files(void)
{
	char path[4096], to[4096];

	snprintf(path, sizeof(path), "%s/first", words[2]);
	snprintf(to, sizeof(to), "%s/second", words[2]);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	rename(path, to);
	chdir(words[2]);
	unlink("second");
	return 0;
}

/* Opens files that do not exist elsewhere, each once, from several processes: what is sent is known exactly. */
int act_storm(void)
{
	long children = number(3), opens = number(4);
	char path[256];

	for (long child = 0; child < children; child++) {
		if (fork())
			continue;
		for (long i = 0; i < opens; i++) {
			snprintf(path, sizeof(path), "%s/%ld-%ld", words[2], child, i % 16);
			close(open(path, O_CREAT | O_RDWR, 0600));
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
