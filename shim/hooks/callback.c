/* SPDX-License-Identifier: Apache-2.0 */
/*
 * callback - timer_create and mq_notify with SIGEV_THREAD: the callback runs with the context that
 * was current when it was registered (SPEC 3.3).
 *
 * Outside every scope the call is handed on as it is. Inside one, libc is given a function of ours
 * and, as the value, a handle of what the caller gave. timer_delete and the end of a queue's
 * registration give that up, but libc may have made a thread by then that has not called us yet,
 * and nobody can tell. So the last that were given up keep their scope, the place of others keeps
 * function and value until it is used again, and a handle names a generation of its place: who
 * comes later still does not call what another has registered.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>

#include "arena.h"
#include "provider.h"
#include "real.h"
#include "scope.h"

typedef void notify_function(union sigval);

struct callback {
	atomic_uintptr_t word; /* its generation, and in the lower half-word its references */
	_Atomic(notify_function *) function;
	_Atomic(void *) value;
	struct scope *scope;  /* with a reference, while there are any to this */
	atomic_uintptr_t key; /* what ends it: a timer, or key_of() a queue; 0: it has ended */
	atomic_uint next;     /* once it is unused */
	unsigned place;
};

/* The lower half-word: of a word references, of a handle and of a list a place, which is not 0. */
#define LOWER ((uintptr_t)UINT16_MAX)

/* More than the kernel lets most users have. What doesn't fit goes without its scope. */
#define PLACES 16384

/* So many that have ended keep their scope. */
#define ENDED 256

/* Only what was used of it ever takes memory. */
struct table {
	atomic_uintptr_t unused; /* a list by `next`, counted above: no ABA */
	atomic_uint made;
	atomic_uint end;
	_Atomic(struct callback *) ended[ENDED];
	struct callback places[PLACES];
};

static _Atomic(struct table *) table;

static struct table *table_memory(void)
{
	struct table *known = atomic_load(&table), *made;

	if (known)
		return known;
	made = arena_take(sizeof(*made));
	return made && !atomic_compare_exchange_strong(&table, &known, made) ? known : made;
}

static struct callback *take_new(struct table *known)
{
	unsigned made = atomic_load(&known->made);

	do
		if (made == PLACES - 1)
			return NULL;
	while (!atomic_compare_exchange_weak(&known->made, &made, made + 1));
	known->places[made + 1].place = made + 1;
	return &known->places[made + 1];
}

static struct callback *take(struct table *known)
{
	uintptr_t unused = atomic_load(&known->unused);

	while (unused & LOWER) {
		struct callback *callback = &known->places[unused & LOWER];
		uintptr_t rest = (unused | LOWER) + 1 + atomic_load(&callback->next);

		if (atomic_compare_exchange_weak(&known->unused, &unused, rest))
			return callback;
	}
	return take_new(known);
}

static void let_go(struct callback *callback)
{
	struct table *known = atomic_load(&table);
	uintptr_t unused;

	if ((atomic_fetch_sub(&callback->word, 1) & LOWER) != 1)
		return;
	scope_release(callback->scope, true);
	/* A place that has had every generation is not used again: the next would be the first. */
	if ((atomic_load(&callback->word) | LOWER) == UINTPTR_MAX)
		return;
	unused = atomic_load(&known->unused);
	do
		atomic_store(&callback->next, unused & LOWER);
	while (!atomic_compare_exchange_weak(&known->unused, &unused,
					     (unused & ~LOWER) | callback->place));
}

static void end(struct callback *callback)
{
	struct table *known = atomic_load(&table);
	unsigned last = atomic_fetch_add(&known->end, 1) % ENDED;
	struct callback *old = atomic_exchange(&known->ended[last], callback);

	if (old)
		let_go(old);
}

/* Ends what has this key: more than one after a fork, whose child has no timers. */
static void end_all(uintptr_t key, const struct callback *but)
{
	struct table *known = atomic_load(&table);
	unsigned made = known ? atomic_load(&known->made) : 0;

	for (struct callback *callback = known->places + made; made; made--, callback--) {
		uintptr_t expected = key;

		if (atomic_load(&callback->key) == key && callback != but &&
		    atomic_compare_exchange_strong(&callback->key, &expected, 0))
			end(callback);
	}
}

