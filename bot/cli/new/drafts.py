"""FAQ files of a new shop, drafted from the library of topics."""
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.cli.new.answers import Answers, Week
from bot.cli.new.words import AND, DAYS, GROUPS, MISSING, UNKNOWN
from bot.model.topics import Topic
from bot.settings.shop import WEEKDAYS

#: What most shops are asked; those of them that the library holds are drafted where the owner does not choose.
COMMON = (
    "shipping-cost", "delivery-time", "shipping-abroad", "delivery-failed", "pickup-point", "change-address",
    "order-cancel", "order-modify", "order-confirmation-missing", "missing-item", "wrong-item", "damaged-item",
    "return-how", "return-window", "return-cost", "exchange-size", "refund-when", "withdrawal", "payment-methods",
    "payment-failed", "cash-on-delivery", "installments", "invoice", "restock", "product-care", "gift-card",
    "discount-code", "warranty", "account-password", "account-delete", "newsletter-unsubscribe", "opening-hours",
    "contacts", "physical-store",
)
#: With one of these filled in an answer says what the owner said; a whole sentence left open can wait.
_TOLD = frozenset({"shipping_price", "free_shipping_over", "delivery_days", "return_days", "opening_hours"})
_PLACEHOLDER = re.compile(r"(?<!\\)\{([a-z_]+)\}")
_OPEN = re.compile(r"\[[^\]]+\](?!\()")
_OPEN_SENTENCE = re.compile(r"(?:^|(?<=[.!?])[ \n]+)\[[^\]]+[.!?]\](?=\s|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DraftedFiles:
    """``files``: path in the shop's folder → text. ``example``: the title of an answer that is ready; '' = none."""

    files: dict[str, str]
    live: int
    drafts: int
    example: str


def placeholders(answers: Answers) -> dict[str, str]:
    """What shop.yml keeps for the answers: a value that changes is changed once. The desk fills in the name itself."""
    values = {
        "site": re.sub(r"^https?://|/$", "", answers.site),
        "support_email": answers.email,
        "support_phone": answers.phone,
        "shipping_price": answers.shipping_price,
        "free_shipping_over": answers.free_shipping_over,
        "delivery_days": answers.delivery_days,
        "return_days": answers.return_days,
    }
    return {name: value for name, value in values.items() if value}


def draft(answers: Answers, topics: Mapping[str, Topic]) -> DraftedFiles:
    files: dict[str, list[str]] = {}
    ready: dict[str, str] = {}
    known = {**placeholders(answers), "shop_name": answers.name}
    for name in answers.topics:
        topic = topics[name]
        for language in answers.languages:
            path = f"faq/{language}/{topic.group}.md"
            label = GROUPS.get(topic.group, {}).get(language, topic.group.capitalize())
            written = files.setdefault(path, [f"---\ntopic: {label}\n---\n"])
            hours = in_words(answers.hours, language)
            answer, is_open = complete(topic.texts[language].answer, known, hours, language)
            block = "\n```yaml\ndraft: true\n```\n" if is_open else ""
            written.append(f"\n## {topic.texts[language].title} {{#{name}}}\n{block}\n{answer}\n")
            if not is_open and language == answers.main_language:
                ready[name] = topic.texts[language].title
    texts = {path: "".join(parts) for path, parts in files.items()}
    example = next((ready[name] for name in COMMON if name in ready), next(iter(ready.values()), ""))
    return DraftedFiles(texts, len(ready), len(answers.topics) - len(ready), example)


def complete(answer: str, known: Mapping[str, str], hours: str, language: str) -> tuple[str, bool]:
    """The answer, and whether something in it is still to be decided."""
    told = {name for name in _PLACEHOLDER.findall(answer) if name in _TOLD and (name in known or hours)}
    if told:
        answer = _OPEN_SENTENCE.sub("", answer).strip()

    def fill(met: re.Match[str]) -> str:
        if met[1] == "opening_hours" and hours:
            return hours
        return met[0] if met[1] in known else MISSING[language].get(met[1], UNKNOWN[language])

    answer = _PLACEHOLDER.sub(fill, answer)
    return answer, bool(_OPEN.search(answer)) or not answer


def in_words(week: Week, language: str) -> str:
    """ "lunedì–venerdì 9:00–13:00 e 14:30–18:00, sabato 9:00–13:00"; '' for a week without slots."""
    runs: list[tuple[int, int, tuple[str, ...]]] = []
    for index, day in enumerate(WEEKDAYS):
        slots = week.get(day, ())
        if runs and slots and runs[-1][1] == index - 1 and runs[-1][2] == slots:
            runs[-1] = (runs[-1][0], index, slots)
        elif slots:
            runs.append((index, index, slots))
    names = DAYS[language]
    said = []
    for first, last, slots in runs:
        days = names[first] if first == last else f"{names[first]}–{names[last]}"
        times = AND[language].join(re.sub(r"\b0(?=\d:)", "", slot).replace("-", "–") for slot in slots)
        said.append(f"{days} {times}")
    return ", ".join(said)
