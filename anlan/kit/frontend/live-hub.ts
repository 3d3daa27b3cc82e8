/**
 * The hub holds the browser's one live connection for all its tabs. It runs in a SharedWorker, or, where there is none,
 * inside the page. Pages talk to it over a MessagePort.
 */

import type { FromHub, HelloEvent, Received, ToHub } from "kit/live-protocol";
import { Stream } from "kit/live-stream";

const KEPT = 1000; // events held for tabs that slept
const GONE_MS = 180_000; // a hidden tab's timers may run once a minute
const SETTLE_MS = 120;

interface Tab { tags: number[]; moves: boolean; visible: boolean; seen: number; lastId: number | null }
type Port = Pick<MessagePort, "postMessage">;

export class Hub {
  private readonly tabs = new Map<Port, Tab>();
  private readonly stream = new Stream({
    received: (event) => this.received(event),
    state: () => this.tell(this.report()),
  });
  private kept: Received[] = [];
  private keptFrom = 0; // the event before the first of `kept`
  private person: string | null = null;
  private asked = "";
  private ahead = 0;
  private settle: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly pauseWhenHidden: boolean) {
    setInterval(() => this.sweep(), 60_000);
    globalThis.addEventListener?.("online", () => this.stream.hurry());
  }

  connect(port: MessagePort): void {
    port.onmessage = ({ data }: MessageEvent<ToHub>) => this.heard(port, data);
    port.start();
  }

  private heard(port: Port, message: ToHub): void {
    if (message.do === "join") return this.join(port, message);
    const tab = this.tabs.get(port);
    if (!tab) return;
    tab.seen = Date.now();
    if (message.do === "leave") this.tabs.delete(port);
    else if (message.do === "tags") tab.tags = message.tags;
    else if (message.do === "moves") tab.moves = true;
    else if (message.do === "visible") {
      tab.visible = message.visible;
      if (message.visible) this.stream.hurry();
    }
    this.adjust();
  }

  private join(port: Port, { person, lastId, tags, visible }: Extract<ToHub, { do: "join" }>): void {
    if (person !== this.person) this.start(person); // what one person saw must not reach the next
    this.tabs.set(port, { tags, moves: this.tabs.get(port)?.moves ?? false, visible, seen: Date.now(), lastId });
    if (lastId !== null && (this.asked === "" || this.stream.lastId === null)) this.rewind(lastId);
    else if (lastId !== null) this.replay(port, lastId);
    this.send(port, this.report());
    this.adjust();
  }

  private start(person: string): void {
    this.person = person;
    this.stream.close();
    this.tabs.clear();
    this.kept = [];
    this.asked = "";
    this.stream.rewind(null);
  }

  private rewind(lastId: number): void {
    this.keptFrom = Math.min(lastId, this.stream.lastId ?? lastId);
    this.stream.rewind(this.keptFrom);
    this.kept = [];
    this.asked = "";
  }

  private replay(port: Port, lastId: number): void {
    const at = this.kept.findIndex(({ id }) => id === lastId);
    if (at < 0 && lastId < this.keptFrom) return this.send(port, { kind: "gap" });
    const missed = at < 0 ? this.kept.filter(({ id }) => id !== null && id > lastId) : this.kept.slice(at + 1);
    missed.forEach((event) => this.send(port, { kind: "event", event }));
  }

  /** Ask the server for what the tabs that are looked at need, once they have settled. */
  private adjust(): void {
    clearTimeout(this.settle);
    this.settle = setTimeout(() => {
      const tabs = [...this.tabs.values()];
      const wanted = tabs.filter(({ visible }) => visible);
      if (tabs.length === 0 || (this.pauseWhenHidden && wanted.length === 0)) {
        this.asked = "";
        return this.stream.close();
      }
      const tags = [...new Set(wanted.flatMap(({ tags }) => tags))].sort((a, b) => a - b);
      const moves = wanted.some((tab) => tab.moves);
      const asked = `${moves ? "moves" : "on"} ${tags}`;
      if (asked === this.asked) return;
      this.asked = asked;
      this.stream.open(tags, moves);
    }, SETTLE_MS);
  }

  private received(event: Received): void {
    if (event.type === "hello") this.greet(event.data as HelloEvent);
    if (event.id !== null) this.keep(event);
    this.tell({ kind: "event", event });
  }

  private greet({ server_time: time, last_id: lastId, reset }: HelloEvent): void {
    if (reset) this.tell({ kind: "gap" });
    this.ahead = (typeof time === "number" ? time : Date.parse(time)) - Date.now();
    if (this.stream.lastId === null) this.stream.rewind((this.keptFrom = lastId));
    this.tell(this.report());
  }

  private report(): FromHub {
    return { kind: "state", state: this.stream.state, ahead: this.ahead, lastId: this.stream.lastId };
  }

  private keep(event: Received): void {
    this.kept.push(event);
    if (this.kept.length > KEPT) this.keptFrom = this.kept.shift()?.id ?? this.keptFrom;
  }

  private tell(message: FromHub): void {
    for (const port of this.tabs.keys()) this.send(port, message);
  }

  private send(port: Port, message: FromHub): void {
    port.postMessage(message);
  }

  private sweep(): void {
    for (const [port, tab] of this.tabs) if (Date.now() - tab.seen > GONE_MS) this.tabs.delete(port);
    this.adjust();
  }
}
