"""Alembic's entry: the connection is handed in by bot.storage.migrate."""
from alembic import context

from bot.storage.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, transactional_ddl=True)
with context.begin_transaction():
    if connection.dialect.name == "sqlite":
        # The engine leaves BEGIN to us; one process at a time changes the shape, the others wait here.
        connection.exec_driver_sql("PRAGMA busy_timeout=10000")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    context.run_migrations()
