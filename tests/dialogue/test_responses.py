"""The texts of domain.yml: complete in every language and tone, and picked without chance."""
import re
from pathlib import Path

import pytest

from bot.dialogue.builtin_texts import NEEDED
from bot.dialogue.merge import base_responses
from bot.dialogue.responses import ResponseTexts, read_responses
from bot.model.errors import SettingError

ROOT = Path(__file__).parents[2]
RESPONSES = read_responses(ROOT / "domain.yml")
SHARED_NAMES = {"shop", "number_help"}
VALUES = {
    "utter_greet_named": {"name"},
    "utter_handoff_queued": {"position"},
    "utter_handoff_closed": {"opening"},
    "utter_hours_notice": {"opening"},
    "utter_window_trap": {"until"},
    "utter_queue_ack": {"position"},
    "utter_taken": {"operator"},
    "utter_open_until": {"when"},
    "utter_back_at": {"when"},
    "utter_email_left": {"email"},
    "utter_order_unknown": {"number"},
    "utter_order_others_no_match": {"numbers"},
    "utter_order_lines": {"lines"},
    "utter_order_carrier": {"carrier"},
    "utter_order_tracking": {"url", "code"},
    "utter_order_tracking_code": {"code"},
    "utter_order_eta": {"date"},
    "utter_order_eta_past": {"date"},
    "utter_order_delivered_on": {"date"},
    "utter_order_delivered_by": {"carrier"},
    "utter_order_delivered_tracking": {"url", "code"},
}
DESK = (
    "disclosure", "handoff_queued", "handoff_first", "handoff_closed", "hours_notice", "queue_ack", "withdrawn",
    "returned_to_bot", "taken", "closed", "tool_failure", "sensitive", "too_long", "while_you_wait", "email_left",
    "window_trap", "survey", "survey_comment", "survey_thanks", "voice_received", "file_received", "text_please",
    *(f"score_{score}" for score in range(1, 6)),
)
STATUSES = re.compile(r"utter_order_(received|paid|preparing|partially_shipped|shipped|out_for_delivery|delivered"
                      r"|ready_for_pickup|on_hold|cancelled|returned|refunded|failed)$")


@pytest.mark.parametrize("key", sorted(RESPONSES))
def test_each_text_exists_in_each_language_and_tone_with_known_placeholders(key: str, texts: ResponseTexts) -> None:
    allowed = SHARED_NAMES | VALUES.get(key, {"number"} if STATUSES.match(key) else set())
    for language in ("it", "en"):
        for tone in ("informal", "formal"):
            variation = texts.pick(key, {"language": language, "tone": tone}, channel="", seed=1)
            assert variation and variation["condition"], f"{key} in {language}, {tone}"
            assert set(re.findall(r"{(\w+)}", variation["text"])) <= allowed


def test_no_text_shouts_an_apology_or_uses_emoji() -> None:
    for key, variations in RESPONSES.items():
        for text in (one["text"] for one in variations):
            assert not ("!" in text and re.search(r"dispiace|scus|sorry", text)), key
            assert not re.search(r"[\U0001F000-\U0001FAFF\u2600-\u27BF]", text), key


def test_formal_texts_never_say_tu() -> None:
    tu = re.compile(r"\b(tuo|tua|tuoi|tue|ti|scrivimi|dimmi|puoi|vuoi|aiutarti)\b", re.IGNORECASE)
    for key, variations in RESPONSES.items():
        for one in variations:
            if {"name": "tone", "value": "formal", "type": "slot"} in [dict(met) for met in one["condition"]]:
                assert not tu.search(one["text"]), f"{key}: {one['text']}"


def test_the_desk_finds_all_it_says(texts: ResponseTexts) -> None:
    values = {"position": 3, "opening": "domani alle 9:00", "operator": "Giulia", "email": "a@example.com",
              "until": "domani alle 9:00"}
    for name in DESK:
        said = texts.say(f"utter_{name}", language="it", tone="formal", **values)
        assert said and "{" not in said
    assert texts.say("utter_disclosure", language="it", tone="informal") == (
        "Ti risponde l'assistente automatico di Passo."
    )


