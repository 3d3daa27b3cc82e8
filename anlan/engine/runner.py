"""The engine's process: take what is waiting, log it, step, answer; every second a tick.

One thread does all that touches the log and the state. Others carry effects away (``delivery``), ask for the tag
table, or bring readings in (connectors). What is waiting when the last write has become durable goes in with the
next: under load many batches share one fdatasync, without load nobody waits.
"""

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from anlan.engine import admit, link, snapshot
from anlan.engine.clock import TOLERANCE_MS, ArrivalClock
from anlan.engine.config import EngineConfig
from anlan.engine.crash import point
from anlan.engine.delivery import Delivery, Events, History, Readings, Sink
from anlan.engine.inbox import Connector, Delivered, Inbox
from anlan.engine.log import Log, LogError, read, segments, set_damage_aside
from anlan.engine.quarantine import Quarantine
from anlan.engine.reasons import CONFLICT, TAKEN
from anlan.engine.records import Configure, Record, Shift, Tick, decode, encode
from anlan.engine.records import Readings as ReadingsRecord
from anlan.engine.report import Counters, write_report
from anlan.engine.server import Request, Server
from anlan.engine.step import Effect, State, step
from anlan.engine.tables import Tables, TagTable
from anlan.engine.values import ValueWriter

logger = logging.getLogger(__name__)

STOP_WITHIN_S = 10.0


class EngineError(Exception):
    """The engine cannot start; the text says why and what to do."""


