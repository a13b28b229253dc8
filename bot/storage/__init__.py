"""Tables, migrations and repositories: the only room that knows SQLAlchemy."""
