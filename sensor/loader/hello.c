#include "loader.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define LOADER_VERSION "1"

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

void tell_hello(struct loader *loader)
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
	json_text(&json, loader->cgroup_path);
	json_raw(&json, "}");
	frames_tell(&loader->frames, &json);
}

void tell_ready(struct loader *loader)
{
	static struct json json;

	json_start(&json);
	json_raw(&json, "{\"told\":\"ready\"}");
	frames_tell(&loader->frames, &json);
}
