"""Readings from an MQTT broker: topic ``anlan/<source code>/readings``, the payloads of ``columns``, QoS 1.

A message is acknowledged after the engine made it durable, so the broker sends again what a crash swallowed; batch
ids and the readings' own times drop what then comes twice. The session is kept by a stable client id. Payloads that
cannot be read are set aside and acknowledged: sent again they would be no better.

The broker must keep what waits for us: with mosquitto, ``persistence true`` and ``max_queued_messages 0``.
"""

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from anlan.connectors.columns import Known, Unreadable, read

TOPIC = "anlan/+/readings"
IN_FLIGHT = 1_000  # messages that may wait for our acknowledgement
SESSION_S = 7 * 86_400
MOST_PAYLOAD = 8 << 20


class Inbox(Protocol):
    """Where readings go."""

    def source(self, code: str) -> tuple[int, Mapping[str, int]] | None: ...

    def submit(
        self, source: int, identity: tuple[bytes, bool], parts: tuple[bytes, ...], done: Callable[[], None]
    ) -> None: ...

    def set_aside(self, origin: str, payload: bytes, why: str) -> None: ...


@dataclass(frozen=True)
class Broker:
    """Where the broker is and who we are there, from ``mqtt://user:password@host:port`` (``mqtts`` for TLS)."""

    host: str
    port: int
    username: str = ""
    password: str = ""
    tls: bool = False
    client_id: str = "anlan-engine"

    @classmethod
    def parse(cls, url: str) -> "Broker":
        parts = urlsplit(url)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise ValueError(f"ANLAN_MQTT_URL={url!r} 不是消息服务器地址，应写作 mqtt://用户:密码@主机:端口")
        tls = parts.scheme == "mqtts"
        port = parts.port or (8883 if tls else 1883)
        client_id = parts.path.strip("/") or cls.client_id
        return cls(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), tls, client_id)


class MqttReadings:
    """The broker's client. Connects again by itself, waiting 1 to 30 s in between."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.connected = False
        self.received = 0
        self.error = ""
        self._connection = 0  # counts connections: an acknowledgement belongs to the one its message came by
        self._lock = threading.Lock()
        self._inbox: Inbox | None = None
        self._stopping = False
        self._known: dict[str, Known] = {}
        self._client = self._make()

    def _make(self) -> paho.Client:
        broker = self.broker
        client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=broker.client_id, protocol=paho.MQTTv5, manual_ack=True
        )
        if broker.username:
            client.username_pw_set(broker.username, broker.password)
        if broker.tls:
            client.tls_set()
        client.reconnect_delay_set(1, 30)
        client.on_connect = self._connected
        client.on_connect_fail = self._failed
        client.on_disconnect = self._disconnected
        client.on_message = self._message
        return client

    def start(self, inbox: Inbox) -> None:
        """Connect in the background and bring what comes to the inbox."""
        self._inbox = inbox
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho's has no types
        properties.SessionExpiryInterval = SESSION_S
        properties.ReceiveMaximum = IN_FLIGHT
        properties.MaximumPacketSize = MOST_PAYLOAD + 1024
        self._client.connect_async(
            self.broker.host, self.broker.port, keepalive=30, clean_start=False, properties=properties
        )
        self._client.loop_start()

    def stop(self) -> None:
        self._stopping = True
        self._client.disconnect()
        self._client.loop_stop()

    def report(self) -> dict[str, object]:
        """How it stands, for the health page."""
        return {
            "name": "mqtt",
            "broker": f"{self.broker.host}:{self.broker.port}",
            "connected": self.connected,
            "received": self.received,
            "error": self.error,
        }

    def _connected(
        self, client: paho.Client, _: object, __: object, reason: ReasonCode, ___: Properties | None
    ) -> None:
        with self._lock:
            self._connection += 1
        if reason.is_failure:
            self.error = str(reason)
            return
        self.connected, self.error = True, ""
        client.subscribe(TOPIC, options=SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB))

    def _failed(self, *_: object) -> None:
        self.error = "消息服务器没有应答"

    def _disconnected(
        self, _: paho.Client, __: object, ___: object, reason: ReasonCode | None, ____: Properties | None
    ) -> None:
        with self._lock:
            self._connection += 1
        self.connected = False
        self.error = "" if self._stopping else f"连接中断：{reason}"

    def _message(self, client: paho.Client, _: object, message: paho.MQTTMessage) -> None:
        assert self._inbox is not None
        self.received += 1
        with self._lock:
            connection = self._connection
        done = self._acknowledgement(client, connection, message)
        payload = bytes(message.payload)
        code = message.topic.split("/")[1]
        source = self._inbox.source(code)
        try:
            if source is None:
                raise Unreadable(f"没有启用的数据源 {code!r}", "在系统中登记该数据源")
            columns = read(payload, source[0], self._known_tags(code, source[1]))
        except Unreadable as error:
            self._inbox.set_aside(f"mqtt {message.topic}", payload, f"{error}；{error.fix}")
            done()
            return
        self._inbox.submit(source[0], (columns.id, columns.named), columns.parts, done)

    def _known_tags(self, code: str, codes: Mapping[str, int]) -> Known:
        known = self._known.get(code)
        if known is None or known.codes is not codes:  # the engine has a new table
            known = self._known[code] = Known(codes)
        return known

    def _acknowledgement(self, client: paho.Client, connection: int, message: paho.MQTTMessage) -> Callable[[], None]:
        def acknowledge() -> None:
            with self._lock, contextlib.suppress(OSError):
                if connection == self._connection and message.qos:
                    client.ack(message.mid, message.qos)

        return acknowledge
