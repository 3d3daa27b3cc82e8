/**
 * One server-sent event stream over fetch. EventSource is not used because it hides what must be known here: the status
 * (signed out or away?) and the pings (a stream that has gone silent looks open for minutes).
 */

import { Seen, type LiveState, type Received } from "kit/live-protocol";

export const SILENT_MS = 25_000; // two missed pings of 10 s
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

export interface StreamSink {
  received(event: Received): void;
  state(state: LiveState): void;
}

/** Cuts a text stream into events, as the HTML standard says for text/event-stream. */
export class Parser {
  private rest = "";
  private type = "";
  private id: number | null = null;
  private data: string[] = [];

  constructor(private readonly out: (event: Received) => void) {}

  push(chunk: string): void {
    const lines = (this.rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    lines.forEach((line) => this.line(line));
  }

  private line(line: string): void {
    if (line === "") return this.end();
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === "event") this.type = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id" && /^\d+$/.test(value)) this.id = Number(value);
  }

  private end(): void {
    if (this.data.length > 0) this.out({ type: this.type || "message", id: this.id, data: JSON.parse(this.data.join("\n")) });
    this.type = "";
    this.id = null;
    this.data = [];
  }
}

/** Keeps a connection open, and opens it again from the last id after any kind of loss. */
export class Stream {
  /** The event that came last. Not the largest: a transaction may end after one that drew a later id. */
  lastId: number | null = null;
  private seen = new Seen();
  private tags: number[] = [];
  private moves = false;
  private abort: AbortController | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private now: LiveState = { connected: false, dataSince: null, reason: "" };

  constructor(private readonly sink: StreamSink) {}

  get state(): LiveState {
    return this.now;
  }

  /** Forget what was received; go on from this event, or from now. */
  rewind(lastId: number | null): void {
    this.lastId = lastId;
    this.seen = new Seen(lastId ?? 0);
  }

  /** (Re)connect, now, with these tags, and with what moves if that is wanted. */
  open(tags: number[], moves = false): void {
    this.tags = tags;
    this.moves = moves;
    this.halt();
    void this.run();
  }

  close(): void {
    this.halt();
    this.set({ connected: false });
  }

  /** Do not wait any longer: the network is back, or somebody looks again. */
  hurry(): void {
    if (this.retry !== undefined) this.open(this.tags, this.moves);
  }

  private halt(): void {
    clearTimeout(this.retry);
    clearTimeout(this.watch);
    this.retry = undefined;
    this.abort?.abort();
    this.abort = null;
  }

  private url(): string {
    const query = new URLSearchParams();
    if (this.tags.length > 0) query.set("tags", this.tags.join(","));
    if (this.moves) query.set("moves", "1");
    if (this.lastId !== null) query.set("since_id", String(this.lastId));
    return `/live?${query}`;
  }

  private async run(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    try {
      const headers = { Accept: "text/event-stream" };
      const response = await fetch(this.url(), { signal: abort.signal, headers, cache: "no-store", redirect: "manual" });
      if (!response.ok || !response.body) return this.refused(response);
      await this.read(response.body, abort);
      this.lost("unreachable");
    } catch {
      if (!abort.signal.aborted) this.lost("unreachable");
    }
  }

  private async read(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const parser = new Parser((event) => this.take(event));
    const decoder = new TextDecoder();
    const reader = body.getReader();
    this.alive(abort);
    this.failures = 0;
    for (let part = await reader.read(); !part.done && this.abort === abort; part = await reader.read()) {
      this.alive(abort);
      parser.push(decoder.decode(part.value, { stream: true }));
    }
  }

  private take(event: Received): void {
    if (event.id !== null) {
      this.lastId = event.id;
      if (!this.seen.first(event.id)) return;
    }
    this.sink.received(event);
  }

  private alive(abort: AbortController): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => {
      abort.abort();
      this.lost("silent");
    }, SILENT_MS);
    this.set({ connected: true, dataSince: Date.now(), reason: "" });
  }

  private refused(response: Response): void {
    const away = response.type === "opaqueredirect" || response.status === 401 || response.status === 403;
    const after = Number(response.headers.get("Retry-After"));
    this.lost(away ? "signed-out" : "unreachable", Number.isFinite(after) ? after * 1000 : 0);
  }

  private lost(reason: LiveState["reason"], atLeastMs = 0): void {
    clearTimeout(this.watch);
    this.abort = null;
    this.set({ connected: false, reason });
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.failures, LONGEST_WAIT_MS) * (0.75 + Math.random() / 2);
    this.failures += 1;
    this.retry = setTimeout(() => this.open(this.tags, this.moves), Math.max(wait, atLeastMs));
  }

  private set(change: Partial<LiveState>): void {
    const before = this.now;
    this.now = { ...before, ...change };
    const told = before.connected === this.now.connected && before.reason === this.now.reason;
    if (!told) this.sink.state(this.now);
  }
}
