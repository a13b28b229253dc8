"""Words for texts that domain.yml lacks: plain, in no tone, and enough to keep every promise of a turn."""

#: By text and language. What stands here is what the service cannot do without.
_WORDS: dict[str, dict[str, str]] = {
    "utter_back_at": {"it": "Torniamo {when}", "en": "We are back {when}"},
    "utter_closed": {"it": "La conversazione è chiusa.", "en": "The conversation is closed."},
    "utter_disclosure": {
        "it": "Risponde l'assistente automatico di {shop}.", "en": "This is the automatic assistant of {shop}.",
    },
    "utter_email_left": {
        "it": "Ho annotato {email}: un collega può scrivere lì.",
        "en": "I noted {email}: a colleague can write there.",
    },
    "utter_file_received": {
        "it": "Ho ricevuto il file. Di che cosa si tratta?", "en": "I got the file. What is it about?",
    },
    "utter_handoff_closed": {
        "it": "Ora non c'è nessuno: torniamo {opening}. La richiesta è in coda.",
        "en": "Nobody is here right now: we are back {opening}. The request is in the queue.",
    },
    "utter_handoff_first": {
        "it": "Passo la conversazione a un collega: è la prossima in coda.",
        "en": "I pass the conversation to a colleague: it is next in the queue.",
    },
    "utter_handoff_queued": {
        "it": "Passo la conversazione a un collega: è la numero {position} in coda.",
        "en": "I pass the conversation to a colleague: it is number {position} in the queue.",
    },
    "utter_hours_notice": {"it": "I colleghi tornano {opening}.", "en": "My colleagues are back {opening}."},
    "utter_open_now": {"it": "Siamo qui", "en": "We are here"},
    "utter_open_until": {"it": "Siamo qui fino {when}", "en": "We are here until {when}"},
    "utter_queue_ack": {
        "it": "Ho aggiunto il messaggio: la conversazione è la numero {position} in coda.",
        "en": "I added the message: the conversation is number {position} in the queue.",
    },
    "utter_returned_to_bot": {
        "it": "Da qui in poi risponde di nuovo l'assistente automatico.",
        "en": "From here on the automatic assistant answers again.",
    },
    "utter_sensitive": {"it": "Se ne occupa una persona.", "en": "A person will take care of it."},
    "utter_survey": {"it": "Com'è andata? Un voto da 1 a 5.", "en": "How did we do? A score from 1 to 5."},
    "utter_survey_comment": {"it": "Grazie! Perché questo voto?", "en": "Thank you! Why this score?"},
    "utter_survey_thanks": {"it": "Grazie, lo leggeremo.", "en": "Thank you, we will read it."},
    "utter_taken": {"it": "Ora risponde {operator}.", "en": "{operator} is answering now."},
    "utter_text_please": {
        "it": "Questo tipo di messaggio non lo so leggere: servono parole.",
        "en": "I cannot read this kind of message: please use words.",
    },
    "utter_title_none": {"it": "Nessuna di queste", "en": "None of these"},
    "utter_title_person": {"it": "Una persona", "en": "Talk to a person"},
    "utter_voice_received": {
        "it": "Ho ricevuto il messaggio vocale, ma non so ascoltare: servono parole, oppure lo ascolta una persona.",
        "en": "I got the voice message, but I cannot listen: please write, or a person will listen to it.",
    },
    "utter_while_you_wait": {"it": "Nell'attesa:", "en": "While you wait:"},
    "utter_window_trap": {
        "it": "Qui possiamo scrivere solo fino a {until}. Con un indirizzo e-mail la risposta arriva lì.",
        "en": "Here we can write only until {until}. With an e-mail address the answer comes there.",
    },
    "utter_withdraw_choice": {"it": "Non serve più", "en": "Never mind"},
    "utter_withdrawn": {
        "it": "Va bene, la richiesta di un collega è annullata.",
        "en": "All right, the request for a colleague is cancelled.",
    },
}
#: For any other text: true whatever was asked.
_ANY = {
    "it": "Qualcosa da noi non ha funzionato. Il messaggio è al sicuro e può leggerlo una persona.",
    "en": "Something on our side did not work. The message is safe and a person can read it.",
}
NEEDED = frozenset(_WORDS) | {"utter_tool_failure"}


def builtin(key: str, language: str) -> str:
    """The words that serve where domain.yml has none; ``language``: 'it' or 'en'."""
    return _WORDS.get(key, _ANY)[language]
