/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_mpi - mpirun of Open MPI and of MPICH.
 *
 * Open MPI starts the ranks of other nodes in the environment of its daemons there: -x NAME takes a
 * variable along, for the application behind it up to the next ":". It aborts the job where -x and
 * the parameter mca_base_env_list meet; whoever uses that finds ours in it.
 *
 * MPICH takes its whole environment along, unless told not to.
 */
#include "command/launch/launch.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "context/preload_list.h"
#include "context/wire.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ENV_LIST "mca_base_env_list"

/* The options that have values, each between blanks, by the number of their values. */
struct options {
	const char *one, *two;
};

/* Of releases 4 and 5. */
static const struct options open_mpi_options = {
	" am app bind-to c cartofile cf cpu-list cpu-set cpus-per-proc cpus-per-rank debugger "
	"default-hostfile display dvm-uri H hnp host hostfile launch-agent machinefile map-by "
	"max-restarts max-vm-size memory-alloc-kinds n N np npernode npersocket ompi-server output "
	"output-filename path personality ppr prefix preload-files rank-by rankfile report-events "
	"report-pid report-uri rf runtime-options slot-list stdin stream-buffering timeout tmpdir "
	"tune wd wdir x xml-file xterm ",
	" gmca gomca gpmixmca gprtemca mca omca pmixmca prtemca ",
};

static const struct options mpich_options = {
	" arch bind-to binding bootstrap bootstrap-exec ckpoint-interval ckpoint-num "
	"ckpoint-prefix ckpointlib configfile demux envlist errfile errfile-pattern f file "
	"genvlist "
	"gpu-subdevs-per-proc gpus-per-proc host hostfile hostlist hosts iface launcher "
	"launcher-exec localhost machine machinefile machinelist machines map-by membind n "
	"nameserver np order-nodes outfile outfile-pattern path ppn prepend-pattern rmk soft "
	"topolib usize wdir ",
	" env genv ",
};

/* The name of an option; both take one dash or two. NULL: the program, or -- before it. */
static const char *option_name(const char *word)
{
	size_t dashes = strspn(word, "-");

	return dashes == 1 || (dashes == 2 && word[2]) ? word + dashes : NULL;
}

static size_t value_count(const struct options *options, const char *name, const char *next)
{
	const char *between = memory_text(" %s ", name);

	if (strstr(options->one, between))
		return 1;
	if (!strstr(options->two, between))
		return 0;
	/* MPICH takes -genv NAME=VALUE, too. */
	return options == &mpich_options && next && strchr(next, '=') ? 1 : 2;
}

/* The next option of the launcher behind the one at `at`, the first for 0; 0 where there is none.
 */
static size_t next_option(const struct command_line *words, const struct options *options,
			  size_t at)
{
	if (at)
		at += value_count(options, option_name(words->at[at]), words->at[at + 1]);
	at++;
	/* A program, and what is its own. Behind ":" there are options again. */
	while (at < words->count && !option_name(words->at[at])) {
		while (at < words->count && strcmp(words->at[at], ":") != 0)
			at++;
		at++;
	}
	return at < words->count ? at : 0;
}

static bool is_option(const struct command_line *words, size_t at, const char *names)
{
	const char *name = option_name(words->at[at]);

	return name && strstr(names, memory_text(" %s ", name));
}

/* LD_PRELOAD as the user sets it: NAME=VALUE. */
static void keep_preload(const struct launch *launch, char **word)
{
	size_t length = strlen(PRELOAD_PREFIX);

	if (*word && !strncmp(*word, PRELOAD_PREFIX, length))
		*word = memory_text(PRELOAD_PREFIX "%s", launch_preload(launch, *word + length));
}

static void add_to_list(const struct launch *launch, size_t at, bool *has_list)
{
	char **word = launch->words.at + at;

	if (!*word || strcmp(*word, ENV_LIST) != 0 || !word[1])
		return;
	word[1] = memory_text("%s", launch_names(launch, word[1], ';'));
	*has_list = true;
}

static void add_to_listed_environment(const struct launch *launch, bool *has_list)
{
	const char *list = getenv("OMPI_MCA_" ENV_LIST);

	if (!list)
		return;
	if (setenv("OMPI_MCA_" ENV_LIST, launch_names(launch, list, ';'), 1) < 0)
		message_fail(ENV_LIST, "there is no memory for it");
	*has_list = true;
}

/* -x for each variable, before the options of each application. */
static void export_all(struct launch *launch)
{
	const char *options[2 * LAUNCH_VARIABLES];
	size_t count = 0;

	for (size_t i = 0; i < launch->variable_count; i++) {
		options[count++] = "-x";
		options[count++] = launch->variables[i];
	}
	for (size_t at = launch->words.count; at-- > 0;)
		if (!at || !strcmp(launch->words.at[at], ":"))
			command_line_insert(&launch->words, at + 1, options, count);
}

void launch_open_mpi(struct launch *launch)
{
	struct command_line *words = &launch->words;
	bool has_list = false;

	for (size_t at = 0; (at = next_option(words, &open_mpi_options, at));) {
		if (is_option(words, at, " x "))
			keep_preload(launch, words->at + at + 1);
		if (is_option(words, at, open_mpi_options.two))
			add_to_list(launch, at + 1, &has_list);
		if (is_option(words, at, " app "))
			message_warn("--app", "what is in that file needs -x " WIRE_NAME " itself");
	}
	add_to_listed_environment(launch, &has_list);
	if (!has_list)
		export_all(launch);
}

/* The same where VALUE may be a word of its own. */
static void keep_preload_value(const struct launch *launch, char **word)
{
	keep_preload(launch, word);
	if (*word && !strcmp(*word, PRELOAD_NAME) && word[1])
		word[1] = memory_text("%s", launch_preload(launch, word[1]));
}

void launch_mpich(struct launch *launch)
{
	struct command_line *words = &launch->words;
	bool is_restricted = getenv("HYDRA_ENV");

	for (size_t at = 0; (at = next_option(words, &mpich_options, at));) {
		if (is_option(words, at, mpich_options.two))
			keep_preload_value(launch, words->at + at + 1);
		is_restricted |=
			is_option(words, at, " genvnone genvlist envnone envlist configfile ");
	}
	for (size_t i = 0; is_restricted && i < launch->variable_count; i++) {
		const char *name = launch->variables[i];
		const char *const option[] = { "-genv", name, getenv(name) };

		command_line_insert(words, 1, option, 3);
	}
}
