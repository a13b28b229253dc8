"""What /metrics shows."""
from prometheus_client import Counter, Gauge, Histogram

RECEIVED = Counter("sportello_received_total", "Inbox entries claimed", ["channel"])
REPEATED = Counter("sportello_repeated_total", "Deliveries that had been claimed before", ["channel"])
LEFT_ALONE = Counter("sportello_left_alone_total", "What joined no conversation: machines' mail, bounces", ["channel"])
TURNS = Counter("sportello_turns_total", "Finished turns", ["outcome"])
HANDOFFS = Counter("sportello_handoffs_total", "Handoffs requested", ["reason"])
TURN_SECONDS = Histogram(
    "sportello_turn_seconds", "From loading a turn to its commit",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
SENT = Counter("sportello_sent_total", "Outbox attempts settled", ["channel", "status"])
FALLBACKS = Counter("sportello_fallbacks_total", "Messages read by the lexical fallback because the pipeline failed")
TASK_FAILURES = Counter("sportello_task_failures_total", "Background tasks that ended by an error", ["task"])
TASK_FAILING = Gauge("sportello_task_failing", "1 while a background task is being started again", ["task"])
SET_ASIDE = Counter("sportello_set_aside_total", "Entries set aside because their handling failed each time", ["kind"])
