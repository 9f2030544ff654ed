#include "loader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char line[COMMAND_MAX_BYTES + 1];
static size_t line_bytes;
static bool line_too_long;

static const struct command *find(const char *verb)
{
	for (int i = 0; modules[i]; i++)
		for (const struct command *command = modules[i]->commands; command && command->verb; command++)
			if (!strcmp(command->verb, verb))
				return command;
	return NULL;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* In place; false for a percent sign without two digits, or an end mark in the middle. */
static bool percent_decode(char *word)
{
	char *to = word;

	for (const char *from = word; *from; from++) {
		int first, second;

		if (*from != '%') {
			*to++ = *from;
			continue;
		}
		first = hex(from[1]);
		second = first < 0 ? -1 : hex(from[2]);
		if (second < 0 || (first == 0 && second == 0))
			return false;
		*to++ = first * 16 + second;
		from += 2;
	}
	*to = 0;
	return true;
}

static void tell_result(struct loader *loader, const char *id, int error, struct answer *answer)
{
	static struct json json;

	json_start(&json);
	json_raw(&json, "{\"told\":\"result\",\"id\":");
	json_text(&json, id);
	json_raw(&json, ",\"ok\":%s", error ? "false" : "true");
	if (error) {
		json_raw(&json, ",\"error\":");
		json_text(&json, answer->error[0] ? answer->error : strerror(-error));
	}
	json_raw(&json, "%s}", answer->more.text);
	frames_tell(&loader->frames, &json);
}

static void run_line(struct loader *loader)
{
	static struct answer answer;
	static char *words[COMMAND_MAX_WORDS];
	const struct command *command;
	char *rest = line;
	char *id = strsep(&rest, " ");
	char *verb = strsep(&rest, " ");
	int count = 0, error = 0;

	answer.error[0] = 0;
	json_start(&answer.more);
	while (rest && count < COMMAND_MAX_WORDS) {
		words[count] = strsep(&rest, " ");
		if (!percent_decode(words[count++]))
			error = -EINVAL;
	}
	command = verb ? find(verb) : NULL;
	if (!command) {
		snprintf(answer.error, sizeof(answer.error), "no such command: %.64s", verb ? verb : "");
		error = -ENOSYS;
	} else if (rest || count < command->min_words || count > command->max_words) {
		snprintf(answer.error, sizeof(answer.error), "%s takes %d to %d arguments", verb, command->min_words,
			 command->max_words);
		error = -EINVAL;
	}
	if (!error)
		error = command->run(loader, count, words, &answer);
	tell_result(loader, id, error, &answer);
}

static void end_line(struct loader *loader)
{
	static struct answer answer;

	line[line_bytes] = 0;
	if (line_too_long) {
		snprintf(answer.error, sizeof(answer.error), "the line is longer than %d bytes", COMMAND_MAX_BYTES);
		json_start(&answer.more);
		line[strcspn(line, " ")] = 0;
		tell_result(loader, line, -E2BIG, &answer);
	} else if (line_bytes > 0) {
		run_line(loader);
	}
	line_bytes = 0;
	line_too_long = false;
}

void take_commands(struct loader *loader, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes[i] == '\n')
			end_line(loader);
		else if (line_bytes < COMMAND_MAX_BYTES)
			line[line_bytes++] = bytes[i];
		else
			line_too_long = true;
	}
}

int parse_u64(const char *text, uint64_t *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno || *end ? -EINVAL : 0;
}
