# SPDX-License-Identifier: Apache-2.0
"""followers_pools - the programs of followers.py in which pools and loops outlive a scope."""

from followers_here import *  # noqa: F403


def callbacks():
    wrong = []
    pool = concurrent.futures.ThreadPoolExecutor(1)
    for scope in ("first", "second"):
        with flyte.custom_context(k=scope):
            done, go = threading.Event(), threading.Event()
            future = pool.submit(go.wait)
            future.add_done_callback(lambda _: (wrong.append(look()), done.set()))
            go.set()
        done.wait()
    print(*wrong)


def two_actions():
    """1,000 tasks of two actions and two scopes, side by side, in asyncio."""
    import asyncio

    async def one(number, count):
        task = flyte.ctx()
        task = task.replace(action=flyte.models.ActionID(name=f"action{number % 2}", run_name="r"))
        with internal_ctx().replace_task_context(task), flyte.custom_context(k=f"k{number // 2 % 2}"):
            for _ in range(5):
                await asyncio.sleep(0)
                here = flytectx.current()
                seen = here.action.name, here.custom_context["k"], native()
                scope = f"k{number // 2 % 2}"
                count[seen == (f"action{number % 2}", scope, scope)] += 1

    async def main():
        count = collections.Counter()
        await asyncio.gather(*(one(number, count) for number in range(1000)))
        print(dict(count))

    asyncio.run(main())


def joblib():
    import joblib

    joblib.Parallel(n_jobs=2)(joblib.delayed(os.getpid)() for _ in range(4))
    for scope in ("first", "second"):
        with flyte.custom_context(k=scope):
            work = joblib.Parallel(n_jobs=2, batch_size=1)(joblib.delayed(child)() for _ in range(12))
            print(dict(collections.Counter(work)))


def in_tasks(run, sleep, to_thread, spawn):
    wrong = []

    async def one(scope):
        with flyte.custom_context(k=scope):
            for _ in range(3):
                await sleep(0.001)
                for seen in look(), await to_thread(look):
                    if not is_agreed(scope, seen):
                        wrong.append((scope, seen))

    run(spawn, one)
    print(wrong, look())


def trio():
    import trio

    async def spawn(one):
        async with trio.open_nursery() as nursery:
            for scope in "abc":
                nursery.start_soon(one, scope)

    in_tasks(trio.run, trio.sleep, trio.to_thread.run_sync, spawn)


def anyio():
    import anyio
    import anyio.to_thread

    async def spawn(one):
        async with anyio.create_task_group() as group:
            for scope in "abc":
                group.start_soon(one, scope)

    in_tasks(anyio.run, anyio.sleep, anyio.to_thread.run_sync, spawn)


def in_thread_of_scope():
    seen = []
    with flyte.custom_context(k="scope"):
        thread = threading.Thread(target=lambda: seen.append((flyte.get_custom_context()["k"], native())))
        thread.start()
        thread.join()
    return seen[0]


def eventlet():
    print(*in_thread_of_scope(), flyte.get_custom_context()["k"], native())


def gevent():
    import gevent

    wrong = []

    def one(scope):
        with flyte.custom_context(k=scope):
            for _ in range(3):
                gevent.sleep(0.001)
                seen = flyte.get_custom_context()["k"], native()
                if seen != (scope, scope):
                    wrong.append((scope, seen))

    gevent.joinall([gevent.spawn(one, scope) for scope in "abc"])
    print(wrong, *in_thread_of_scope(), flyte.get_custom_context()["k"], native())
