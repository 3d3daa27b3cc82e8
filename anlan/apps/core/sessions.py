"""Sessions in the database, each knowing whose it is. Named by the setting SESSION_ENGINE."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Base
from django.db.models import QuerySet
from django.utils import timezone

from anlan.apps.core.models import Session
from anlan.kit.prepared import prepared


@prepared
def _standing(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(Base):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        """As Django does, by SQL that is built once."""
        found = _standing(self.session_key, timezone.now()) if self.session_key else []
        if not found:
            self._session_key = None
        return found[0] if found else None

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        person_id = data.get("_auth_user_id")
        session.person_id = int(person_id) if person_id else None
        session.address, session.browser = data.get("address", ""), data.get("browser", "")
        if since := data.get("since"):
            session.since = datetime.fromisoformat(since)
        return session