class Engine:
    """Everything of one shard. ``run`` returns after ``stop`` or a signal."""

    def __init__(
        self,
        config: EngineConfig,
        sink: Sink,
        history: History | None,
        tables: Tables,
        connectors: Sequence[Connector] = (),
        clock: ArrivalClock | None = None,
    ) -> None:
        self.config, self.tables, self.connectors = config, tables, connectors
        config.data.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(config)
        self.clock = clock or ArrivalClock()
        self.counters = Counters()
        self.notes: list[str] = []
        self.quarantine = Quarantine(config.quarantine)
        self.events = Events(sink, config.shard)
        self.history = Readings(history, config.shard) if history is not None else None
        self.deliveries: list[Delivery] = [self.events, *([self.history] if self.history else [])]
        self.values = ValueWriter(config.values)
        self.state = State()
        self.snapshots = Snapshots(self)
        self._stopping = threading.Event()
        self._new_table: TagTable | None = None
        self._loaded = -1  # the snapshot's offset
        self._jump = 0  # of the clock, not yet in the log
        self._held_up = ""  # why readings are refused
        self._tables_asked = False  # or could not be asked: then the last one known holds
        self.tables_error = ""

    # start

    def open(self) -> None:
        """Load the snapshot, replay the log's tail, begin to listen."""
        config = self.config
        if config.set_damage_aside:
            for text in set_damage_aside(config.log, config.quarantine):
                self.note(text)
        files = segments(config.log)
        self.state, broken = snapshot.load(config.snapshots, files[0].first if files else None)
        self._loaded = self.state.offset
        for path in broken:
            self.note(f"快照 {path.name} 已损坏，改用更早的")
        self.log = Log(config.log, segment_bytes=config.segment_bytes)
        if self.log.torn_bytes:
            self.note(f"丢弃了未写完的 {self.log.torn_bytes} 字节（未曾确认）")
        for delivery in self.deliveries:
            delivery.start()
        self._replay()
        self._follow_others()
        self.server = Server(config.socket)
        self.inbox = Inbox(self.quarantine, self.server.wake)
        self.inbox.table = self.state.table
        self._go_on()

    def note(self, text: str) -> None:
        """Tell whoever keeps the system: in the report and in the log."""
        self.notes.append(text)
        logger.warning("%s", text)

    def _replay(self) -> None:
        start = self.state.offset + 1
        self.values.grow(len(self.state.table.owner))
        for frame in read(self.config.log, start):
            if frame.offset > start:
                self.note(f"记录 {start} 至 {frame.offset - 1} 既不在快照中，也不在日志中")
            self._take(frame.offset, decode(frame.kind, frame.body))
            start = frame.offset + 1
            while any(delivery.full for delivery in self.deliveries) and not self._stopping.is_set():
                time.sleep(0.01)

    def _follow_others(self) -> None:
        """Go on above the highest offset that anybody holds: below it, the database would skip new events."""
        held = [self.state.offset]
        for delivery in self.deliveries:
            patience = None if self.log.next == 0 else 2.0
            while not delivery.known.wait(timeout=0.2 if patience is None else patience):
                write_report(self, "waiting for " + delivery.name)
                if patience is not None or self._stopping.is_set():
                    break
            held.append(delivery.progress.upto)
            if delivery.known.is_set() and delivery.progress.upto < self._loaded:
                self.note(
                    f"{delivery.name} 止于记录 {delivery.progress.upto}，快照已到 {self._loaded}："
                    "其间的记录不能再送达（曾用旧备份覆盖）"
                )
        if max(held) >= self.log.next:
            self.note(f"日志止于记录 {self.log.next - 1}，但记录 {max(held)} 已送达：日志曾丢失或被旧备份覆盖")
            self.log.skip_to(max(held) + 1)

    def _go_on(self) -> None:
        """The pause since the last record was ours, not the sensors': their silence counts from now."""
        now, _ = self.clock.now()
        pause = now - self.state.arrival_ms
        if self.state.arrival_ms and abs(pause) > TOLERANCE_MS:
            self._commit([Shift(now, pause)])

    # run

    def run(self) -> None:
        """Work until told to stop."""
        threading.Thread(target=self._watch_tables, name="tables", daemon=True).start()
        started: list[Connector] = []
        next_tick = next_report = 0.0
        while not self._stopping.is_set():
            now = time.monotonic()
            ready = len(self.inbox) and not self._held_up
            requests = self.server.poll(0 if ready else max(0.0, min(next_tick - now, 0.1 if self._held_up else 60)))
            self.turn(requests)
            if time.monotonic() >= next_tick:
                next_tick = max(next_tick + self.config.tick_s, time.monotonic())
                self._tick()
                self.snapshots.turn()
            if time.monotonic() >= next_report:
                next_report = time.monotonic() + 1.0
                write_report(self, "running")
            if self._table_known() and not started:
                started = list(self.connectors)
                for connector in started:
                    connector.start(self.inbox)
        for connector in started:
            connector.stop()

    def stop(self) -> None:
        """End ``run`` soon; any thread or a signal handler may call it."""
        self._stopping.set()
        if hasattr(self, "server"):  # else it is still starting, and looks by itself
            self.server.wake()

    def close(self) -> None:
        """Deliver what can be delivered, keep the state, let the folder go."""
        self.turn(self.server.poll(0))
        self.server.close()
        for delivery in self.deliveries:
            delivery.stop(STOP_WITHIN_S)
        self.snapshots.last()
        write_report(self, "stopped")
        self.log.close()
        os.close(self._lock)

    def _watch_tables(self) -> None:
        known: str | None = None
        while not self._stopping.wait(self.config.tables_s if known is not None or self.tables_error else 0):
            try:
                version = self.tables.version()
                if version != known and self._new_table is None:
                    table = self.tables.load()
                    table.check()
                    self._new_table, known = table, version
                    self.server.wake()
                self.tables_error = ""
            except Exception as error:  # the database is away: the last table holds, ask again
                if not self.tables_error:
                    logger.exception("the tag table cannot be read; the last one holds")
                self.tables_error = f"{type(error).__name__}: {error}"[:500]
            self._tables_asked = True

    # one turn

    def turn(self, requests: Sequence[Request]) -> None:
        """Take what came in and what is in the inbox."""
        sent = [request for request in requests if request.batch is not None]
        delivered: list[Delivered] = []
        self._held_up = ""
        try:
            self._configure()
            self._held_up = self._obstacle()
            if not self._held_up and (delivered := self.inbox.take() if len(self.inbox) else []) + sent:
                self._take_batches(sent, delivered)
        except OSError as error:  # nothing of it is in the log
            self.counters.failed_writes += 1
            self._held_up = f"磁盘写不进去：{error}"
            self.inbox.put_back(delivered)
        if self._held_up:
            self._refuse(sent)
        for request in requests:
            if request.batch is None:
                self._tell_codes(request)
        self.server.flush({request.peer for request in requests})

    def _obstacle(self) -> str:
        """Why no readings can be taken now."""
        if not self._table_known():
            return "点位表尚未载入"
        if any(delivery.full for delivery in self.deliveries):
            return "数据库或历史库积压过多"
        return ""

    def _table_known(self) -> bool:
        """Whether the table is today's: else a new tag's readings would be refused for good at every start."""
        return bool(self.state.table.version) and self._tables_asked

    def _take_batches(self, sent: Sequence[Request], delivered: Sequence[Delivered]) -> None:
        batches = [request.batch for request in sent if request.batch is not None]
        batches += [delivery.batch for delivery in delivered]
        group = admit.admit(self.state, batches, self._now())
        effects = self._commit([group.record]) if group.record is not None else []
        point("after_step")
        answers = admit.answers(group, batches, effects[0].verdicts if effects else None)
        self.counters.count(answers, [batch.source for batch in batches])
        mark = link.mark(self.state.table.version)
        for request, answer in zip(sent, answers, strict=False):
            self.server.send(
                request.peer,
                link.done(request.number, link.Done(mark, answer.counts, answer.repeated, answer.refused)),
            )
        for delivery in delivered:
            delivery.done()
        point("after_acknowledge")

    def _refuse(self, sent: Sequence[Request]) -> None:
        mark = link.mark(self.state.table.version)
        self.counters.busy += len(sent)
        for request in sent:
            self.server.send(request.peer, link.busy(request.number, mark, self._held_up))

    def _tell_codes(self, request: Request) -> None:
        table = self.state.table
        known = table.codes_of.get(request.source, {})
        mark = link.mark(table.version)
        if self._table_known():
            self.server.send(request.peer, link.codes(request.number, mark, table.version, known))
        else:
            self.server.send(request.peer, link.busy(request.number, mark, self._held_up))

    def _now(self) -> int:
        """The arrival time; a jump of the clock is logged first."""
        now, jump = self.clock.now()
        if jump:
            self.note(f"时钟跳变 {jump / 1000:.1f} 秒")
            self._jump += jump
        if self._jump:
            self._commit([Shift(now, self._jump)])
            self._jump = 0
        return now

    def _configure(self) -> None:
        table = self._new_table
        if table is None:
            return
        if table.version != self.state.table.version:
            self.values.grow(len(table.owner))
            self._commit([Configure(self._now(), table)])
            self.inbox.table = table
        self._new_table = None

    def _tick(self) -> None:
        try:
            self._commit([Tick(self._now())])
        except OSError:
            self.counters.failed_writes += 1

    def _commit(self, records: Sequence[Record]) -> list[Effect]:
        """Make records durable, then take them."""
        first = self.log.append([encode(record) for record in records])
        return [self._take(first + number, record) for number, record in enumerate(records)]

    def _take(self, offset: int, record: Record) -> Effect:
        _, (effect,) = step(self.state, [(offset, record)])
        if isinstance(record, ReadingsRecord):
            self._keep_values(effect, record)
        elif isinstance(record, Configure):
            self.values.grow(len(record.table.owner))
        for delivery in self.deliveries:
            delivery.put(effect)
        return effect

    def _keep_values(self, effect: Effect, record: ReadingsRecord) -> None:
        verdicts = effect.verdicts
        assert verdicts is not None
        if not verdicts.any():
            self.values.put(record.tags, record.ts, record.values, record.good, record.arrival_ms)
            return
        new = verdicts == TAKEN
        self.values.put(record.tags[new], record.ts[new], record.values[new], record.good[new], record.arrival_ms)
        bad = np.flatnonzero(verdicts == CONFLICT)
        if len(bad):
            self.quarantine.conflicts(effect.offset, record.tags[bad], record.ts[bad], record.values[bad])


