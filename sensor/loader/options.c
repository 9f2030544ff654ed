#include "options.h"

#include <string.h>
#include "hold-set.h"
#include "loader.h"

/*
 * An account that nobody else has: a process of the same account may stop and kill this one, and agents do run as
 * `nobody`. Above what distributions, subordinate ids and systemd give out (systemd.io/UIDS-GIDS).
 */
#define OWN_ACCOUNT 1900000065u

bool read_options(int count, char **words, struct options *options)
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
