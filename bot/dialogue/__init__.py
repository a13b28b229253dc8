"""Rasa's Agent as a pure step: state and parse in; replies, requests and the next state out."""
