"""/healthz, /readyz, /metrics: for those who watch the desk."""
from tests.web.conftest import Web


async def test_a_running_desk_is_alive(web: Web) -> None:
    assert (await web.http.get("/healthz")).json() == {"status": "ok"}


async def test_a_desk_without_problems_is_ready(web: Web) -> None:
    answer = await web.http.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "problems": {}})


async def test_a_desk_with_a_problem_is_alive_but_not_ready_and_says_why(web: Web) -> None:
    web.problems["store"] = "The store cannot take a write now."

    answer = await web.http.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "degraded", "problems": {"store": "The store cannot take a write now."}}
    assert (await web.http.get("/healthz")).status_code == 200


async def test_the_metrics_count_messages_repeats_turns_and_handoffs(web: Web) -> None:
    before = await counted(web)
    await web.says("ada", "spedizione", "m-1")
    await web.says("ada", "spedizione", "m-1")
    await web.says("ada", "persona")
    after = await counted(web)

    risen = {name: after[name] - before.get(name, 0) for name in after}
    assert risen['sportello_received_total{channel="rest"}'] == 2
    assert risen['sportello_repeated_total{channel="rest"}'] == 1
    assert risen['sportello_turns_total{outcome="answered"}'] == 1
    assert risen['sportello_handoffs_total{reason="customer_request"}'] == 1
    assert risen["sportello_turn_seconds_count"] == 2


async def counted(web: Web) -> dict[str, float]:
    answer = await web.http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = (line.rsplit(" ", 1) for line in answer.text.splitlines() if line.startswith("sportello_"))
    return {name: float(value) for name, value in lines}
