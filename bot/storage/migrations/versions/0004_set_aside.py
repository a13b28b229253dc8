"""An entry whose handling fails each time is set aside with its error."""
import sqlalchemy as sa
from alembic import op

revision = "0004_set_aside"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("error", sa.Text))
    op.add_column("inbox", sa.Column("set_aside_at", sa.Float(53)))
    op.create_index(
        "ix_inbox_set_aside", "inbox", ["id"], unique=False, sqlite_where=sa.text("status = 'aside'"),
        postgresql_where=sa.text("status = 'aside'"),
    )
