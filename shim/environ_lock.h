/* SPDX-License-Identifier: Apache-2.0 */
/* environ_lock - for those who change environ: the other half of environ.h. */
#ifndef FLYTECTX_ENVIRON_LOCK_H
#define FLYTECTX_ENVIRON_LOCK_H

#include <stdbool.h>

/* Before a second thread is made: until then nobody but a signal handler comes in between. */
void environ_has_threads(void);

/* False: not obtained, change it all the same, as without us. */
bool environ_change_begin(void);
void environ_change_end(void);

#endif
