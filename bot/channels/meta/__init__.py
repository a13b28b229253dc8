"""What WhatsApp, Messenger and Instagram share: Meta's webhook and its Graph API. No channel of its own."""
