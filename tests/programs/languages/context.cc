// SPDX-License-Identifier: Apache-2.0
//
// context.cc - the context of a Flyte task in C++: scopes end with their objects.
//
//	g++ -std=c++17 -I DIRECTORY-OF-FLYTE_CTX.H context.cc -pthread && ./a.out 'COMMAND LINE'
//
// Runs the command line, outside of a scope and inside one.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "flyte_ctx.h"

static std::string increment()
{
	const char *value = flyte_custom_context_get("increment");

	return value ? value : "unset";
}

static std::string child(const char *command)
{
	char line[64] = "";
	FILE *stream = popen(command, "r");

	if (!stream)
		return "";
	if (fgets(line, sizeof(line), stream))
		line[strcspn(line, "\n")] = '\0';
	pclose(stream);
	return line;
}

static void show(const char *place, const char *command)
{
	std::string in_thread, in_task = std::async(std::launch::async, increment).get();
	std::thread([&] { in_thread = increment(); }).join();

	printf("%s: %s, a thread %s, std::async %s, a child %s\n", place, increment().c_str(),
	       in_thread.c_str(), in_task.c_str(), child(command).c_str());
}

static void fail_in_a_scope(const char *command)
{
	flyte::custom_context scope { { "increment", "2" }, { "team", "genomics" } };

	if (!scope.ok())
		throw std::runtime_error(strerror(errno));
	show("inside", command);
	throw std::runtime_error("left by an exception");
}

static std::string leave_by_return()
{
	FLYTE_CUSTOM_CONTEXT("increment", "3") {
		return increment();
	}
	return "not entered";
}

int main(int argc, char *argv[])
{
	const struct flyte_task_context *context = flyte_ctx_get();
	const char *command = argc > 1 ? argv[1] : "true";

	if (!context) {
		puts("outside a task");
		return 0;
	}
	puts(context->action.name);
	show("outside", command);
	try {
		fail_in_a_scope(command);
	} catch (const std::exception &error) {
		puts(error.what());
	}
	show("after", command);
	printf("the block: %s, after it %s\n", leave_by_return().c_str(), increment().c_str());

	std::string large(100000, 'x');
	flyte::custom_context scope { { "increment", large.c_str() } };
	printf("too large: %d\n", scope.ok() ? 0 : errno);
}
