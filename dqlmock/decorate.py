"""Wrapping functions and test classes, so that they run inside something.

Owns the ways in which a test can be written: functions, coroutines, generators (fixtures), pytest's
classes, unittest's. Knows nothing of mocks: `enter` returns a context manager, a new one each time.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager, ExitStack
from typing import Any, TypeAlias, TypeVar, cast

Enter: TypeAlias = Callable[[], AbstractContextManager[Any]]
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def decorate(target: Decorated, enter: Enter) -> Decorated:
    """Make a function, or the tests of a class, run inside what `enter` opens.

    A function keeps its signature, so pytest still finds its fixtures and parameters. Of a class,
    each test runs inside one context, and with it everything around the test: `setUp`,
    `setup_method`, fixtures of the class, `tearDown`, cleanups. If the class has `setUpClass` (or
    `setup_class`), one context spans the class instead. Subclasses are changed likewise.

    Args:
        target: A function, coroutine function, generator function or class.
        enter: Opens one context.

    Raises:
        TypeError: The target was made by `@pytest.fixture`: the order is the other way round.
    """
    if isinstance(target, type):
        _change_class(target, enter)
        return cast(Decorated, target)
    if isinstance(target, (classmethod, staticmethod)):
        return cast(Decorated, type(target)(decorate(target.__func__, enter)))
    if type(target).__module__.startswith("_pytest."):
        raise TypeError("write the mock's decorator below @pytest.fixture, nearer to the function")
    return cast(Decorated, functools.wraps(target)(_around(target, enter)))


def _around(function: Callable[..., Any], enter: Enter) -> Callable[..., Any]:
    """Return a function of the same kind: pytest and asyncio ask which it is."""
    if inspect.isasyncgenfunction(function):
        return _around_async_generator(function, enter)
    if inspect.iscoroutinefunction(function):
        return _around_coroutine(function, enter)
    if inspect.isgeneratorfunction(function):
        return _around_generator(function, enter)

    def call(*args: Any, **kwargs: Any) -> Any:
        with enter():
            return function(*args, **kwargs)

    return call


def _around_coroutine(function: Callable[..., Any], enter: Enter) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        with enter():
            return await function(*args, **kwargs)

    return call


def _around_generator(function: Callable[..., Any], enter: Enter) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        with enter():
            return (yield from function(*args, **kwargs))

    return call


def _around_async_generator(function: Callable[..., Any], enter: Enter) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        with enter():
            inner = function(*args, **kwargs)
            try:
                step = inner.__anext__()
                while True:
                    try:
                        value = await step
                    except StopAsyncIteration:
                        return
                    try:
                        step = inner.asend((yield value))
                    except GeneratorExit:
                        raise
                    except BaseException as error:  # thrown in: it belongs to the function
                        step = inner.athrow(error)
            finally:
                await inner.aclose()

    return call


def _change_class(cls: type, enter: Enter) -> None:
    _change_alone(cls, enter)
    for inner in list(vars(cls).values()):
        if isinstance(inner, type) and inner.__name__.startswith("Test"):
            _change_class(inner, enter)
    _change_subclasses(cls, lambda subclass: _change_alone(subclass, enter))


def _change_alone(cls: type, enter: Enter) -> None:
    """Change one class: a subclass may be a TestCase where what was decorated is none."""
    case = getattr(sys.modules.get("unittest.case"), "TestCase", None)
    is_case = case is not None and issubclass(cls, case)
    (_change_case if is_case else _change_plain)(cls, enter)


def _change_subclasses(cls: Any, change: Callable[[type], None]) -> None:
    """Change each subclass when it is defined: it may override what was changed."""
    original = vars(cls).get("__init_subclass__")

    def __init_subclass__(subclass: Any, /, **options: Any) -> None:  # noqa: N807  # becomes a method
        if original is not None:
            original.__get__(None, subclass)(**options)
        else:
            super(cls, subclass).__init_subclass__(**options)
        change(subclass)

    cls.__init_subclass__ = classmethod(__init_subclass__)


def _change_case(cls: type, enter: Enter) -> None:
    """Change a unittest.TestCase: `run` spans setUp, the test, tearDown and the cleanups.

    pytest runs more around it: `setup_class`, `setup_method` and the class's fixtures.

    What is put into the class is no plain function, for moto's decorator above this one wraps each:
    it would reset its state in `setup_method` alone, which unittest never calls, and would leave
    its fake keys in the environment, being entered inside itself.
    """
    for name in ("run", "debug"):
        _replace_run(cls, name, enter)
    _replace_pair(cls, "setup_method", "teardown_method", enter, functools.partialmethod)
    if hasattr(cls, "setup_class"):
        _replace_class_pair(cls, enter)
    base = sys.modules["unittest.case"].TestCase
    if _overrides(cls, base, "setUpClass"):
        _replace_set_up_class(cls, enter)
    if _overrides(cls, base, "tearDownClass"):
        _replace_tear_down_class(cls, enter)


def _overrides(cls: Any, base: Any, name: str) -> bool:
    return getattr(cls, name).__func__ is not getattr(base, name).__func__


def _replace_run(cls: Any, name: str, enter: Enter) -> None:
    original = getattr(cls, name)

    def run(case: Any, *args: Any, **kwargs: Any) -> Any:
        with enter():
            return original(case, *args, **kwargs)

    setattr(cls, name, functools.partialmethod(run))


def _replace_set_up_class(cls: Any, enter: Enter) -> None:
    original = vars(cls).get("setUpClass")

    def setUpClass(case: Any) -> None:  # unittest's name
        with ExitStack() as stack:
            stack.enter_context(enter())
            case.addClassCleanup(stack.pop_all().close)  # first added, so run after all others
        _bound_to_class(cls, case, "setUpClass", original)()

    cls.setUpClass = classmethod(setUpClass)


def _replace_tear_down_class(cls: Any, enter: Enter) -> None:
    original = vars(cls).get("tearDownClass")

    def tearDownClass(case: Any) -> None:  # unittest's name
        with enter():
            _bound_to_class(cls, case, "tearDownClass", original)()

    cls.tearDownClass = classmethod(tearDownClass)


def _bound_to_class(cls: type, subclass: type, name: str, original: Any) -> Callable[..., Any]:
    """Return a class's own method as it was before, or the inherited one."""
    if original is None:
        return cast(Callable[..., Any], getattr(super(cls, subclass), name, _nothing))
    if inspect.isfunction(original):  # pytest calls a plain setup_class with the class
        return lambda: original(subclass)
    return cast(Callable[..., Any], original.__get__(None, subclass))


