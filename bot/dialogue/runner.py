"""Runs Rasa's prediction graph from a plan made once per set of targets, instead of through dask at every message."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler


class Step(NamedTuple):
    """One node of a plan. ``inputs``: parameter → name of the node or placeholder that provides it."""

    name: str
    run: Callable[..., Any]
    inputs: tuple[tuple[str, str], ...]


class PlanRunner(GraphRunner):  # type: ignore[misc]
    """The same nodes as Rasa's runner holds, called in a topological order kept per set of targets.

    Rasa's handler of ``/intent{...}`` texts is passed by: what a shopper writes is never a command.
    """

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._plans: dict[tuple[str, ...], tuple[Step, ...]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> PlanRunner:
        return cls.over(DaskGraphRunner.create(graph_schema, model_storage, execution_context, hooks))

    @classmethod
    def over(cls, runner: DaskGraphRunner) -> PlanRunner:
        """A runner on the nodes that ``runner`` has already loaded."""
        return cls(runner._graph_schema, runner._instantiated_nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        wanted = tuple(targets or self._schema.target_names)
        plan = self._plans.get(wanted)
        if plan is None:
            plan = self._plans[wanted] = self._plan(wanted)
        known = dict(inputs or {})
        for name, run, needs in plan:
            known[name] = run(**{parameter: known[provider] for parameter, provider in needs})
        return {target: known[target] for target in wanted}

    def _plan(self, targets: tuple[str, ...]) -> tuple[Step, ...]:
        schema = self._schema.minimal_graph_schema(list(targets))
        plan: list[Step] = []
        done: set[str] = set()

        def visit(name: str) -> None:
            if name in done or name not in schema.nodes:
                return
            done.add(name)
            for provider in schema.nodes[name].needs.values():
                visit(provider)
            plan.append(self._step(name, dict(schema.nodes[name].needs)))

        for target in targets:
            visit(target)
        return tuple(plan)

    def _step(self, name: str, needs: dict[str, str]) -> Step:
        node = self._nodes[name]
        component = node._component
        if isinstance(component, RegexMessageHandler):
            return Step(name, lambda messages: messages, (("messages", needs["messages"]),))
        return Step(name, getattr(component, node._fn_name), tuple(needs.items()))
