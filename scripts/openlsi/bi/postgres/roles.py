"""The group roles of a publish: who they are, that they exist, and that none holds more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openlsi.bi.errors import PublishError
from openlsi.bi.postgres.session import Session
from openlsi.bi.relations import Readers, literal, literals
from openlsi.config import Configuration
from openlsi.config.bi_access import FILE, BiAccess

# Whoever is one of these reads past every policy, or past what a policy can hold back.
_TOO_MUCH = (
    "pg_read_all_data", "pg_write_all_data", "pg_maintain", "pg_read_server_files",
    "pg_write_server_files", "pg_execute_server_program", "pg_monitor", "pg_read_all_stats",
)  # fmt: skip


@dataclass(frozen=True)
class Roles:
    """The owner of everything that is published, and its readers; `districts` by ONS code."""

    owner: str
    county: str
    districts: dict[str, str]

    @classmethod
    def of(cls, access: BiAccess, configuration: Configuration) -> Roles:
        """Return the roles of a county's configuration."""
        districts = {one.code: access.role_of(one.slug) for one in configuration.districts}
        return cls(access.owner, access.county, districts)

    @property
    def readers(self) -> list[str]:
        """Every role that reads."""
        return [self.county, *self.districts.values()]

    def that_read(self, readers: Readers) -> list[str]:
        """Return the roles that read tables for these readers."""
        return [self.county] if readers == "county" else list(self.districts.values())


def make_sure_of_roles(session: Session, roles: Roles) -> None:
    """Make the roles that are missing, and see that none holds more than it should.

    Raises PublishError with what the database's administrator has to run where the user of the
    address may not, and where a role logs in past the policies or is a member of another.
    """
    wanted = [roles.owner, *roles.readers]
    _make_missing(session, wanted)
    _refuse_attributes(session, roles)
    _refuse_memberships(session, roles)
    _may_act_as_owner(session, roles.owner)


def _make_missing(session: Session, wanted: Sequence[str]) -> None:
    known = {
        str(name)
        for (name,) in session.rows(
            f"select rolname::text from pg_roles where rolname in ({literals(wanted)})"
        )
    }
    missing = [role for role in wanted if role not in known]
    if not missing:
        return
    ((user, may_make),) = session.rows(
        "select rolname::text, rolsuper or rolcreaterole from pg_roles where rolname = current_user"
    )
    orders = [f"create role {role} nologin" for role in missing]
    if not may_make:
        raise PublishError(
            f"role {', '.join(missing)}: named by {FILE}, found no such role in the database, and"
            f" {user} may not make one; let its administrator run: {'; '.join(orders)}; nothing was"
            " changed there"
        )
    session.execute_all(orders)


def _refuse_attributes(session: Session, roles: Roles) -> None:
    rows = session.rows(
        "select rolname::text, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole from pg_roles"
        f" where rolname in ({literals([roles.owner, *roles.readers])}) order by 1"
    )
    for name, is_super, bypasses, can_log_in, creates in rows:
        held = [
            word
            for word, holds in (
                ("superuser", is_super), ("bypassrls", bypasses), ("createrole", creates),
                ("login", can_log_in),
            )
            if holds
        ]  # fmt: skip
        if held:
            wanted = " ".join(f"no{word}" for word in held)
            raise PublishError(
                f"role {name}: found {', '.join(held)}, expected a group role that can do none of"
                f" that; let the database's administrator run: alter role {name} {wanted}; nothing"
                " was changed there"
            )


def _refuse_memberships(session: Session, roles: Roles) -> None:
    others = [roles.owner, *roles.readers, *_TOO_MUCH]
    rows = session.rows(
        "select r.rolname::text, o.rolname::text from pg_roles as r cross join pg_roles as o"
        f" where r.rolname in ({literals(roles.readers)}) and o.rolname in ({literals(others)})"
        " and r.oid <> o.oid and pg_has_role(r.oid, o.oid, 'member') order by 1, 2"
    )
    for role, other in rows:
        raise PublishError(
            f"role {role}: found it a member of {other}, so that it would read more than its own;"
            f" let the database's administrator run: revoke {other} from {role}; nothing was"
            " changed there"
        )


def _may_act_as_owner(session: Session, owner: str) -> None:
    asked = f"select current_user::text, pg_has_role(current_user, {literal(owner)}, 'set')"
    ((user, may),) = session.rows(asked)
    if may:
        return
    ((may_grant,),) = session.rows(
        f"select pg_has_role(current_user, {literal(owner)}, 'member with admin option')"
    )
    if not may_grant:
        raise PublishError(
            f"role {owner}: {user} may not act as it; let the database's administrator run:"
            f" grant {owner} to {user}; nothing was changed there"
        )
    session.execute(f"grant {owner} to current_user")
