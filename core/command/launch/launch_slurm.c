/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_slurm - srun and sbatch take the whole environment along, unless --export, its variables
 * or a script say otherwise: then ours is written into that list. Under ALL there is nothing to do.
 * NIL, nothing at all and no environment of the user's either, is taken at its word.
 */
#include "command/launch/launch.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "context/preload_list.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Options with values; what is not among them has none, or one behind its "=". */
#define LETTERS        "+:A:B:b:C:c:D:d:e:F:G:g:i:J:L:M:m:N:n:o:p:q:r:S:t:T:w:x:"
#define SRUN_LETTERS   LETTERS "W:"
#define SBATCH_LETTERS LETTERS "a:"

/* What a line of options begins with, in a script. */
#define MAGIC "#SBATCH"

static const char with_value[] =
	"accel-bind account acctg-freq array batch bb bbf bcast-exclude begin chdir "
	"cluster-constraint clusters comment constraint container container-id context core-spec "
	"cores-per-socket cpu-bind cpu_bind cpu-freq cpus-per-gpu cpus-per-task deadline "
	"delay-boot "
	"dependency distribution epilog error exclude export-file extra extra-node-info gid "
	"gpu-bind gpu-freq gpus gpus-per-node "
	"gpus-per-socket gpus-per-task gres gres-flags het-group hint input job-name jobid "
	"licenses mail-type mail-user mcs-label mem mem-bind mem-per-cpu mem-per-gpu mincpus mpi "
	"msg-timeout network nodefile nodelist nodes ntasks ntasks-per-core ntasks-per-gpu "
	"ntasks-per-node ntasks-per-socket ntasks-per-tres open-mode output pack-group partition "
	"power prefer priority profile prolog qos relative reservation segment signal slurmd-debug "
	"sockets-per-node switches task-epilog task-prolog tasks-per-node thread-spec threads "
	"threads-per-core time time-min tmp treewidth tres-bind tres-per-task uid wckey";

enum { OTHER = 256, EXPORT, WRAP };

/* What only one of them has. Of its options without values also those that begin as one with a
 * value does: getopt would take them for that one, shortened. */
static const struct option srun_only[] = {
	{ "bcast", optional_argument, NULL, OTHER },
	{ "wait", required_argument, NULL, OTHER },
	{ 0 },
};
static const struct option sbatch_only[] = {
	{ "kill-on-invalid-dep", required_argument, NULL, OTHER },
	{ "wait", no_argument, NULL, OTHER },
	{ "wait-all-nodes", required_argument, NULL, OTHER },
	{ "wrap", required_argument, NULL, WRAP },
	{ 0 },
};

#define MAX_OPTIONS (sizeof(with_value) / 2 + 6)

static void list_options(bool is_sbatch, struct option list[MAX_OPTIONS])
{
	const struct option *only = is_sbatch ? sbatch_only : srun_only;
	char *names = memory_text("%s", with_value), *name;

	*list++ = (struct option) { "export", required_argument, NULL, EXPORT };
	while (only->name)
		*list++ = *only++;
	while ((name = strsep(&names, " ")))
		*list++ = (struct option) { name, required_argument, NULL, OTHER };
	*list = (struct option) { 0 };
}

/* What stands in the list for LD_PRELOAD=VALUE of the user. */
static const char *keep_preload(const struct launch *launch, const char *list)
{
	const char *at = list, *value;
	size_t length;

	while (strncmp(at, PRELOAD_PREFIX, strlen(PRELOAD_PREFIX)) != 0) {
		at += strcspn(at, ",");
		if (!*at++)
			return list;
	}
	value = at + strlen(PRELOAD_PREFIX);
	length = strcspn(value, ",");
	return memory_text("%.*s%s%s", (int)(value - list), list,
			   launch_preload(launch, memory_text("%.*s", (int)length, value)),
			   value + length);
}

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (; *list; list += strcspn(list, ","), list += *list == ',')
		if (strcspn(list, ",") == length && !strncasecmp(list, word, length))
			return true;
	return false;
}

/* The list with ours in it; itself where that is not needed or not wanted. */
static const char *export_list(const struct launch *launch, const char *list)
{
	if (has_word(list, "ALL") || !strcasecmp(list, "NIL"))
		return keep_preload(launch, list);
	if (!strcasecmp(list, "NONE"))
		list = "";
	return launch_names(launch, keep_preload(launch, list), ',');
}

/* Writes it over a value that is a word, or ends one. */
static void replace_value(struct command_line *words, size_t place, const char *value,
			  const char *list)
{
	const char *word = words->at[place];

	words->at[place] = memory_text("%.*s%s", (int)(value - word), word, list);
}

