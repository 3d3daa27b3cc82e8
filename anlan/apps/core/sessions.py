"""Sessions in the database, each knowing whose it is. Named by the setting SESSION_ENGINE."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Base

from anlan.apps.core.models import Session


class SessionStore(Base):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        person_id = data.get("_auth_user_id")
        session.person_id = int(person_id) if person_id else None
        session.address, session.browser = data.get("address", ""), data.get("browser", "")
        if since := data.get("since"):
            session.since = datetime.fromisoformat(since)
        return session
