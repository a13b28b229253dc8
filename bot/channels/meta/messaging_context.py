"""What a message of Messenger or Instagram answers, and which product or advertisement it is about."""
from typing import Any

from bot.channels.meta.messaging_events import Attached, Message, Payload, Product, Referral, ReplyTo, find
from bot.channels.text import clean
from bot.model.conversation import Context

_LONGEST = 300
_MOST_PRODUCTS = 10


def context_of(message: Message) -> tuple[Context, ...]:
    """For operators: the message's own words do not tell it."""
    replied = find(message.reply_to, ReplyTo)
    found = [Context("quote", key=clean(replied.mid)[:512])] if replied is not None and clean(replied.mid) else []
    found += [Context("product", words) for words in _products(message)[:_MOST_PRODUCTS]]
    return (*found, *ad_of(message.referral))


def ad_of(value: Any) -> tuple[Context, ...]:
    """The advertisement of a referral."""
    referral = find(value, Referral)
    if referral is None or not (referral.source == "ADS" or referral.ads_context_data is not None):
        return ()
    told = referral.ads_context_data
    return (Context("ad", clean(told.ad_title if told is not None else "")[:_LONGEST]),)


def _products(message: Message) -> list[str]:
    """Asked about from the shop's page, or shared from its catalogue; each once."""
    referral = find(message.referral, Referral)
    products = [referral.product] if referral is not None and referral.product is not None else []
    for value in find(message.attachments, list[Any]) or []:
        attached = find(value, Attached)
        payload = find(attached.payload, Payload) if attached is not None else None
        if payload is not None and payload.product is not None:
            products += payload.product.elements or []
    if referral is not None and referral.ads_context_data is not None and referral.ads_context_data.product_id:
        products.append(Product(id=referral.ads_context_data.product_id))
    return list(dict.fromkeys(filter(None, map(_words, products))))


def _words(product: Product) -> str:
    told = (product.title, product.subtitle, product.retailer_id or product.id)
    return clean(" · ".join(filter(None, told)))[:_LONGEST]
