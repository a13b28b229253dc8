"""What a message stands in, and what came in and joined no conversation."""
import sqlalchemy as sa
from alembic import op

from bot.storage import tables

revision = "0005_leftalone"
down_revision = "0004_set_aside"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("context", sa.JSON(), nullable=True))
    op.create_table(
        "left_alone",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("channel", "account", "provider_key", "sender", "name", "subject", "text", "why", "url")
        ),
        sa.Column("at", tables.Moment(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "account", "provider_key"),
    )
