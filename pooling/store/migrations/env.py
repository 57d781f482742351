"""How Alembic reaches the database: by the connection that ``migrate`` holds."""

from alembic import context

from pooling.store.schema import metadata


def run() -> None:
    """Run the migrations that are asked for on the connection that Alembic was given."""
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
    )
    with context.begin_transaction():
        context.run_migrations()


if hasattr(context, "config"):
    run()
