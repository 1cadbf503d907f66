"""The interface against its own description: whatever is sent, no answer that the description does not know."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine

from conftest import installed
from duban.domain.terms import Status
from duban.web.api.interface import description
from duban.web.api.pace import Pace
from models.session import make_engine
from programs import MINE, OTHERS, Program, office, programs, where

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CONFIG = SchemathesisConfig(
    projects=ProjectsConfig(default=ProjectConfig(generation=GenerationConfig(with_security_parameters=False)))
)
ROUTES = sorted(f"{method.upper()} {path}" for path, methods in description()["paths"].items() for method in methods)
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
#: Obligations that are there, and one that is not; with a file and a receipt.
KNOWN = [
    {"notice": notice, "unit": unit, "deliverable": name, "file": number, "receipt": f"R{number:06d}"}
    for number, (notice, unit, name) in enumerate(
        [
            (MINE.id, "aa", "report"),
            (MINE.id, "aa", "person"),
            (MINE.id, "aa", "early"),
            (MINE.id, "aa", "table"),
            (MINE.id, "county", "below"),
            (OTHERS.id, "zz", "report"),
            (MINE.id, "aa", "nothing"),
        ],
        start=1,
    )
]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def who(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Program]]:
    """Two notices, some files and submissions; the same for all that is sent."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else "sqlite://"
    engine: Engine = installed(make_engine(url))
    found = programs(office(engine, tmp_path_factory.mktemp("office")))
    found["clerk"].app.state.pace = Pace(most=10**9)
    for name in ("report", "person"):
        at = where("aa", name)
        assert found["clerk"].ask("POST", f"{at}/files?name=a.txt", content=b"a").status_code == 201
        assert found["clerk"].act(at, "submit").status_code == 200
    yield found
    engine.dispose()


@pytest.fixture(scope="module")
def schema(who: dict[str, Program]) -> BaseSchema:
    """The description as the program hands it out."""
    here = {"host": "127.0.0.1"}
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", who["clerk"].app, config=CONFIG, headers=here)


def cases(one: APIOperation[Any, Any, Any, Any], mode: GenerationMode) -> st.SearchStrategy[Case]:
    """What fits the description, mostly about things that are there; or what does not fit it."""
    names = [parameter.name for parameter in one.path_parameters]
    can_be_wrong = bool(one.query) or bool(one.body)
    if not names or (mode is GenerationMode.NEGATIVE and not can_be_wrong):
        return one.as_strategy(generation_mode=mode)
    there = st.sampled_from(KNOWN).map(lambda known: {name: known[name] for name in names})
    real = there.flatmap(lambda values: one.as_strategy(generation_mode=mode, path_parameters=values))
    return st.one_of(real, real, real, one.as_strategy(generation_mode=mode))


def hold(who: dict[str, Program], schema: BaseSchema, route: str, *, mode: GenerationMode, examples: int) -> None:
    """Send ``examples`` of what may come to a route."""
    method, _, path = route.partition(" ")
    one = schema[path][method]
    callers = st.sampled_from(["clerk", "coordinator", "reviewer", "administrator"])

    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(one, mode), caller=callers)
    def holds(case: Case, caller: str) -> None:
        # Hypothesis gives every example the same random numbers; no two mails have the same
        random.seed()
        token = {"authorization": f"Bearer {who[caller].token}"}
        case.call_and_validate(base_url="http://127.0.0.1:8000", headers=token, checks=CHECKS)

    try:
        holds()
    except Unsatisfiable:
        # nothing that is sent to this address can be wrong
        assert mode is GenerationMode.NEGATIVE


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_is_as_described(
    who: dict[str, Program], schema: BaseSchema, route: str, mode: GenerationMode
) -> None:
    hold(who, schema, route, mode=mode, examples=6)


@pytest.mark.soak
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_is_as_described_many_times(
    who: dict[str, Program], schema: BaseSchema, route: str, mode: GenerationMode
) -> None:
    hold(who, schema, route, mode=mode, examples=1500)


def test_the_record_is_still_sound(who: dict[str, Program]) -> None:
    rows = who["coordinator"].get(f"/notices/{MINE.id}/ledger").json()["rows"]
    assert len(rows) == 9
    assert {row["status"] for row in rows} <= set(map(str, Status))
