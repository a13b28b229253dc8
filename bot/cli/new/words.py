"""What `sportello new` says and writes, in Italian and English."""
QUESTIONS = {
    "it": {
        "name": "Nome del negozio",
        "languages": "Lingue, la principale per prima (it, en)",
        "tone": "Come ti rivolgi ai clienti (tu, Lei)",
        "hours": "Orari dell'assistenza (vuoto: nessuno risponde di persona)",
        "email": "E-mail dell'assistenza",
        "phone": "Telefono (vuoto se non c'è)",
        "site": "Indirizzo del sito",
        "privacy_url": "Pagina della privacy",
        "shipping_price": "Prezzo della spedizione, per esempio 4,90 € (vuoto: da decidere)",
        "free_shipping_over": "Spedizione gratuita sopra, per esempio 60 € (vuoto: mai o da decidere)",
        "delivery_days": "Giorni per la consegna, per esempio 2–4 (vuoto: da decidere)",
        "return_days": "Giorni per il reso",
        "orders": "Un ordine d'esempio in orders.csv (yes, no)",
        "topics": "A quali domande rispondi: common, all, none, o gli id",
    },
    "en": {
        "name": "Name of the shop",
        "languages": "Languages, the main one first (it, en)",
        "tone": "How you address Italian shoppers (tu, Lei)",
        "hours": "Hours of customer care (empty: nobody answers in person)",
        "email": "E-mail of customer care",
        "phone": "Phone (empty if none)",
        "site": "Address of the site",
        "privacy_url": "Privacy page",
        "shipping_price": "Price of shipping, like €4.90 (empty: to be decided)",
        "free_shipping_over": "Free shipping over, like €60 (empty: never, or to be decided)",
        "delivery_days": "Days for delivery, like 2–4 (empty: to be decided)",
        "return_days": "Days for returns",
        "orders": "An example order in orders.csv (yes, no)",
        "topics": "Which questions you answer: common, all, none, or ids",
    },
}
HOURS = {"it": "lun-ven 9-13, 14:30-18", "en": "mon-fri 9-13, 14:30-18"}
TONE = {"it": "tu", "en": "tu"}
DAYS = {
    "it": ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
AND = {"it": " e ", "en": " and "}
MISSING = {
    "it": {
        "support_phone": "[Indica il telefono]", "site": "[Indica l'indirizzo del sito]",
        "shipping_price": "[Indica il prezzo]", "free_shipping_over": "[Indica la soglia]",
        "delivery_days": "[Indica i giorni]", "return_days": "[Indica i giorni]", "opening_hours": "[Indica gli orari]",
    },
    "en": {
        "support_phone": "[Say the phone number]", "site": "[Say the site's address]",
        "shipping_price": "[Say the price]", "free_shipping_over": "[Say the amount]",
        "delivery_days": "[Say the days]", "return_days": "[Say the days]", "opening_hours": "[Say the hours]",
    },
}
UNKNOWN = {"it": "[Completa]", "en": "[Complete this]"}
GROUPS = {
    "account": {"it": "Account e privacy", "en": "Account and privacy"},
    "orders": {"it": "Ordini", "en": "Orders"},
    "payments": {"it": "Pagamenti", "en": "Payments"},
    "products": {"it": "Prodotti", "en": "Products"},
    "returns": {"it": "Resi e garanzia", "en": "Returns and warranty"},
    "shipping": {"it": "Spedizioni", "en": "Shipping"},
    "shop": {"it": "Il negozio", "en": "The shop"},
}
NUMBER_HELP = {
    "it": "È nell'e-mail di conferma dell'ordine.",
    "en": "It is in the confirmation e-mail of your order.",
}
README = {
    "it": """# {name}: assistenza clienti con Sportello

- `shop.yml`: chi siete, orari, prezzi. Ogni chiave è spiegata in docs/settings.md di Sportello.
- `faq/`: le risposte. Ciò che manca sta tra [parentesi quadre]: si completa e si toglie la riga `draft: true`.
- `orders.csv`: gli ordini, da far scrivere al vostro negozio online.{order}
- `domain.yml`, `data/`: solo ciò che dite o capite diversamente da Sportello. `canned.yml`, `site/`: facoltativi.

Dalla cartella di Sportello: `make run PROJECT={path}` avvia, `./sportello doctor --project {path}` controlla.
Sul sito, prima di `</body>`: `<script src="https://assistenza.esempio.it/widget.js" async></script>`
""",
    "en": """# {name}: customer care with Sportello

- `shop.yml`: who you are, hours, prices. Every key is explained in docs/settings.md of Sportello.
- `faq/`: the answers. What is missing stands in [square brackets]: complete it and remove its line `draft: true`.
- `orders.csv`: the orders, for your shop system to write.{order}
- `domain.yml`, `data/`: only what you say or understand otherwise than Sportello. `canned.yml`, `site/`: optional.

From Sportello's folder: `make run PROJECT={path}` starts it, `./sportello doctor --project {path}` checks it.
On your site, before `</body>`: `<script src="https://care.shop.example/widget.js" async></script>`
""",
}
ORDER = {
    "it": " L'ordine d'esempio è il {number}, e-mail {email}.",
    "en": " The example order is {number}, e-mail {email}.",
}
DONE = {
    "it": "{folder}: {live} risposte pronte, {drafts} bozze da completare in faq/. Ora: make run PROJECT={folder}",
    "en": "{folder}: {live} answers ready, {drafts} drafts to complete in faq/. Now: make run PROJECT={folder}",
}
EXAMPLE = {"it": "Prova a chiedere: «{title}»", "en": "Try asking: “{title}”"}
