"""The pages and the code say the same."""
import re
from pathlib import Path

import pytest
import typer
from prometheus_client import Counter, Histogram

from bot.cli.main import app
from bot.model.ownership import TRANSITIONS, Reason
from bot.service.numbers import metrics
from bot.settings import VARIABLES

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
ALL = "\n".join(TEXTS.values())
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
#: What the demo shop answers, in both languages.
FAQ_IDS = re.findall(r"[\w-]+", """
shipping-cost delivery-time shipping-abroad delivery-failed pickup-point change-address order-cancel order-modify
order-confirmation-missing missing-item wrong-item damaged-item return-how return-window return-cost exchange-size
refund-when payment-methods payment-failed cash-on-delivery installments invoice size-guide restock product-care
gift-card discount-code warranty account-password account-delete newsletter-unsubscribe opening-hours contacts
physical-store
""")


def code_of(text: str) -> str:
    """Blocks and spans of code, one a line."""
    blocks = re.findall(r"(?m)^ {4}.*$", text)
    return "\n".join(blocks + re.findall(r"`([^`]+)`", text))


def commands() -> set[str]:
    root = typer.main.get_command(app)
    found = set()
    for name, command in getattr(root, "commands", {}).items():
        inner = getattr(command, "commands", None)
        found |= {f"{name} {one}" for one in inner} if inner else {name}
    return found


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"(?m)^([a-z-]+):(?!=)", makefile))


def test_every_variable_is_in_the_pages() -> None:
    assert [one.name for one in VARIABLES if f"`{one.name}`" not in ALL] == []


def test_the_pages_name_no_variable_that_does_not_exist() -> None:
    known = {one.name for one in VARIABLES}
    assert set(re.findall(r"SPORTELLO_[A-Z_]+[A-Z]", ALL)) - known == set()


def test_every_command_is_in_the_readme() -> None:
    assert [one for one in commands() if f"`{one}`" not in TEXTS["README.md"]] == []


def test_the_pages_name_no_command_that_does_not_exist() -> None:
    named = re.findall(r"(?<![/=\w.])(?:\./|\S*/bin/)?sportello ([a-z]+)(?: ([a-z]+))?", code_of(ALL))
    known = {tuple(one.split()) for one in commands()}
    unknown = {pair for pair in named if pair not in known and (pair[0],) not in known}
    assert unknown == set()


def test_every_target_of_make_that_is_named_exists() -> None:
    named = set(re.findall(r"\bmake ([a-z-]+)", code_of(ALL)))
    assert named - make_targets() == set()


def test_every_target_of_make_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    explained = set(re.findall(r"(?m)^([a-z-]+):[^=\n]*## ", makefile))
    assert make_targets() - explained - {"setup-dev"} == set()


@pytest.mark.parametrize("page", TEXTS)
def test_links_lead_somewhere(page: str) -> None:
    broken = []
    for target in LINK.findall(TEXTS[page]):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (ROOT / page).parent / path if path else ROOT / page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            broken.append(target)
    assert broken == []


def anchors(text: str) -> set[str]:
    headings = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_files_that_the_pages_name_exist() -> None:
    named = set(re.findall(r"\b(?:bot|actions|tests|tools|benchmarks|docs)/[\w./-]+\.(?:py|md|yml|tsv|js|css)\b", ALL))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_the_tests_that_keep_the_promises_exist() -> None:
    pairs = re.findall(r"`(tests/[\w/]+\.py)`: `(test_\w+)`", TEXTS["docs/architecture.md"])
    assert len(pairs) > 10
    assert [pair for pair in pairs if f"def {pair[1]}(" not in (ROOT / pair[0]).read_text(encoding="utf-8")] == []


def test_the_table_of_owners_is_the_one_of_the_code() -> None:
    page = TEXTS["docs/architecture.md"]
    section = page.split("## Owner\n")[1].split("\n## ")[0]
    written = set(re.findall(r"(?m)^\| (\w+) \| (\w+) \| (\w+) \|$", section)) - {("from", "step", "to")}
    assert written == {(before.value, step.value, after.value) for (before, step), after in TRANSITIONS.items()}
    assert re.findall(r"`(\w+)`", section.split("of this list counts")[1]) == [reason.value for reason in Reason]


def test_every_metric_is_explained() -> None:
    kinds = (Counter, Histogram)
    families = [one for metric in vars(metrics).values() if isinstance(metric, kinds) for one in metric.collect()]
    names = [one.name + ("_total" if one.type == "counter" else "") for one in families]
    assert names
    assert [name for name in names if f"`{name}`" not in TEXTS["docs/metrics.md"]] == []


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_demo_shop_answers_every_listed_question(language: str) -> None:
    files = sorted((ROOT / "faq" / language).glob("*.md"))
    ids = re.findall(r"(?m)^## .*\{#([\w-]+)", "\n".join(file.read_text(encoding="utf-8") for file in files))
    assert sorted(ids) == sorted(FAQ_IDS)


def test_the_pages_name_no_machine() -> None:
    assert re.findall(r"(?:/home/\w+|/root/|/work/|/tmp/)\S*", ALL) == []
