"""What the phone of a simulation shows of what a double got."""
from tests.providers.phone.whatsapp import WhatsAppPhone
from tests.providers.whatsapp import WhatsAppDouble


async def test_a_list_of_whatsapp_shows_what_opens_it_and_its_second_lines() -> None:
    person = WhatsAppDouble().person("Ada", "393331234567")
    rows = [{"id": "1.1", "title": "Come faccio…", "description": "Come faccio un reso?"}]
    rows += [{"id": "1.2", "title": "Altro"}]
    action = {"button": "Scegli", "sections": [{"rows": rows}]}
    person.shown.append({"visible": "Quale?", "interactive": {"action": action}})
    buttons = {"buttons": [{"reply": {"id": "2.1", "title": "Resi"}}]}
    person.shown.append({"visible": "Resi?", "interactive": {"action": buttons}})

    a_list, tapped = await WhatsAppPhone(person).theirs()

    assert (a_list.opener, a_list.options) == ("Scegli", ("Come faccio…", "Altro"))
    assert a_list.details == ("Come faccio un reso?", "")
    assert (tapped.opener, tapped.options, tapped.details) == ("", ("Resi",), ())
