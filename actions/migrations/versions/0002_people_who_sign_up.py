"""People: consents, registrations with their history, wishes to be reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _while_full(column: str) -> dict[str, sa.TextClause]:
    full = sa.text(f"CAST({column} AS VARCHAR) != '{{}}'")
    return {"sqlite_where": full, "postgresql_where": full}


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("consent_conversation", ["conversation_id"], unique=False)

    op.create_table(
        "registration",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column(
            "conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("given_name", sa.String(length=60), nullable=False),
        sa.Column("family_name", sa.String(length=60), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("age_on", sa.Date(), nullable=True),
        sa.Column("wilaya", sa.String(length=2), nullable=False),
        sa.Column("commune", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("phone_checked", sa.Boolean(), nullable=False),
        sa.Column("situation", sa.String(length=16), nullable=False),
        sa.Column("qualification", sa.String(length=16), nullable=False),
        sa.Column("qualification_trade", sa.String(length=80), nullable=False),
        sa.Column("trade", sa.String(length=24), nullable=False),
        sa.Column("trade_words", sa.String(length=120), nullable=False),
        sa.Column("stop", sa.String(length=2), nullable=False),
        sa.Column("interest", sa.Boolean(), nullable=False),
        sa.Column("twin_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["twin_of"], ["registration.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(
            "registration_conversation", ["conversation_id", "status"], unique=False
        )
        batch_op.create_index("registration_created", ["created_at"], unique=False)
        batch_op.create_index("registration_phone", ["phone", "birth_date"], unique=False)
        batch_op.create_index("registration_stop", ["stop", "status", "created_at"], unique=False)
        batch_op.create_index("registration_updated", ["status", "updated_at"], unique=False)
        batch_op.create_index("registration_consent", ["consent_id"], unique=False)
        batch_op.create_index("registration_twin", ["twin_of"], unique=False)
        batch_op.create_index(
            "registration_wilaya", ["wilaya", "status", "created_at"], unique=False
        )

    op.create_table(
        "change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "registration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("before", sa.String(length=120), nullable=False),
        sa.Column("after", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("change_registration", ["registration_id", "id"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "registration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("wilaya", sa.String(length=2), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("told_before", sa.Text(), nullable=False),
        sa.Column("reminder_for", sa.Date(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index("subscription_conversation", ["conversation_id"], unique=False)
        batch_op.create_index("subscription_open", ["ended_at", "id"], unique=False)
        batch_op.create_index("subscription_registration", ["registration_id"], unique=False)
        batch_op.create_index("subscription_consent", ["consent_id"], unique=False)

    op.create_table(
        "edition",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )

    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index("conversation_updated", ["updated_at"], unique=False)
        batch_op.create_index("conversation_full", ["updated_at"], **_while_full("state"))

    with op.batch_alter_table("destination", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("destination_erased", ["erased_at"], unique=False)

    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("inbox_full", ["received_at"], **_while_full("payload"))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("subject", sa.String(length=40), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("good_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("outbox_subject", ["subject", "status"], unique=False)
        batch_op.drop_index("outbox_queue")
        batch_op.drop_index("outbox_key")
        batch_op.create_index("outbox_queue", ["status", "reply", "due_at"], unique=False)
        batch_op.create_index("outbox_key", ["key", "status", "reply", "id"], unique=False)
        batch_op.create_index("outbox_full", ["created_at"], **_while_full("payload"))
