"""The turns of a conversation are found without going through those of all."""
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_turn_conversation", "turn", ["conversation_id", "id"], unique=False)
