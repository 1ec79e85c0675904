/* SPDX-License-Identifier: Apache-2.0 */
/* C++: arguments with constructors, exceptions inside, members and lambdas. */
#include <atomic>
#include <stdexcept>
#include <string>

#include "openmp.h"

static std::atomic<int> alive, copies;
static std::atomic<long> sum;

struct counted {
	std::string text;
	counted *self;

	explicit counted(const char *value) : text(value), self(this)
	{
		alive++;
	}
	counted(const counted &other) : text(other.text), self(this)
	{
		if (other.self != &other)
			sum += 1000000;
		alive++;
		copies++;
	}
	~counted()
	{
		if (self != this)
			sum += 1000000;
		alive--;
	}
};

static void report(const char *what)
{
	printf("%s: %ld, %d alive\n", what, sum.exchange(0), alive.load());
}

static void tasks()
{
#pragma omp parallel num_threads(THREADS)
#pragma omp single
	for (int i = 0; i < 200; i++) {
		std::string name = "a scope with a long name, " + std::to_string(i);
		counted object(name.c_str());
		flyte_token token = enter(name.c_str());

#pragma omp task firstprivate(object, i) if (i % 5)
		{
			LOOK(object.text.c_str());
			sum += i;
		}
		leave(token);
	}
	report("tasks");
}

static void taskloops(bool group)
{
	counted object("loop");
	flyte_token token = enter("loop");

#pragma omp parallel num_threads(THREADS)
#pragma omp single
	{
		if (group) {
#pragma omp taskloop firstprivate(object) num_tasks(20)
			for (int i = 0; i < 100; i++) {
				LOOK(object.text.c_str());
				sum += i;
			}
		} else {
#pragma omp taskloop firstprivate(object) num_tasks(20) nogroup
			for (int i = 0; i < 100; i++) {
				LOOK(object.text.c_str());
				sum += i;
			}
		}
	}
	leave(token);
	report("taskloops");
}

static void throws(int number)
{
	flyte::custom_context scope { { "scope", "thrown" } };

	LOOK("thrown");
	if (number % 2)
		throw std::runtime_error("odd");
}

static void exceptions()
{
	flyte_token token = enter("caught");

#pragma omp parallel for num_threads(THREADS) schedule(dynamic)
	for (int i = 0; i < 100; i++) {
		try {
			throws(i);
		} catch (const std::runtime_error &) {
			sum += i;
		}
		LOOK("caught");
	}
#pragma omp parallel num_threads(THREADS)
#pragma omp single
	for (int i = 0; i < 100; i++)
#pragma omp task
	{
		try {
			throws(i);
		} catch (const std::runtime_error &) {
			sum += i;
		}
		LOOK("caught");
	}
	leave(token);
	report("exceptions");
}

struct worker {
	long factor = 3;

	void run()
	{
		auto add = [this](long number) {
			LOOK("member");
			sum += factor * number;
		};
#pragma omp parallel for num_threads(THREADS) firstprivate(add)
		for (int i = 0; i < 100; i++)
			add(i);
	}
};

int main()
{
	flyte_token token;

	tasks();
	taskloops(true);
	taskloops(false);
	exceptions();
	token = enter("member");
	worker().run();
	leave(token);
	report("member");
	return finish();
}
