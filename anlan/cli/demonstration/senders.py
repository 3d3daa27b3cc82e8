"""How a frame gets to the product: HTTP with a key, or MQTT with QoS 1. Both say yes only when it is durable."""

import http.client
import threading
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

import orjson
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

PATIENCE_S = 10.0


class Sender(Protocol):
    """Gives a payload to the product; False = try again."""

    def send(self, payload: object) -> bool: ...

    def close(self) -> None: ...


class HttpSender:
    """``POST /intake`` on one connection that is kept."""

    def __init__(self, url: str, key: str) -> None:
        self._at = urlsplit(url)
        self._head = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._connection: http.client.HTTPConnection | None = None

    @property
    def connection(self) -> http.client.HTTPConnection | None:
        return self._connection

    def use(self, connection: http.client.HTTPConnection | None) -> None:
        """Go on with a connection that somebody else has opened."""
        self._connection = connection

    def send(self, payload: object) -> bool:
        try:
            connection = self._connected()
            connection.request("POST", "/intake", orjson.dumps(payload), self._head)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return False
        return answer.status == 200

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._at.hostname or "", self._at.port, timeout=PATIENCE_S)
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class MqttSender:
    """Publishes to ``anlan/<source>/readings`` with QoS 1."""

    def __init__(self, url: str, source: str) -> None:
        at = urlsplit(url)
        self._topic = f"anlan/{source}/readings"
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id=f"gateway-{source}")
        if at.username:
            self._client.username_pw_set(at.username, at.password)
        if at.scheme == "mqtts":
            self._client.tls_set()
        self._connected = threading.Event()
        self._client.on_connect = lambda *_: self._connected.set()
        self._client.connect_async(at.hostname or "", at.port or 1883)
        self._client.loop_start()

    def send(self, payload: object) -> bool:
        return self.publish(self._topic, payload)

    def publish(self, topic: str, payload: object) -> bool:
        if not self._connected.wait(PATIENCE_S):
            return False
        message = self._client.publish(topic, orjson.dumps(payload), qos=1)
        try:
            message.wait_for_publish(PATIENCE_S)
        except (RuntimeError, ValueError):
            return False
        return message.is_published()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class Carrier(Protocol):
    """Gives frames of many sources to the product; False = try again."""

    def carry(self, source: str, payload: object) -> bool: ...

    def close(self) -> None: ...


class HttpCarrier:
    """One kept connection for many gateways, each with its own key."""

    def __init__(self, url: str, keys: Mapping[str, str]) -> None:
        self._senders = {source: HttpSender(url, key) for source, key in keys.items()}
        self._shared: http.client.HTTPConnection | None = None

    def carry(self, source: str, payload: object) -> bool:
        sender = self._senders[source]
        sender.use(self._shared)
        done = sender.send(payload)
        self._shared = sender.connection
        return done

    def close(self) -> None:
        if self._shared is not None:
            self._shared.close()


class MqttCarrier:
    """One client that publishes for many gateways."""

    def __init__(self, url: str) -> None:
        self._sender = MqttSender(url, "county")

    def carry(self, source: str, payload: object) -> bool:
        return self._sender.publish(f"anlan/{source}/readings", payload)

    def close(self) -> None:
        self._sender.close()
