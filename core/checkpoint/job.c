/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Saving and loading on a thread of its own, for programs that have something better to do than
 * to wait (SPEC 4.2): a handle, and a descriptor that can be polled.
 */
#include "checkpoint/exports.h"
#include "checkpoint/failure.h"
#include "checkpoint/open_checkpoint.h"
#include "checkpoint/uncancelled.h"

#include <curl/curl.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

struct flyte_checkpoint_job {
	struct flyte_checkpoint_job *next; /* in the list of all that were started */
	struct open_checkpoint *open;
	struct checkpoint_input input; /* the bytes are the caller's; the path is ours */
	bool is_load;
	pthread_t thread;
	bool is_joined;
	int done; /* eventfd: readable when the thread has finished */
	atomic_bool cancelled;
	int answer;
	char path[PATH_MAX]; /* what a load has given */
	struct error error;
};

static pthread_mutex_t jobs_lock = PTHREAD_MUTEX_INITIALIZER;
static struct flyte_checkpoint_job *jobs;

/*
 * exit() and dlclose() take away what the threads work with: OpenSSL's tables, the library itself.
 * So jobs end before: this is registered behind OpenSSL's own handler, and runs ahead of it.
 */
static void end_jobs(void)
{
	pthread_mutex_lock(&jobs_lock);
	for (struct flyte_checkpoint_job *job = jobs; job; job = job->next)
		atomic_store(&job->cancelled, true);
	for (struct flyte_checkpoint_job *job = jobs; job; job = job->next)
		if (!job->is_joined)
			job->is_joined = pthread_join(job->thread, NULL) == 0;
	pthread_mutex_unlock(&jobs_lock);
}

/* The threads are the parent's. */
static void forget_jobs(void)
{
	pthread_mutex_init(&jobs_lock, NULL);
	jobs = NULL;
}

static void watch_exit(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
	OPENSSL_init_crypto(OPENSSL_INIT_ADD_ALL_CIPHERS | OPENSSL_INIT_ADD_ALL_DIGESTS, NULL);
	pthread_atfork(NULL, NULL, forget_jobs);
	atexit(end_jobs);
}

static void list_job(struct flyte_checkpoint_job *job)
{
	pthread_mutex_lock(&jobs_lock);
	job->next = jobs;
	jobs = job;
	pthread_mutex_unlock(&jobs_lock);
}

/* With the lock; where it stands in the list, whose end is NULL. */
static struct flyte_checkpoint_job **find_job(const struct flyte_checkpoint_job *job)
{
	struct flyte_checkpoint_job **at = &jobs;

	while (*at && *at != job)
		at = &(*at)->next;
	return at;
}

/* False where the handle is not of a job under way: no member of it may be read then. */
static bool unlist_job(const struct flyte_checkpoint_job *job)
{
	struct flyte_checkpoint_job **at;
	bool found;

	pthread_mutex_lock(&jobs_lock);
	at = find_job(job);
	found = *at != NULL;
	if (found)
		*at = job->next;
	pthread_mutex_unlock(&jobs_lock);
	return found;
}

static int no_job(void)
{
	struct error error;

	error_set(&error, ERROR_INVALID, EINVAL, "checkpoint",
		  "it is no job of this process, or one that is finished");
	return failure_note(&error);
}

static bool go_on(void *argument, uint64_t done, uint64_t total)
{
	struct flyte_checkpoint_job *job = argument;

	(void)done, (void)total;
	return !atomic_load(&job->cancelled);
}

static void *run(void *argument)
{
	struct flyte_checkpoint_job *job = argument;
	const struct storage_progress progress = { go_on, job };

	if (job->is_load)
		job->answer = open_checkpoint_load(job->open, &progress, job->path,
						   sizeof(job->path), &job->error);
	else
		job->answer =
			open_checkpoint_save(job->open, &job->input, &progress, &job->error) - 1;
	eventfd_write(job->done, 1);
	return NULL;
}

static void free_job(struct flyte_checkpoint_job *job)
{
	if (job->done >= 0)
		close(job->done);
	free((void *)(uintptr_t)job->input.path);
	free(job);
}

/* The program's signals are its own threads' to handle. */
static int start(struct flyte_checkpoint_job *job)
{
	sigset_t all, before;
	int number;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	number = pthread_create(&job->thread, NULL, run, job);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return number;
}

static struct flyte_checkpoint_job *make(struct open_checkpoint *open, const void *data,
					 size_t size, const char *path)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct flyte_checkpoint_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->open = open;
	job->input = (struct checkpoint_input) { data, size, path ? strdup(path) : NULL };
	job->is_load = !data && !path;
	job->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (job->done >= 0 && (job->input.path || !path)) {
		pthread_once(&once, watch_exit);
		errno = start(job);
		if (!errno) {
			list_job(job);
			return job;
		}
	}
	free_job(job);
	return NULL;
}

struct flyte_checkpoint_job *flytectx_checkpoint_start(const struct flyte_task_context *context,
						       const void *data, size_t size,
						       const char *path)
{
	UNCANCELLED;
	struct error error;
	struct open_checkpoint *open = open_checkpoint(context, &error);
	struct flyte_checkpoint_job *job = open ? make(open, data, size, path) : NULL;

	if (open && !job)
		error_set(&error, ERROR_SYSTEM, errno, "checkpoint", "can't start a thread");
	if (!job)
		failure_note(&error);
	return job;
}

int flytectx_checkpoint_job_fd(const struct flyte_checkpoint_job *job)
{
	int fd = -1;

	pthread_mutex_lock(&jobs_lock);
	if (*find_job(job))
		fd = job->done;
	pthread_mutex_unlock(&jobs_lock);
	return fd < 0 ? no_job() : fd;
}

void flytectx_checkpoint_job_cancel(struct flyte_checkpoint_job *job)
{
	pthread_mutex_lock(&jobs_lock);
	if (*find_job(job))
		atomic_store(&job->cancelled, true);
	pthread_mutex_unlock(&jobs_lock);
}

int flytectx_checkpoint_job_finish(struct flyte_checkpoint_job *job, char *path, size_t size)
{
	UNCANCELLED;
	int answer;

	if (!unlist_job(job))
		return no_job();
	if (!job->is_joined)
		pthread_join(job->thread, NULL);
	answer = job->answer;
	if (answer > 0 && !path && size)
		answer = checkpoint_nowhere(&job->error);
	else if (answer > 0 && strlen(job->path) < size)
		strcpy(path, job->path);
	else if (answer > 0)
		answer = error_set(&job->error, ERROR_INVALID, ERANGE, job->path,
				   "there is no room for the path") -
			 1;
	if (answer < 0)
		failure_note(&job->error);
	free_job(job);
	return answer;
}
