# SPDX-License-Identifier: Apache-2.0
"""followers.py NAME - a program in a task with k=v, whose output test_followers has beside it."""

from followers_here import *  # noqa: F403
from followers_pools import *  # noqa: F403


def state_of(follower):
    return {found.name: found for found in flytectx.status().followers}[follower]


def builtins():
    class Runner:
        system, fork, execv = os.system, os.fork, os.execv

    print(Runner().system("exit 3"))
    print(isinstance(os.fork, types.BuiltinFunctionType), inspect.isbuiltin(os.system), repr(os.fork))
    print(os.fork.__module__, os.fork.__self__.__name__, inspect.signature(os.execv))
    print(pickle.loads(pickle.dumps(os.system)) is os.system)


def warning_of_fork():
    """Since CPython 3.12; its place is the caller's."""
    go = threading.Event()
    threading.Thread(target=go.wait).start()
    with flyte.custom_context(k="scope"), warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        pid = os.fork()
        if pid == 0:
            os._exit(0)
    os.waitpid(pid, 0)
    go.set()
    print({warning.filename == __file__ for warning in seen} <= {True}, len(seen) == (sys.version_info >= (3, 12)))


def frames():
    """None of the package's in a traceback; 3.10 keeps them."""

    def fail():
        raise ValueError

    def seen(function):
        try:
            function()
        except Exception as error:
            stack = traceback.extract_tb(error.__traceback__)
            return sum("/flytectx/" in frame.filename for frame in stack)

    started = threading.Thread(target=int)
    started.start()
    with concurrent.futures.ThreadPoolExecutor(1) as pool, flyte.custom_context(k="scope"):
        print(
            seen(lambda: os.execv("/missing", ["x"])),
            seen(started.start),
            seen(lambda: pool.submit(fail).result()),
            seen(lambda: flytectx.capture().run(fail)),
        )


def interrupted_scopes():
    """A signal handler that raises leaves Python and native code in one context."""

    class Stop(Exception):
        pass

    def stop(*_):
        if armed:
            raise Stop

    logging.disable()  # the SDK says of each exit that it has failed
    armed, stopped, differ = False, 0, 0
    signal.signal(signal.SIGALRM, stop)
    with flyte.custom_context(k="top"):
        top = internal_ctx()
        for _ in range(20000):
            try:
                armed = True
                signal.setitimer(signal.ITIMER_REAL, random.uniform(5e-6, 9e-5))
                for _ in range(20):
                    with flyte.custom_context(k="scope"):
                        pass
            except Stop:
                stopped += 1
            armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            here = root_context_var.get()
            differ += native() != here.data.task_context.custom_context["k"]
            if here is not top:
                root_context_var.set(top)
                sys.modules["flytectx._follow"].follow_quietly(top)
    print(stopped > 100, differ)


def closed_elsewhere():
    """Async generators that tasks of the loop close: in their steps the scope can't be left."""
    import asyncio

    async def generator(scope):
        with flyte.custom_context(k=scope):
            for _ in range(3):
                yield
                await asyncio.sleep(0)

    async def leave_open():
        async for _ in generator("outer"):
            differ.append(look_here())
            async for _ in generator("inner"):
                await asyncio.sleep(0)
                break
            differ.append(look_here())

    def look_here():
        return native() != flyte.get_custom_context()["k"]

    logging.disable()  # asyncio says that they can't be closed there
    differ = []
    asyncio.run(leave_open())
    gc.collect()
    for number in range(300):  # which get the memory of what is gone
        with flyte.custom_context(k=str(number)):
            differ.append(look_here())
    print(sum(differ), native())


def finished_tasks():
    """The package keeps none: 10,000 take no more memory than a few."""

    def memory():
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def work(count):
        reports = []
        for number in range(count):
            task = flyte.ctx().replace(
                action=flyte.models.ActionID(name=f"a{number}", run_name="r"),
                report=flyte.report.Report(name=f"a{number}"),
            )
            if number % 1000 == 0:
                reports.append(weakref.ref(task.report))
            with internal_ctx().replace_task_context(task), flyte.custom_context(k=str(number)):
                thread = threading.Thread(target=flyte.ctx)
                thread.start()
                thread.join()
        del task
        gc.collect()
        return sum(report() is not None for report in reports)

    work(500)
    before = memory()
    kept = work(10000)
    print(kept, memory() - before < 2 << 20)


def lacking_field():
    """An SDK whose TaskContext does not take what it has taken when it was looked at."""
    import flyte.models

    init = flyte.models.TaskContext.__init__

    def hostile(self, *args, **kwargs):
        if "disable_run_cache" in kwargs:
            raise TypeError("unexpected")
        init(self, *args, **kwargs)

    flyte.models.TaskContext.__init__ = hostile
    print(bool(flyte.ctx()))


def another_finder():
    print(look(), state_of("flyte").state)


def finder_before_ours():
    with flyte.custom_context(k="scope"):
        print(look(), state_of("flyte").state)


def forbidden_ctypes():
    status = flytectx.status()
    print(bool(flyte.ctx()), status.connected, "forbidden" in status.why)


def moved_insides():
    """A follower that does not know its module gives up alone."""
    trio = types.ModuleType("trio")
    trio.abc = types.SimpleNamespace(Instrument=object)
    trio._core = types.SimpleNamespace(_run=types.SimpleNamespace(__name__="trio._core._run"))
    patches = sys.modules["flytectx.patches"]
    follower = patches.table["trio"]
    follower.apply(sys.modules["flytectx.patches.trio"]._change, trio)
    print(state_of("trio").state, "setup_runner" in state_of("trio").why, state_of("asyncio").state)


def undone():
    """Twice is once, and all of it can be undone."""
    enter = Context.__enter__
    print(flytectx.install(), flytectx.install(), Context.__enter__ is enter)
    for follower in reversed(list(sys.modules["flytectx.patches"].table.values())):
        follower.undo()
    print(hasattr(Context.__enter__, "__wrapped__"), type(os.fork).__name__, bool(flyte.ctx()))


def without_the_sdk():
    import asyncio

    def here():
        context = flytectx.current()
        return context.action.name, context.custom_context["k"], native(), child()

    @flytectx.custom_context(k="decorated")
    def decorated():
        return here()

    async def one(scope):
        async with flytectx.custom_context(k=scope):
            await asyncio.sleep(0.001)
            return here()[1:3]

    async def both():
        return await asyncio.gather(one("a"), one("b"))

    with flytectx.custom_context(k="scope"):
        captured = flytectx.capture()
        print(*here())
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            print(*pool.submit(here).result())
    print(*decorated(), *asyncio.run(both()))
    with flytectx.attach(pickle.loads(pickle.dumps(captured))):
        print(*here())
    print(*here(), captured.run(native), "flyte" in sys.modules, flytectx.preload() is not None)


globals()[name]()