/* Odd, as no timer of SIGEV_THREAD is in either libc: those are pointers. */
static uintptr_t key_of(int queue)
{
	return (uintptr_t)(unsigned)queue << 1 | 1;
}

static bool is_same(uintptr_t word, uintptr_t handle)
{
	return !((word ^ handle) & ~LOWER);
}

/* On the thread of a callback. False where the scope is gone. */
static bool adopt_scope(struct callback *callback, uintptr_t handle)
{
	uintptr_t word = atomic_load(&callback->word), key;

	do
		if (!is_same(word, handle) || !(word & LOWER))
			return false;
	while (!atomic_compare_exchange_weak(&callback->word, &word, word + 1));
	scope_swap(scope_retain(callback->scope)); /* instead of the root */
	key = atomic_load(&callback->key);
	/* A queue notifies once. */
	if (key & 1 && atomic_compare_exchange_strong(&callback->key, &key, 0))
		let_go(callback);
	let_go(callback);
	return true;
}

static void notified(union sigval given)
{
	uintptr_t handle = (uintptr_t)given.sival_ptr;
	struct callback *callback = &atomic_load(&table)->places[handle & LOWER];
	notify_function *function = atomic_load(&callback->function);
	union sigval value = { .sival_ptr = atomic_load(&callback->value) };

	if (adopt_scope(callback, handle) || is_same(atomic_load(&callback->word), handle))
		function(value);
}

/* What libc is to be given instead of `event`, in `ours`; NULL where there is nothing to carry. */
static struct callback *keep(const struct sigevent *event, struct sigevent *ours)
{
	struct scope *before, *scope;
	struct callback *callback;
	struct table *known;
	uintptr_t word;

	if (!event || event->sigev_notify != SIGEV_THREAD)
		return NULL;
	before = provider_enter();
	scope = scope_retain_current();
	provider_leave(before);
	if (scope_is_root(scope))
		return NULL;
	known = table_memory();
	callback = known ? take(known) : NULL;
	if (!callback) {
		scope_release(scope, false);
		return NULL;
	}
	/* The next generation, before function and value are: notified() reads them first. */
	word = (atomic_load(&callback->word) | LOWER) + 1;
	atomic_store(&callback->word, word);
	atomic_store(&callback->function, event->sigev_notify_function);
	atomic_store(&callback->value, event->sigev_value.sival_ptr);
	callback->scope = scope;
	atomic_store(&callback->word, word + 1);
	*ours = *event;
	ours->sigev_notify_function = notified;
	ours->sigev_value.sival_ptr = (void *)(word | callback->place);
	return callback;
}

int timer_create(clockid_t clock, void *event, void **timer)
{
	struct sigevent ours;
	struct callback *callback = keep(event, &ours);
	int result = REAL(timer_create)(clock, callback ? &ours : event, timer);

	if (callback && !result)
		atomic_store(&callback->key, (uintptr_t)*timer);
	else if (callback)
		let_go(callback);
	return result;
}

/* Before it is deleted: after that another thread may make one of the same id. */
int timer_delete(void *timer)
{
	if (!((uintptr_t)timer & 1))
		end_all((uintptr_t)timer, NULL);
	return REAL(timer_delete)(timer);
}

/*
 * A queue may also be closed by close(2), or by way of another descriptor: what was kept for this
 * one is then given up by the next registration that it has. So there is at most one a descriptor.
 */
int mq_notify(int queue, const void *event)
{
	struct sigevent ours;
	struct callback *callback = keep(event, &ours);
	uintptr_t key = key_of(queue), expected = key;
	int result;

	if (callback)
		atomic_store(&callback->key, key);
	if (!event)
		end_all(key, NULL);
	result = REAL(mq_notify)(queue, callback ? &ours : event);
	if (event && !result)
		end_all(key, callback);
	else if (callback && atomic_compare_exchange_strong(&callback->key, &expected, 0))
		let_go(callback);
	return result;
}

int mq_close(int queue)
{
	end_all(key_of(queue), NULL);
	return REAL(mq_close)(queue);
}
