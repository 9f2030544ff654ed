/*
 * Does one act that the sensor must see, as bare system calls and nothing else: no library opens files beside it. Linked
 * statically. Says `done RESULT` where what the kernel answered matters to the test.
 */
#include "acts.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int count;
char **words;

long done(long result)
{
	printf("done %ld %d\n", result, result < 0 ? errno : 0);
	return 0;
}

long number(int at)
{
	return at < count ? strtol(words[at], NULL, 10) : 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} ACTS[] = {
	{"open", act_open},
	{"in-new-mounts", act_in_new_mounts},
	{"open-often", act_open_often},
	{"namespaces", act_namespaces},
	{"processes", act_processes},
	{"privileges", act_privileges},
	{"memfd-exec", act_memfd_exec},
	{"exec-fail", act_exec_fail},
	{"network", act_network},
	{"dns", act_dns},
	{"ring", act_ring},
	{"foreign", act_foreign},
	{"wide-number", act_wide_number},
	{"signal", act_signal},
	{"refused", act_refused},
	{"filtered", act_filtered},
	{"files", act_files},
	{"storm", act_storm},
	{"exec-storm", act_exec_storm},
};

int main(int given, char **list)
{
	count = given;
	words = list;
	for (size_t i = 0; given > 1 && i < sizeof(ACTS) / sizeof(ACTS[0]); i++)
		if (!strcmp(ACTS[i].name, list[1]))
			return ACTS[i].run();
	return given > 1 ? 2 : 0;
}
