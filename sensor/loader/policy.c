/* Standing egress lists: who is governed by which, and what they refused. The set they live in is that of hold.c. */
#include "loader.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "hold-set.h"

/* Rows that were told and have not changed for so long are given back. */
#define ROW_KEPT_NS (60ull * 1000000000)

static int read_artifact(const char *text, uint8_t *artifact)
{
	if (strlen(text) != POLICY_ARTIFACT_BYTES * 2 || strspn(text, "0123456789abcdef") != POLICY_ARTIFACT_BYTES * 2)
		return -EINVAL;
	for (int i = 0; i < POLICY_ARTIFACT_BYTES; i++)
		if (sscanf(text + i * 2, "%2hhx", &artifact[i]) != 1)
			return -EINVAL;
	return 0;
}

/* `govern CGROUP MODE EXPIRES LIST ARTIFACT` */
static int govern(struct loader *loader, int count, char **words, struct answer *answer)
{
	struct policy policy = {0};
	uint64_t cgroup, list;
	int error;
	struct hold_set *set = hold_set_of_loader(&error);

	(void)loader;
	(void)count;
	(void)answer;
	if (error)
		return error;
	if (!strcmp(words[1], "monitor"))
		policy.mode = POLICY_MONITOR;
	else if (!strcmp(words[1], "enforce"))
		policy.mode = POLICY_ENFORCE;
	/* Id 1 is the root of the hierarchy: the machine itself is never governed. */
	if (!policy.mode || parse_u64(words[0], &cgroup) || cgroup <= 1 || parse_u64(words[3], &list) ||
	    list > UINT32_MAX || parse_u64(words[2], (uint64_t *)&policy.expires_ns) ||
	    read_artifact(words[4], policy.artifact))
		return -EINVAL;
	policy.list = list;
	return hold_set_govern(set, cgroup, &policy);
}

static int ungovern(struct loader *loader, int count, char **words, struct answer *answer)
{
	uint64_t cgroup;
	int error;
	struct hold_set *set = hold_set_of_loader(&error);

	(void)loader;
	(void)count;
	(void)answer;
	if (error)
		return error;
	return parse_u64(words[0], &cgroup) ? -EINVAL : hold_set_let_go(set, cgroup);
}

/* `govern-members CGROUP PID...`: who is in there when it begins; forks after that are seen by the kernel program. */
static int govern_members(struct loader *loader, int count, char **words, struct answer *answer)
{
	int error;
	struct hold_set *set = hold_set_of_loader(&error);

	(void)loader;
	(void)answer;
	return error ? error : hold_take_members(set->governed, count, words);
}

static void write_hex(char *to, const uint8_t *artifact)
{
	for (int i = 0; i < POLICY_ARTIFACT_BYTES; i++)
		sprintf(to + i * 2, "%02x", artifact[i]);
}

/* `policies`: every one there is, those of other loaders too. */
static int policies(struct loader *loader, int count, char **words, struct answer *answer)
{
	char artifact[POLICY_ARTIFACT_BYTES * 2 + 1];
	uint64_t key, *previous = NULL;
	const char *comma = "";
	struct policy policy;
	int error;
	struct hold_set *set = hold_set_of_loader(&error);

	(void)loader;
	(void)count;
	(void)words;
	if (error)
		return error;
	json_raw(&answer->more, ",\"policies\":[");
	while (!bpf_map_get_next_key(set->policies, previous, &key)) {
		previous = &key;
		if (bpf_map_lookup_elem(set->policies, &key, &policy))
			continue;
		write_hex(artifact, policy.artifact);
		json_raw(&answer->more,
			 "%s{\"cgroup\":\"%llu\",\"mode\":%u,\"expires\":\"%llu\",\"list\":%u,\"artifact\":\"%s\"}", comma,
			 (unsigned long long)key, policy.mode, (unsigned long long)policy.expires_ns, policy.list, artifact);
		comma = ",";
	}
	json_raw(&answer->more, "]");
	return answer->more.full ? -E2BIG : 0;
}

static void tell_row(struct loader *loader, const struct policy_key *key, const struct policy_refused *row, uint64_t count)
{
	struct {
		struct record head;
		struct field_head text_head;
		char artifact[POLICY_ARTIFACT_BYTES * 2];
		char pad[4];
		struct field_head remote_head;
		uint8_t remote[20];
	} told = {.head = row->last, .text_head = {.tag = FIELD_TEXT, .bytes = sizeof(told.artifact)},
		  .remote_head = {.tag = FIELD_REMOTE}};
	bool is_four = key->remote.family == AF_INET;
	bool has_end = is_four || key->remote.family == AF_INET6;
	char artifact[POLICY_ARTIFACT_BYTES * 2 + 1];

	write_hex(artifact, row->artifact);
	memcpy(told.artifact, artifact, sizeof(told.artifact));
	told.head.type = RECORD_POLICY_REFUSED;
	told.head.flags = 0;
	told.head.cgroup = key->cgroup;
	told.head.numbers[0] = key->what;
	told.head.numbers[2] = count;
	told.head.numbers[3] = key->mode;
	told.head.numbers[4] = key->protocol;
	told.remote_head.bytes = is_four ? 8 : 20;
	memcpy(told.remote, &key->remote, is_four ? 8 : 20);
	told.head.bytes = (char *)&told.remote_head - (char *)&told + (!has_end ? 0 : is_four ? 16 : 24);
	if (!frames_record(&loader->frames, &told.head))
		count_dropped(key->cgroup, RECORD_POLICY_REFUSED);
}

/* Tells what is new in one row; false where it is of no use any more. */
static bool look_at_row(struct loader *loader, struct hold_set *set, const struct policy_key *key)
{
	struct policy_refused row;
	uint64_t told;

	if (bpf_map_lookup_elem(set->policy_refusals, key, &row))
		return true;
	if (bpf_map_lookup_elem(set->policy_told, key, &told))
		told = 0;
	if (row.count <= told)
		return row.last.boot_ns + ROW_KEPT_NS > hold_boot_ns();
	tell_row(loader, key, &row, row.count - told);
	bpf_map_update_elem(set->policy_told, key, &row.count, BPF_ANY);
	return true;
}

void tell_unlisted(struct loader *loader)
{
	struct policy_key key, next;
	struct watched watched;
	int error;
	struct hold_set *set = hold_set_of_loader(&error);
	bool is_more = !error && !bpf_map_get_next_key(set->policy_refusals, NULL, &key);

	for (; is_more; key = next) {
		/* Before this row may go: from a key that is gone the kernel begins anew, and who makes rows makes many. */
		is_more = !bpf_map_get_next_key(set->policy_refusals, &key, &next);
		/* What another sensor watches is its to tell. */
		if (bpf_map_lookup_elem(loader->watched, &key.cgroup, &watched) || look_at_row(loader, set, &key))
			continue;
		bpf_map_delete_elem(set->policy_refusals, &key);
		bpf_map_delete_elem(set->policy_told, &key);
	}
}

static int load(struct loader *loader)
{
	(void)loader;
	return 0;
}

static const struct command COMMANDS[] = {
	{"govern", 5, 5, govern},
	{"govern-members", 2, HOLD_LINE_MEMBERS + 1, govern_members},
	{"ungovern", 1, 1, ungovern},
	{"policies", 0, 0, policies},
	{0},
};

const struct module policy_module = {
	.name = "policy",
	.load = load,
	.commands = COMMANDS,
	.tick = tell_unlisted,
	.stop = tell_unlisted,
};
