#include "loader.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What loading, attaching and writing maps needs (capabilities(7)); nothing else of root is kept. */
static const unsigned int KEPT[] = {CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN};

static void drop_bounding_set(void)
{
	for (unsigned int capability = 0; capability <= 63; capability++) {
		bool kept = false;

		for (size_t i = 0; i < sizeof(KEPT) / sizeof(KEPT[0]); i++)
			kept |= KEPT[i] == capability;
		if (!kept)
			prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	}
}

int drop_privileges(unsigned int user, unsigned int group)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[2] = {{0}, {0}};

	if (geteuid() == 0) {
		drop_bounding_set();
		if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgroups(0, NULL) || setresgid(group, group, group) ||
		    setresuid(user, user, user))
			return -errno;
	}
	for (size_t i = 0; i < sizeof(KEPT) / sizeof(KEPT[0]); i++) {
		sets[KEPT[i] / 32].effective |= 1u << (KEPT[i] % 32);
		sets[KEPT[i] / 32].permitted |= 1u << (KEPT[i] % 32);
	}
	if (syscall(SYS_capset, &header, sets))
		return -errno;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return 0;
}