struct line {
	bool is_sbatch;
	bool has_export, has_wrap;
	size_t program; /* its place; the number of all words: there is none */
};

/* The options behind the word at `start`. */
static void read_options(const struct launch *launch, size_t start, struct line *line)
{
	struct command_line words = { launch->words.at + start, launch->words.count - start };
	const char *letters = line->is_sbatch ? SBATCH_LETTERS : SRUN_LETTERS;
	struct option options[MAX_OPTIONS];
	int option;

	list_options(line->is_sbatch, options);
	/* 0: getopt starts anew, with other words. */
	optind = 0;
	while ((option = getopt_long((int)words.count, words.at, letters, options, NULL)) != -1) {
		line->has_wrap |= option == WRAP;
		if (option != EXPORT)
			continue;
		line->has_export = true;
		replace_value(&words, (size_t)optind - 1, optarg, export_list(launch, optarg));
	}
	line->program = start + (size_t)optind;
}

/*
 * Behind ":" there are options again, for another part of the job. Parts of srun have a program
 * each; those of sbatch are options alone, before the script.
 */
static void read_line(const struct launch *launch, struct line *line)
{
	const struct command_line *words = &launch->words;
	size_t at = 0;

	while (at < words->count) {
		read_options(launch, at, line);
		at = line->program;
		while (at < words->count && strcmp(words->at[at], ":") != 0)
			at = line->is_sbatch ? words->count : at + 1;
	}
}

/* SLURM_EXPORT_ENV is that of srun, and of each srun in what sbatch and salloc start. */
static bool change_variable(const struct launch *launch, const char *name)
{
	const char *list = getenv(name);

	if (list && setenv(name, export_list(launch, list), 1) < 0)
		message_fail(name, "there is no memory for it");
	return list;
}

/* The next word, as sbatch reads it: quotes, backslashes, and a comment behind "#". NULL: none. */
static char *next_word(const char **line)
{
	const char *at = *line + strspn(*line, " \t");
	char *word = memory_get(strlen(at) + 1), *to = word;
	char quote = '\0';

	if (strchr("\n#", *at))
		return NULL;
	for (; *at && *at != '\n' && (quote || !strchr(" \t#", *at)); at++)
		if (*at == '\\' && at[1])
			*to++ = *++at;
		else if (quote ? *at == quote : *at == '"' || *at == '\'')
			quote = quote ? '\0' : *at;
		else
			*to++ = *at;
	*line = at;
	return word;
}

/* The value of --export in a line of a script; NULL where it has none. */
static const char *export_of_line(const char *line)
{
	const char *list = NULL, *word;

	if (strncmp(line, MAGIC, strlen(MAGIC)) != 0)
		return NULL;
	line += strlen(MAGIC);
	while ((word = next_word(&line)))
		if (!strcmp(word, "--export"))
			list = next_word(&line);
		else if (!strncmp(word, "--export=", strlen("--export=")))
			list = word + strlen("--export=");
	return list;
}

/* What can be read twice: a pipe would have nothing left for sbatch. */
static FILE *open_script(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "re") : NULL;
}

/* Up to its first command. The last --export counts. */
static const char *export_of_script(const char *path)
{
	FILE *script = open_script(path);
	const char *list = NULL, *found;
	char *line = NULL;
	size_t size = 0;

	if (!script)
		return NULL;
	while (getline(&line, &size, script) >= 0 && strchr("#\n", *line))
		if ((found = export_of_line(line)))
			list = found;
	free(line);
	fclose(script);
	return list;
}

/* What a script says, the command line may overrule. */
static void overrule_script(struct launch *launch, const char *path)
{
	const char *list = export_of_script(path), *longer;
	const char *option;

	if (!list)
		return;
	longer = export_list(launch, list);
	option = memory_text("--export=%s", longer);
	if (strcmp(longer, list) != 0)
		command_line_insert(&launch->words, 1, &option, 1);
}

void launch_srun(struct launch *launch)
{
	struct line line = { .is_sbatch = false };

	read_line(launch, &line);
	change_variable(launch, "SLURM_EXPORT_ENV");
}

void launch_sbatch(struct launch *launch)
{
	struct line line = { .is_sbatch = true };

	read_line(launch, &line);
	change_variable(launch, "SLURM_EXPORT_ENV");
	if (!change_variable(launch, "SBATCH_EXPORT") && !line.has_export && !line.has_wrap &&
	    line.program < launch->words.count)
		overrule_script(launch, launch->words.at[line.program]);
}

void launch_salloc(struct launch *launch)
{
	change_variable(launch, "SLURM_EXPORT_ENV");
}
