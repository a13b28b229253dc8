"""Which column of an order file is which: our own names, Italian ones, and those of well-known shop systems."""
import difflib
import re
import unicodedata

from bot.model.errors import SettingError
from bot.orders.states import shopify_status

COLUMNS = (
    "number", "email", "phone", "postcode", "customer_name", "status", "placed_at", "lines", "total", "currency",
    "carrier", "tracking_code", "eta", "delivered_on",
)  # fmt: skip
REQUIRED = ("number", "email", "status")
#: Column → other names, the best first. One row an article has the article's columns.
_NAMES: dict[str, tuple[str, ...]] = {
    "number": (
        "order_number", "reference", "order_reference", "numero_ordine", "n_ordine", "nr_ordine", "num_ordine",
        "riferimento", "riferimento_ordine", "numero", "order_no", "order", "ordine", "name", "order_name", "order_id",
        "id_order", "id_ordine",
    ),
    "email": (
        "email_billing", "billing_email", "customer_email", "email_address", "e_mail", "mail", "email_cliente",
        "indirizzo_email", "indirizzo_e_mail", "billing_email_address", "contact_email", "posta_elettronica",
    ),
    "phone": ("phone_billing", "billing_phone", "shipping_phone", "telefono", "cellulare", "phone_number"),
    "postcode": (
        "zip", "shipping_zip", "shipping_postcode", "postcode_shipping", "billing_zip", "billing_postcode",
        "postcode_billing", "cap", "postal_code", "zip_code",
    ),
    "customer_name": ("shipping_name", "billing_name", "customer", "cliente", "nome_cliente", "nome", "full_name"),
    "status": ("order_status", "order_state", "stato", "stato_ordine", "state", "post_status", "stato_dell_ordine"),
    "placed_at": (
        "order_date", "created_at", "date", "date_add", "data", "data_ordine", "date_created", "paid_at",
        "data_acquisto",
    ),
    "total": (
        "order_total", "order_total_amount", "total_paid", "total_paid_tax_incl", "totale", "totale_ordine", "importo",
        "grand_total",
    ),
    "currency": ("order_currency", "valuta", "currency_code", "iso_currency"),
    "carrier": ("corriere", "vettore", "carrier_name", "shipping_carrier", "tracking_company", "shipping_provider"),
    "tracking_code": (
        "tracking_number", "shipping_number", "tracking", "codice_tracking", "codice_spedizione", "lettera_di_vettura",
        "numero_tracking", "numero_spedizione",
    ),
    "eta": ("expected_delivery", "delivery_date_expected", "consegna_prevista", "data_consegna_prevista"),
    "delivered_on": ("delivered_at", "data_consegna", "consegnato_il"),
    "lines": ("items", "articoli", "prodotti", "righe"),
    "item": ("lineitem_name", "item_name", "product_name", "nome_articolo", "nome_prodotto", "articolo", "prodotto"),
    "quantity": ("lineitem_quantity", "item_quantity", "product_quantity", "quantita", "qty", "qta", "quantity"),
    "first_name": ("first_name_billing", "billing_first_name", "first_name", "firstname"),
    "last_name": ("last_name_billing", "billing_last_name", "last_name", "lastname", "cognome"),
}  # fmt: skip
_SHOPIFY = ("financial_status", "fulfillment_status")


class Header:
    """The first line of an order file.

    Raises:
        SettingError: a needed column is missing, stands twice, or is misspelt.
    """

    def __init__(self, cells: list[str], name: str) -> None:
        self.cells = [_plain(cell) for cell in cells]
        self._is_shopify = all(column in self.cells for column in _SHOPIFY)
        self._places = {column: place for column in (*_NAMES,) if (place := self._place(column)) is not None}
        if self._is_shopify and "status" not in self._places:
            self._places["status"] = self.cells.index(_SHOPIFY[0])
        self._check(name)
        self.needed = 1 + max(self._places[column] for column in REQUIRED)

    def row(self, cells: list[str]) -> dict[str, str]:
        """Values by column; '' where the file has none."""
        row = {column: cells[place] if place < len(cells) else "" for column, place in self._places.items()}
        row = dict.fromkeys((*COLUMNS, *_NAMES), "") | row
        if self._is_shopify:
            values = dict(zip(self.cells, cells, strict=False))
            row["status"] = shopify_status(*(values.get(name, "") for name in ("cancelled_at", *_SHOPIFY)))
        row["customer_name"] = row["customer_name"] or f"{row['first_name']} {row['last_name']}".strip()
        return row

    def _place(self, column: str) -> int | None:
        own = (column,) if column in COLUMNS else ()
        names = [name for name in (*own, *_NAMES[column]) if name in self.cells]
        return self.cells.index(names[0]) if names else None

    def _check(self, name: str) -> None:
        taken = {self.cells[place] for place in self._places.values()} | {*COLUMNS}
        for column in COLUMNS:
            if self.cells.count(column) > 1:
                raise SettingError(f"the column '{column}' stands twice. Keep one of the two.", file=name, line=1)
            if column in self._places:
                continue
            # Columns of the shop's own are welcome; a misspelt one of ours would lose its values in silence.
            free = [cell for cell in self.cells if cell not in taken]
            near = difflib.get_close_matches(column, free, n=1, cutoff=0.85)
            if near and not self._is_shopify:
                raise SettingError(f"unknown column '{near[0]}'. Write '{column}'.", file=name, line=1)
            if column in REQUIRED:
                raise SettingError(
                    f"the column '{column}' is missing. Needed: {', '.join(REQUIRED)}; known: {', '.join(COLUMNS)}, "
                    "and the exports of Shopify, WooCommerce and PrestaShop (with the customer's e-mail).",
                    file=name,
                    line=1,
                )


def _plain(cell: str) -> str:
    """ "Email (Billing)" → "email_billing"."""
    bare = unicodedata.normalize("NFKD", cell).encode("ascii", "ignore").decode().casefold()
    return "_".join(re.findall(r"[a-z0-9]+", bare))
