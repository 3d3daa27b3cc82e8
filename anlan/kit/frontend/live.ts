/**
 * The live stream, as pages use it:
 *
 *     import { live } from "kit/live";
 *     live.subscribe({ tags: [1, 2] });                       // replaces what this page asked for before
 *     const off = live.on("level", (event, id) => …);         // hello level alarm fact notice values health
 *     live.onState(({ connected, dataSince }) => …);          // also live.state
 *     live.onGap(() => location.reload());                    // this tab slept longer than events are kept
 *
 * All tabs of a browser share one connection. The page says in `<meta name="anlan-live" data-person data-last-id>` whose it is
 * and up to which event what it shows is true; what happened since is sent to it first.
 */

import { Seen, type FromHub, type LiveEvents, type LiveState, type ToHub } from "kit/live-protocol";
import { Hub } from "kit/live-hub";
import { setServerAhead } from "kit/time";

export type * from "kit/live-protocol";

type Name = keyof LiveEvents;
type Handler<K extends Name> = (data: LiveEvents[K], id: number | null) => void;

const HERE_MS = 30_000;
const EARLY = 500;

class Live {
  state: LiveState = { connected: false, dataSince: null, reason: "" };
  private readonly handlers = new Map<string, Set<Handler<Name>>>();
  private readonly stateHandlers = new Set<(state: LiveState) => void>();
  private readonly gapHandlers = new Set<() => void>();
  private seen = new Seen();
  /** What came before the page's own script had asked for it. */
  private early: { type: string; data: unknown; id: number }[] = [];
  private tags: number[] = [];
  private moves = false;
  private lastId: number | null = null;
  private port: MessagePort | null = null;
  private readonly page = document.querySelector<HTMLMetaElement>('meta[name="anlan-live"]');

  /** Which tags' values this page wants. */
  subscribe({ tags }: { tags: Iterable<number> }): void {
    this.tags = [...tags];
    this.say({ do: "tags", tags: this.tags });
  }

  /** From now on this page hears where moving objects are. */
  follow(): void {
    this.moves = true;
    this.say({ do: "moves" });
  }

  on<K extends Name>(name: K, handler: Handler<K>): () => void {
    const set = this.handlers.get(name) ?? new Set();
    this.handlers.set(name, set.add(handler as Handler<Name>));
    const missed = this.early.filter(({ type }) => type === name);
    this.early = this.early.filter(({ type }) => type !== name);
    for (const { data, id } of missed) handler(data as LiveEvents[K], id);
    return () => set.delete(handler as Handler<Name>);
  }

  /** Told at once, and whenever the connection comes or goes. */
  onState(handler: (state: LiveState) => void): () => void {
    this.stateHandlers.add(handler);
    handler(this.state);
    return () => this.stateHandlers.delete(handler);
  }

  onGap(handler: () => void): () => void {
    this.gapHandlers.add(handler);
    return () => this.gapHandlers.delete(handler);
  }

  /** Called once by the kit on pages of a signed-in person. */
  start(): void {
    if (this.port || !this.page) return;
    const given = this.page.dataset["lastId"];
    this.lastId = given ? Number(given) : null;
    this.seen = new Seen(this.lastId ?? 0);
    this.port = this.open(this.page.content);
    this.port.onmessage = ({ data }: MessageEvent<FromHub>) => this.heard(data);
    this.join();
    setInterval(() => this.say({ do: "here" }), HERE_MS);
    document.addEventListener("visibilitychange", () => (document.hidden ? this.say({ do: "visible", visible: false }) : this.join()));
    addEventListener("pagehide", () => this.say({ do: "leave" }));
    addEventListener("pageshow", ({ persisted }) => persisted && this.join());
    document.addEventListener("resume", () => this.join());
  }

  private open(worker: string): MessagePort {
    if ("SharedWorker" in globalThis) return new SharedWorker(worker, { name: "anlan-live" }).port;
    const { port1, port2 } = new MessageChannel();
    new Hub(true).connect(port1);
    return port2;
  }

  private join(): void {
    const { tags, lastId } = this;
    this.say({ do: "join", person: this.page?.dataset["person"] ?? "", lastId, tags, visible: !document.hidden });
    if (this.moves) this.say({ do: "moves" });
  }

  private say(message: ToHub): void {
    this.port?.postMessage(message);
  }

  private heard(message: FromHub): void {
    if (message.kind === "state") this.report(message);
    else if (message.kind === "gap") this.gapHandlers.forEach((handler) => handler());
    else this.received(message.event.type, message.event.data, message.event.id);
  }

  private report({ state, ahead, lastId }: Extract<FromHub, { kind: "state" }>): void {
    setServerAhead(ahead);
    this.lastId ??= lastId;
    this.state = state;
    this.stateHandlers.forEach((handler) => handler(state));
  }

  private received(type: string, data: unknown, id: number | null): void {
    if (id !== null && !this.seen.first(id)) return;
    if (id !== null) this.lastId = id;
    this.state = { ...this.state, dataSince: Date.now() };
    const handlers = this.handlers.get(type);
    handlers?.forEach((handler) => handler(data as LiveEvents[Name], id));
    if (!handlers && id !== null) this.early = [...this.early, { type, data, id }].slice(-EARLY);
  }
}

export const live = new Live();