class Snapshots:
    """Takes the state now and then; saves it when the others have caught up, then lets old segments go."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.saved = -1
        self._taken_at = time.monotonic()
        self._bytes = 0
        self._candidate: tuple[int, bytes] | None = None
        self._saving: threading.Thread | None = None

    def turn(self) -> None:
        if self._candidate is None:
            if self._due():
                self._take()
        elif self._saving is None:
            if self._held(self._candidate[0]):
                self._saving = threading.Thread(target=self._save, name="snapshot", daemon=True)
                self._saving.start()
        elif not self._saving.is_alive():
            self._saving = self._candidate = None

    def last(self) -> None:
        """At the end: wait for a save under way, then keep the last state if the others hold it."""
        if self._saving is not None:
            self._saving.join()
        state = self.engine.state
        if state.offset > self.saved and self._held(state.offset):
            self._candidate = (state.offset, snapshot.pack(state))
            self._save()

    def _due(self) -> bool:
        engine, config = self.engine, self.engine.config
        grown = engine.log.written - self._bytes
        waited = time.monotonic() - self._taken_at >= config.snapshot_s
        return engine.state.offset > self.saved and (waited or grown >= config.snapshot_bytes)

    def _take(self) -> None:
        engine = self.engine
        self._taken_at, self._bytes = time.monotonic(), engine.log.written
        self._candidate = (engine.state.offset, snapshot.pack(engine.state))
        for delivery in engine.deliveries:
            delivery.want(engine.state.offset)

    def _held(self, offset: int) -> bool:
        return all(delivery.progress.upto >= offset for delivery in self.engine.deliveries)

    def _save(self) -> None:
        assert self._candidate is not None
        offset, data = self._candidate
        engine = self.engine
        try:
            engine.values.flush()
            snapshot.save(engine.config.snapshots, offset, data)
            self.saved = offset
            if not engine.config.keep_log:
                engine.log.drop(offset)
        except OSError as error:
            engine.note(f"快照未能保存：{error}")


def _lock(config: EngineConfig) -> int:
    handle = os.open(config.lock, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(handle, 32).decode(errors="replace").strip()
        os.close(handle)
        raise EngineError(
            f"{config.data} 中已有另一个引擎在运行（进程 {owner}）。请先停止它，或把 ANLAN_DATA 设为另一个目录。"
        ) from None
    os.ftruncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    return handle


def run(
    config: EngineConfig,
    sink: Sink,
    history: History | None,
    tables: Tables,
    connectors: Sequence[Connector] = (),
) -> None:
    """Run an engine until SIGTERM or SIGINT."""
    engine = Engine(config, sink, history, tables, connectors)
    with _Signals(engine.stop):
        try:
            engine.open()
            logger.info("the engine runs, from record %s", engine.state.offset)
            engine.run()
            engine.close()
            logger.info("the engine stopped, at record %s", engine.state.offset)
        except LogError as error:
            raise EngineError(str(error)) from error


class _Signals:
    """SIGTERM and SIGINT call ``stop``, where this is the main thread."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self.stop = stop

    def __enter__(self) -> None:
        self.before = {}
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                self.before[number] = signal.signal(number, lambda *_: self.stop())

    def __exit__(self, *_: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)


def records(config: EngineConfig, start: int = 0) -> Iterator[tuple[int, Record]]:
    """All records of a shard's log, for replay."""
    for frame in read(config.log, start):
        yield frame.offset, decode(frame.kind, frame.body)
