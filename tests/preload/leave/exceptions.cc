/* SPDX-License-Identifier: Apache-2.0 */
/* Scopes in C++: an exception passes blocks, objects and runs. */
#include <stdexcept>
#include <thread>

#include "leave.h"

static void throw_in_block()
{
	FLYTE_CUSTOM_CONTEXT ("scope", "block") {
		FLYTE_CUSTOM_CONTEXT ("scope", "deeper", "more", "x") {
			expect("scope", "deeper");
			throw std::runtime_error("in a block");
		}
	}
}

static void throw_with_objects()
{
	flyte::custom_context outer { { "scope", "object" }, { "more", "x" } };
	flyte::group group { "fan-out" };

	expect("scope", "object");
	expect_true(outer.ok() && group.ok());
	expect_true(!preloaded() || !strcmp(flyte_ctx_get()->group, "fan-out"));
	throw 42;
}

static int throw_in_run(void *)
{
	enter("scope", "run");
	flyte_group_enter("left");
	throw std::runtime_error("in a run");
}

template <typename Function> static void passes(Function function)
{
	bool caught = false;

	for (int i = 0; i < 10; i++) {
		try {
			function();
		} catch (...) {
			caught = true;
		}
		expect_true(caught);
		expect("scope", "-");
		expect("more", "-");
		expect_true(!preloaded() || !flyte_ctx_get()->group);
	}
}

/* Caught inside the outer block: that is still entered. */
static void caught_half_way()
{
	FLYTE_CUSTOM_CONTEXT ("scope", "outer") {
		try {
			throw_in_block();
		} catch (const std::exception &) {
			expect("scope", "outer");
		}
		expect("scope", "outer");
	}
	expect("scope", "-");
}

static int by_return()
{
	flyte::custom_context scope { { "scope", "returned" } };

	FLYTE_CUSTOM_CONTEXT ("scope", "block")
		return 7;
	return 8;
}

static void by_break_and_continue()
{
	int rounds = 0;

	for (int i = 0; i < 4; i++) {
		flyte::custom_context scope { { "scope", "loop" } };

		rounds++;
		if (i == 0)
			continue;
		if (i == 2)
			break;
	}
	expect_true(rounds == 3);
	expect("scope", "-");
}

/* Refused: the object says so, and its destructor has nothing to leave. */
static void a_scope_that_was_not_entered()
{
	flyte::custom_context scope { { "", "bad" } };

	expect_true(scope.ok() == !preloaded());
	expect("increment", "1");
}

static void in_a_thread()
{
	FLYTE_CUSTOM_CONTEXT ("scope", "creator") {
		std::thread thread([] {
			expect("scope", "creator");
			try {
				throw_with_objects();
			} catch (int) {
			}
			expect("scope", "creator");
		});
		thread.join();
	}
	expect("scope", "-");
}

int main()
{
	passes(throw_in_block);
	passes(throw_with_objects);
	passes([] { flyte_contextual_run(throw_in_run, nullptr); });
	caught_half_way();
	expect_true(by_return() == 7);
	by_break_and_continue();
	a_scope_that_was_not_entered();
	in_a_thread();
	return leave_end();
}
