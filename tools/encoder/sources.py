"""The parallel text that may be used: a file that is not in this table is never read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One file of `en<TAB>it` lines; `weight` is how often a pair is seen per epoch."""

    name: str
    licence: str
    credit: str
    weight: float
    what: str

    @property
    def file(self) -> str:
        return f"{self.name}.tsv"


def _interface(name: str, licence: str, credit: str, what: str = "interface") -> Source:
    return Source(name, licence, credit, 1.0, what)


SOURCES: tuple[Source, ...] = (
    Source("tatoeba-tests", "CC BY 2.0 FR", "Tatoeba contributors (tatoeba.org)", 2.0, "everyday sentences"),
    Source(
        "tatoeba-pivot",
        "CC BY 2.0 FR",
        "Tatoeba contributors (tatoeba.org)",
        2.0,
        "everyday sentences, over a third language",
    ),
    Source(
        "business-central-docs", "CC BY 4.0", "Microsoft, Business Central documentation", 0.4, "business documentation"
    ),
    Source("adobe-commerce-kb", "MIT", "Adobe, Commerce knowledge base", 0.4, "shop support articles"),
    _interface("magento2-mageplaza", "MIT", "Mageplaza, Italian language pack for Magento 2", "shop interface"),
    _interface("bagisto", "MIT", "Webkul, Bagisto", "shop interface, returns"),
    _interface("sylius", "MIT", "Sylius", "shop interface"),
    _interface("commercelayer-app-elements", "MIT", "Commerce Layer", "orders, shipments, returns"),
    _interface("matrix-react-sdk", "Apache-2.0", "The Matrix.org Foundation, matrix-react-sdk", "chat interface"),
    _interface("tiledesk-dashboard", "MIT", "Tiledesk", "live-chat console"),
    _interface("dotnet-winforms", "MIT", ".NET Foundation and contributors, WinForms", "technical messages"),
    _interface("duckduckgo-android", "Apache-2.0", "DuckDuckGo, Android app"),
    _interface("duckduckgo-ios", "Apache-2.0", "DuckDuckGo, iOS app"),
    _interface("spree-i18n", "BSD-3-Clause", "Spree contributors, spree_i18n", "shop interface"),
    _interface("wikipedia-android", "Apache-2.0", "Wikimedia Foundation, Wikipedia Android app"),
    _interface("wagtail", "BSD-3-Clause", "Torchbox and contributors, Wagtail"),
    _interface("thunderbird-android", "Apache-2.0", "Thunderbird for Android contributors", "e-mail interface"),
    _interface("mattermost-mobile", "Apache-2.0", "Mattermost", "chat interface"),
    _interface("aosp-dialer", "Apache-2.0", "The Android Open Source Project, Dialer"),
    _interface("aosp-contacts", "Apache-2.0", "The Android Open Source Project, Contacts"),
    _interface("saleor-dashboard", "BSD-3-Clause", "Saleor Commerce", "shop interface"),
    _interface("adyen-web", "MIT", "Adyen, adyen-web", "checkout and payment"),
    _interface("solidus-i18n", "BSD-3-Clause", "Solidus contributors, solidus_i18n", "shop interface"),
)

OWN_PAIRS = Source("shop-pairs", "Apache-2.0", "Sportello", 3.0, "shoppers' sentences written for this encoder")
