"""What tests of notices share: a house that sends into lists, and events told by hand."""

from dataclasses import dataclass, field

from api.letters.notice_letters import news_letter
from pooling.desk.telling.notices import write_notices
from pooling.desk.telling.sending import Senders, send_notices
from pooling.store.people import membership
from pooling.store.work import notice
from pooling.telling.mail import MailFailed
from pooling.telling.webhooks import PostFailed


class Killed(BaseException):
    """The worker is killed: nothing after this is done."""


@dataclass
class Outside:
    """Hold what left the house; ``fails`` is raised instead of sending, ``killed`` after it."""

    mails: list = field(default_factory=list)
    posts: list = field(default_factory=list)
    fails: Exception | None = None
    killed: bool = False

    def send(self, mail):
        if isinstance(self.fails, MailFailed):
            raise self.fails
        self.mails.append(mail)
        if self.killed:
            raise Killed

    def post(self, url, headers, body):
        if isinstance(self.fails, PostFailed):
            raise self.fails
        self.posts.append((url, headers, body))
        if self.killed:
            raise Killed

    @property
    def readers(self):
        return sorted(mail.to.partition("@")[0] for mail in self.mails)

    def senders(self):
        return Senders(
            self,
            lambda reader, told: news_letter(reader, told, "https://carriole.example", "Europe/Paris"),
            self.post,
        )


def happen(town, topic, *parties, about=("trip", "trip_1"), by="", **facts):
    """Tell an event, as a change of the desk does."""
    town.house.desk.store.change(
        lambda tx: tx.tell(topic, *about, [town.parties[one] for one in parties], **facts),
        town.members.get(by, ""),
    )


def tell_all(town, outside):
    """Do both duties once."""
    write_notices(town.house.desk)
    return send_notices(town.house.desk, outside.senders())


def notices(town):
    with town.house.desk.store.view() as view:
        return view.connection.execute(notice.select().order_by(notice.c.outbox_id, notice.c.id)).all()


def change_member(town, name, **values):
    from pooling.store.people import member

    town.house.desk.store.change(
        lambda tx: tx.connection.execute(
            member.update().where(member.c.id == town.members[name]).values(**values)
        )
    )


def make_driver(town, name, party):
    """Let a member of the town drive for a party, and nothing else."""

    def work(tx):
        tx.connection.execute(membership.delete().where(membership.c.member_id == town.members[name]))
        tx.connection.execute(
            membership.insert().values(
                member_id=town.members[name],
                party_id=town.parties[party],
                duty="driver",
                created_at=tx.now_at,
            )
        )

    town.house.desk.store.change(work)
