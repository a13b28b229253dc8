"""Words for where an order stands, as shops and their systems write them. What is not here is told as unknown."""
import re
import unicodedata

from bot.model.orders import OrderStatus

_WORDS: dict[OrderStatus, str] = {
    OrderStatus.RECEIVED: """
        received; new; open; pending; pending payment; awaiting payment; waiting for payment; unpaid; placed;
        authorized; created; to be paid; awaiting bank wire payment; awaiting check payment; awaiting cheque payment;
        awaiting cash on delivery validation; awaiting paypal payment; payment pending; partially paid; checkout
        draft; ricevuto; ricevuta; nuovo; nuovo ordine; aperto; in attesa; in attesa di pagamento; attesa pagamento;
        da pagare; non pagato; in attesa di bonifico; in attesa del pagamento con bonifico; inserito; registrato; in
        attesa di pagamento con bonifico bancario; in attesa di pagamento con bonifico; in sospeso pagamento; in
        attesa di pagamento con assegno; in attesa di verifica contrassegno; pagamento in sospeso; confermato; in
        attesa di convalida contrassegno; autorizzato; confirmed; accettato; accepted""",
    OrderStatus.PAID: """
        paid; payment accepted; payment received; remote payment accepted; payment complete; pagato; pagata; saldato;
        pagamento accettato; pagamento ricevuto; pagamento confermato; pagamento remoto accettato""",
    OrderStatus.PREPARING: """
        preparing; processing; processing in progress; preparation in progress; in preparation; in process; in
        progress; being prepared; unfulfilled; unshipped; scheduled; packed; packing; picking; awaiting shipment;
        awaiting fulfillment; to ship; ready to ship; backordered; on backorder; on backorder paid; in production;
        preparazione; in preparazione; preparazione in corso; in corso di preparazione; in lavorazione; in
        elaborazione; elaborazione; lavorazione; da evadere; da spedire; in attesa di spedizione; pronto per la
        spedizione; imballato; in produzione; in magazzino; inevaso; in attesa di rifornimento pagato; in attesa di
        rifornimento; fuori stock pagato; in allestimento; preparato; in gestione""",
    OrderStatus.PARTIALLY_SHIPPED: """
        partially shipped; partially fulfilled; partial; partly shipped; partial shipment; spedito in parte;
        parzialmente spedito; parzialmente evaso; spedizione parziale; evaso parzialmente; evaso in parte""",
    OrderStatus.SHIPPED: """
        shipped; fulfilled; completed; complete; sent; dispatched; in transit; on its way; handed to carrier; spedito;
        spedita; spediti; inviato; evaso; completato; completata; in transito; in viaggio; partito; consegnato al
        corriere; affidato al corriere; spedizione in corso; in spedizione; concluso""",
    OrderStatus.OUT_FOR_DELIVERY: """
        out for delivery; with the driver; in consegna; in consegna oggi; consegna in corso""",
    OrderStatus.DELIVERED: """
        delivered; consegnato; consegnata; consegnati; recapitato; consegna effettuata""",
    OrderStatus.READY_FOR_PICKUP: """
        ready for pickup; ready for pick up; ready for collection; ready to collect; available for pickup; pronto per
        il ritiro; pronto al ritiro; da ritirare; ritirabile; disponibile per il ritiro; pronto in negozio; in attesa
        di ritiro""",
    OrderStatus.ON_HOLD: """
        on hold; hold; payment error; payment failed; blocked; under review; pending review; expired; errore di
        pagamento; errore pagamento; pagamento fallito; pagamento rifiutato; bloccato; sospeso; in sospeso; in
        verifica; in revisione; fermo""",
    OrderStatus.CANCELLED: """
        cancelled; canceled; voided; void; annulled; annullato; annullata; cancellato; cancellata; stornato; trash;
        storno""",
    OrderStatus.RETURNED: """
        returned; return received; reso; resa; restituito; reso ricevuto; rientrato; rientrato al mittente""",
    OrderStatus.REFUNDED: """
        refunded; refund; rimborsato; rimborsata; rimborso; rimborso effettuato; fully refunded""",
    OrderStatus.FAILED: """
        failed; delivery failed; delivery attempted; attempted delivery; failure; undeliverable; mancata consegna;
        consegna fallita; consegna non riuscita; non consegnato; in giacenza; giacenza""",
}  # fmt: skip
#: WooCommerce means the payment where it says these.
_WOOCOMMERCE = {"on hold": OrderStatus.RECEIVED, "failed": OrderStatus.ON_HOLD}


def plain(word: str) -> str:
    """ "wc-On_Hold " → "on hold": small letters, no accents, single spaces, without punctuation."""
    bare = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.findall(r"[a-z0-9]+", bare))


_KNOWN = {plain(word): status for status, words in _WORDS.items() for word in words.split(";")}


def known_status(word: str) -> OrderStatus | None:
    """What a state's word means; None where nobody can tell."""
    bare = plain(word)
    if bare.startswith("wc "):
        bare = bare.removeprefix("wc ")
        if bare in _WOOCOMMERCE:
            return _WOOCOMMERCE[bare]
    return _KNOWN.get(bare)


def shopify_status(cancelled_at: str, financial: str, fulfilment: str) -> str:
    """One word for the three columns in which Shopify says how an order stands."""
    if cancelled_at:
        return "cancelled"
    money, goods = plain(financial), plain(fulfilment)
    if money in ("refunded", "voided"):
        return money
    if goods in ("fulfilled", "partial", "partially fulfilled") or (goods and known_status(goods) is None):
        return goods
    if money == "partially refunded":
        return goods or "paid"
    return money if money and goods in ("", "unfulfilled") else goods or money
