"""``GET /live``: one stream of server-sent events for each browser, without Django's request machinery.

``hub`` follows the outbox and the last values once for the whole process, ``client`` decides what one browser may see
and holds what it has not taken yet, ``stream`` speaks HTTP.

Events with an id (an outbox row): ``level``, ``alarm``, ``fact``, ``notice``. Without: ``hello`` {server_time,
last_id, reset}, ``values`` {t, v, ts, q}, with ``moves=1`` ``moves`` {p, x, y, ts},
``health`` {engine_at, worker_at, stale}, ``bye`` {reason}. After ``reset``
the browser was away for too long to catch up and loads its page anew; after ``bye`` it comes back or signs in again.
"""

from anlan.web.live.stream import Live

__all__ = ["Live"]
