"""When people are there: opening slots, holidays and closures as pure functions of a moment."""
from bot.hours.calendar import Calendar, read_calendar

__all__ = ["Calendar", "read_calendar"]