def test_a_third_language_reads_italian_and_english(texts: ResponseTexts) -> None:
    assert texts.say("utter_goodbye", language="other", tone="informal") == (
        "Ciao, a presto.\n\nGoodbye, and thank you for writing to us."
    )


def test_the_seed_picks_the_same_variant_again() -> None:
    texts = ResponseTexts({"utter_a": [{"text": str(number)} for number in range(5)]})
    assert len({texts.say("utter_a", language="it", tone="informal", seed=7) for _ in range(20)}) == 1
    assert len({texts.say("utter_a", language="it", tone="informal", seed=seed) for seed in range(50)}) == 5


def test_a_channels_own_variant_comes_before_a_condition_and_that_before_none() -> None:
    condition = [{"type": "slot", "name": "tone", "value": "formal"}]
    texts = ResponseTexts({"utter_a": [
        {"text": "plain"}, {"text": "formal", "condition": condition}, {"text": "telegram", "channel": "telegram"},
    ]})
    formal, informal = {"tone": "formal"}, {"tone": "informal"}
    assert texts.pick("utter_a", informal, channel="widget", seed=0) == {"text": "plain"}
    assert texts.pick("utter_a", formal, channel="widget", seed=0) == {"text": "formal", "condition": condition}
    assert texts.pick("utter_a", formal, channel="telegram", seed=0) == {"text": "telegram", "channel": "telegram"}


@pytest.mark.parametrize("key", [*sorted(NEEDED), "utter_nothing"])
@pytest.mark.parametrize("language", ["it", "en", "other"])
@pytest.mark.parametrize("lacks", ["no responses", "no words", "another language", "another tone"])
def test_a_missing_text_never_fails_and_is_told(key: str, language: str, lacks: str) -> None:
    other = {"name": "language", "value": "de"} if lacks == "another language" else {"name": "tone", "value": "rude"}
    variations = {"no responses": {}, "no words": {key: [{"text": "  "}]}}.get(
        lacks, {key: [{"text": "altro", "condition": [other]}]}
    )
    values = {"position": 2, "opening": "domani", "shop": "Passo", "operator": "Giulia", "email": "a@b.example",
              "until": "stasera", "when": "alle 9"}
    texts = ResponseTexts(variations)
    said = texts.say(key, language=language, tone="formal", **values)

    assert said.strip()
    assert "{" not in said
    assert "altro" not in said
    assert f"{key} ({'en' if language == 'en' else 'it'})" in texts.missing()


def test_a_text_that_lacks_one_language_keeps_the_other() -> None:
    texts = ResponseTexts({"utter_taken": [{"text": "hi", "condition": [{"name": "language", "value": "en"}]}]})

    assert texts.say("utter_taken", language="en", tone="formal", operator="Giulia") == "hi"
    assert texts.say("utter_taken", language="it", tone="formal", operator="Giulia") == "Ora risponde Giulia."
    assert "utter_taken (it)" in texts.missing()
    assert "utter_taken (en)" not in texts.missing()


def test_the_demo_shop_lacks_nothing_and_what_is_mended_is_told_no_more(texts: ResponseTexts) -> None:
    assert texts.missing() == []
    texts.say("utter_nothing", language="it", tone="informal")
    assert texts.missing() == ["utter_nothing (it)"]
    texts.swap(texts._responses)
    assert texts.missing() == []


@pytest.mark.parametrize(
    ("content", "told"),
    [("version: '3.1'\nresponses:\n  utter_a:\n  - text: [\n", "domain.yml"), ("responses: 5\n", "domain.yml")],
)
def test_a_broken_domain_file_is_named_with_what_is_wrong(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "domain.yml"
    file.write_text(content)
    with pytest.raises(SettingError, match=told):
        read_responses(file)


def test_where_the_shop_has_no_domain_file_the_framework_speaks(tmp_path: Path) -> None:
    assert read_responses(tmp_path / "domain.yml") == base_responses()


def test_saved_texts_are_spoken_from_then_on() -> None:
    texts = ResponseTexts({"utter_a": [{"text": "old"}]})
    texts.swap({"utter_a": [{"text": "new"}]})
    assert texts.say("utter_a", language="it", tone="formal") == "new"
