"""Sportello: a customer-care desk for online shops."""
