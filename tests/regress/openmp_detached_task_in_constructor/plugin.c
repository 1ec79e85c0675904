/* SPDX-License-Identifier: Apache-2.0 */
/* While it is opened, a thread of the pool submits a detached task. */
#include <omp.h>

__attribute__((constructor)) static void start(void)
{
#pragma omp parallel num_threads(2)
	{
		omp_event_handle_t event;

#pragma omp barrier
		if (omp_get_thread_num() == 1) {
#pragma omp task detach(event)
			omp_fulfill_event(event);
		}
	}
}