def _nothing(*_: Any) -> None:
    pass


def _same(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


def _change_plain(cls: type, enter: Enter) -> None:
    """Change one of pytest's classes.

    `setup_method` is the first thing that pytest runs for a test of a class, before the fixtures
    that the class or the test asks for, and `teardown_method` the last.
    """
    _replace_pair(cls, "setup_method", "teardown_method", enter)
    if hasattr(cls, "setup_class"):
        _replace_class_pair(cls, enter)
    for name, function in list(vars(cls).items()):
        if name.startswith("test") and inspect.isfunction(function):
            setattr(cls, name, decorate(function, enter))


def _replace_pair(
    cls: Any, setup: str, teardown: str, enter: Enter, method_of: Callable[[Any], Any] = _same
) -> None:
    own = {name: vars(cls).get(name) for name in (setup, teardown)}
    key = f"_dqlmock_inside_{cls.__module__}.{cls.__qualname__}"

    def original(instance: Any, name: str, method: Any) -> None:
        bound = (
            getattr(super(cls, instance), name, _nothing)
            if own[name] is None
            else own[name].__get__(instance, type(instance))
        )
        if inspect.signature(bound).parameters:
            bound(method)
        else:
            bound()

    def setup_method(instance: Any, method: Any = None) -> None:
        with ExitStack() as stack:
            stack.enter_context(enter())
            original(instance, setup, method)
            # A list: pytest sets a nested class's test up once for every class around it.
            vars(instance).setdefault(key, []).append(stack.pop_all())

    def teardown_method(instance: Any, method: Any = None) -> None:
        stacks = vars(instance).get(key)
        with stacks.pop() if stacks else ExitStack():
            original(instance, teardown, method)

    setattr(cls, setup, method_of(setup_method))
    setattr(cls, teardown, method_of(teardown_method))


def _replace_class_pair(cls: Any, enter: Enter) -> None:
    """Span the whole class, for what `setup_class` makes is there for its tests."""
    own = {name: vars(cls).get(name) for name in ("setup_class", "teardown_class")}
    stacks: dict[type, ExitStack] = {}

    def setup_class(subclass: Any) -> None:
        with ExitStack() as stack:
            stack.enter_context(enter())
            _bound_to_class(cls, subclass, "setup_class", own["setup_class"])()
            stacks[subclass] = stack.pop_all()

    def teardown_class(subclass: Any) -> None:
        with stacks.pop(subclass, None) or ExitStack():
            _bound_to_class(cls, subclass, "teardown_class", own["teardown_class"])()

    cls.setup_class = classmethod(setup_class)
    cls.teardown_class = classmethod(teardown_class)
