"""What Alembic runs around the migrations: they work on the connection that `bot.storage.schema` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
