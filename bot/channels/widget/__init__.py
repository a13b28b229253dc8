"""The site widget: a chat on the shop's own pages."""
