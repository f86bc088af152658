"""The commands as tasks of invoke; a repository's tasks.py is `from perfdoc.cli.tasks import namespace`."""

import inspect
import keyword
from typing import Any

from invoke.collection import Collection
from invoke.exceptions import Exit
from invoke.tasks import Task

from perfdoc.cli.commands import GROUPS, Argument, Command


def _task(command: Command) -> "Task[Any]":
    names = {_parameter(argument): argument.name for argument in command.arguments}

    def body(_: object, **given: object) -> None:
        code = command.run({names[name]: value for name, value in given.items()})
        if code:
            raise Exit(code=code)  # a failed task also stops a chain of tasks

    parameters = [_declared(argument) for argument in command.arguments]
    context = inspect.Parameter("_", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    body.__signature__ = inspect.Signature([context, *parameters])  # type: ignore[attr-defined]  # invoke asks for it
    body.__doc__ = command.about
    return Task(
        body,
        name=command.name,
        positional=[_parameter(a) for a in command.arguments if a.positional and a.required],
        help={argument.typed: argument.about for argument in command.arguments},
    )


def _parameter(argument: Argument) -> str:
    name = argument.typed.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


def _declared(argument: Argument) -> inspect.Parameter:
    needed = argument.positional and argument.required
    default: Any = inspect.Parameter.empty if needed else None if argument.value else False
    return inspect.Parameter(_parameter(argument), inspect.Parameter.KEYWORD_ONLY, default=default)


namespace = Collection(*(_task(command) for commands in GROUPS.values() for command in commands))
