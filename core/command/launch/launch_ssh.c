/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_ssh - a command of ssh runs in the login shell there, in an environment that sshd has
 * made. The servers that take variables of ours are few (AcceptEnv), so they go with the command:
 *
 *	env FLYTE_CTX=... sh -c SCRIPT COMMAND LIBRARY
 *
 * SCRIPT preloads the library where it is there, and starts the login shell anew with COMMAND, as
 * sshd does. The login shell may be any: the words are written so that sh, csh and fish read them
 * alike. Without a command there is nothing to write into: then SendEnv asks the server. ssh takes
 * one of no characters for none.
 */
#include "context/env.h"
#include "command/launch/launch.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "context/preload_list.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* ssh's own; options may stand before the host and behind it. */
static const char letters[] =
	"+1246ab:c:e:fgi:kl:m:no:p:qstvxAB:CD:E:F:GI:J:KL:MNO:P:Q:R:S:TVw:W:XYy";

/*
 * No quote, no backslash and no "!" in it, so that it is one word between quotes in every shell.
 * Shells count in SHLVL how deep they are: the one of the command is to be the first, as after
 * sshd.
 */
static const char script[] =
	"test -r \"$1\" && export LD_PRELOAD=\"$1${LD_PRELOAD:+:$LD_PRELOAD}\"; unset SHLVL; "
	"exec \"${SHELL:-/bin/sh}\" -c \"$(printf %b \"$0\")\"";

/* What is special in some shell also between single quotes. */
static bool is_plain(char c)
{
	return (unsigned char)c >= ' ' && c != 127 && !strchr("'\\!", c);
}

/* A word that every shell reads as what `printf %b` makes `text` of. */
static char *quote(const char *text)
{
	/* "'\\0ooo'" for one character */
	char *word = memory_get(strlen(text) * 8 + 3), *at = word;

	*at++ = '\'';
	for (; *text; text++)
		if (is_plain(*text))
			*at++ = *text;
		else
			at = stpcpy(at, memory_text("'\\\\0%03o'", (unsigned)(unsigned char)*text));
	*at++ = '\'';
	return word;
}

static bool is_all_plain(const char *text)
{
	while (is_plain(*text) && *text)
		text++;
	return !*text;
}

/* "env NAME='VALUE' ..."; LD_PRELOAD is left to the script. */
static char *assignments(const struct launch *launch)
{
	char *text = memory_text("env");

	for (size_t i = 0; i < launch->variable_count; i++) {
		const char *name = launch->variables[i], *value = getenv(name);

		if (strcmp(name, PRELOAD_NAME) != 0 && is_all_plain(value))
			text = memory_text("%s %s='%s'", text, name, value);
	}
	return text;
}

struct line {
	bool is_subsystem;
	size_t command; /* its first word; the number of all words: there is none */
};

/* As a file of ssh's configuration says what -s does. */
static bool is_subsystem(const char *setting)
{
	static const char name[] = "SessionType";

	if (strncasecmp(setting, name, strlen(name)) != 0)
		return false;
	setting += strlen(name);
	return !strcasecmp(setting + strspn(setting, " \t="), "subsystem");
}

/* False where ssh will refuse it. */
static bool read_options(const struct command_line *words, struct line *line)
{
	int option;

	while ((option = getopt((int)words->count, words->at, letters)) != -1) {
		line->is_subsystem |= option == 's' || (option == 'o' && is_subsystem(optarg));
		if (option == '?')
			return false;
	}
	return true;
}

static bool read_line(const struct command_line *words, struct line *line)
{
	/* 0: getopt starts anew, with other words. */
	optind = 0;
	if (!read_options(words, line))
		return false;
	if ((size_t)optind < words->count) {
		bool has_ended = !strcmp(words->at[optind - 1], "--");

		optind++;
		if (!has_ended && !read_options(words, line))
			return false;
	}
	line->command = (size_t)optind;
	return true;
}

static void ask_server(struct launch *launch)
{
	const char *options[] = { "-o", "SendEnv" };
	char *names = memory_text("SendEnv");

	for (size_t i = 0; i < launch->variable_count; i++)
		names = memory_text("%s %s", names, launch->variables[i]);
	options[1] = names;
	command_line_insert(&launch->words, 1, options, 2);
}

static void replace_command(struct launch *launch, size_t place)
{
	struct command_line *words = &launch->words;
	/* The script has it as it is. */
	bool has_library = launch->library && is_all_plain(launch->library);
	const char *library = has_library ? launch->library : "";
	char *command = memory_text("%s sh -c '%s' %s '%s'", assignments(launch), script,
				    quote(command_line_join(words, place)), library);

	/* sshd has to hand it to the shell as one string. */
	if (strlen(command) >= ENV_STRING_MAX) {
		message_warn("ssh", "the command goes without the context, they are too long");
		return;
	}
	words->at[place] = command;
	words->count = place + 1;
	words->at[words->count] = NULL;
}

void launch_ssh(struct launch *launch)
{
	struct line line = { 0 };

	if (!read_line(&launch->words, &line))
		return;
	if (line.command >= launch->words.count ||
	    !*command_line_join(&launch->words, line.command))
		ask_server(launch);
	else if (!line.is_subsystem)
		replace_command(launch, line.command);
}
