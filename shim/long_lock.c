/* SPDX-License-Identifier: Apache-2.0 */
/* See long_lock.h. */
#include <errno.h>
#include <stddef.h>

#include "long_lock.h"
#include "sys.h"

enum { FUTEX_WAIT_PRIVATE = 128, FUTEX_WAKE_PRIVATE = 129 };

static bool is_here(int thread)
{
	int self = (int)sys_call(SYS_getpid, 0, 0, 0, 0, 0, 0);

	return sys_call(SYS_tgkill, self, thread, 0, 0, 0, 0) != -ESRCH;
}

/* Until it is dropped, or a tenth of a second has passed. */
static void wait_for(struct long_lock *lock, int word)
{
	/* The kernel's own struct timespec: libc's may have wider seconds. */
	static const long tenth[2] = { 0, 100000000 };

	if (word > 0 && !atomic_compare_exchange_strong(&lock->word, &word, -word))
		return;
	sys_call(SYS_futex, (long)&lock->word, FUTEX_WAIT_PRIVATE, word > 0 ? -word : word,
		 (long)tenth, 0, 0);
}

bool long_lock_take(struct long_lock *lock)
{
	int self = sys_gettid(), taken = self;

	for (;;) {
		int word = 0;

		if (atomic_compare_exchange_strong(&lock->word, &word, taken))
			return true;
		if (word == self || word == -self)
			return false;
		if (!is_here(word < 0 ? -word : word)) {
			atomic_compare_exchange_strong(&lock->word, &word, 0);
			continue;
		}
		wait_for(lock, word);
		taken = -self; /* there may be others who wait */
	}
}

void long_lock_drop(struct long_lock *lock)
{
	if (atomic_exchange(&lock->word, 0) < 0)
		sys_call(SYS_futex, (long)&lock->word, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}
