/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds what a program may rely on when the preload is newer than the header that it was built with
 * (SPEC 1.9): the struct grows at its end, and a copy of it is not read beyond what the program
 * has.
 */
#include "shim_test.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A struct with nothing behind it: the next byte is on a page that can't be read. */
static struct flyte_task_context *at_the_end_of_a_page(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(pages, MAP_FAILED);
	assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
	return (struct flyte_task_context *)(void *)(pages + page) - 1;
}

static void a_copy_of_a_newer_struct_is_read_as_far_as_it_goes(void **state)
{
	struct flyte_task_context *copy = at_the_end_of_a_page();
	const struct flyte_task_context *made;
	flyte_token token;

	(void)state;
	copy->action.name = "copied";
	copy->size = sizeof(*copy) + 64;
	token = flyte_replace_task_context(copy);
	assert_int_not_equal(token, 0);
	assert_string_equal(flyte_ctx_get()->action.name, "copied");
	assert_int_equal(flyte_context_exit(token), 0);
	made = flyte_ctx_new(copy);
	assert_non_null(made);
	assert_string_equal(made->action.name, "copied");
	flyte_ctx_release(made);
}

static void the_task_name_is_carried_into_copies(void **state)
{
	struct flyte_task_context task = { .size = sizeof(task), .action.name = "a" };
	flyte_token token;

	(void)state;
	task.task_name = "train";
	token = flyte_replace_task_context(&task);
	assert_int_not_equal(token, 0);
	FLYTE_CUSTOM_CONTEXT ("k", "v")
		assert_string_equal(flyte_ctx_get()->task_name, "train");
	assert_int_equal(flyte_context_exit(token), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_of_a_newer_struct_is_read_as_far_as_it_goes),
		cmocka_unit_test(the_task_name_is_carried_into_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
