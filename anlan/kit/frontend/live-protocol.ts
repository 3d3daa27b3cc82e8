/** What travels on the live stream, and between a page and the hub that holds the browser's one connection. */

export interface LevelEvent {
  place: number; before: number; after: number; since: string; points: number[]; enterprises: number[]; reason: string;
}
export interface AlarmEvent {
  alarm: number; tag: number; place: number; limit: number; state: string; level: number; raised: string; value: number | null;
}
export interface FactEvent { fact: number; place: number; [name: string]: unknown }
/** Something of a park was written: a gate, a vehicle, a project. */
export interface ParkEvent { place: number; what: string }
export interface NoticeEvent { person: number; [name: string]: unknown }
/** Columns: tag, value, source time [ms], quality (1 = good). */
export interface ValuesEvent { t: number[]; v: (number | null)[]; ts: number[]; q: number[] }
/** Columns: place, longitude, latitude [degree], when it was there [ms]. */
export interface MovesEvent { p: number[]; x: number[]; y: number[]; ts: number[] }
export interface HealthEvent { engine_at: string | null; worker_at: string | null; stale: boolean | string[] }
/** `reset`: more was missed than the server can tell again. */
export interface HelloEvent { server_time: string | number; last_id: number; reset?: boolean }

export interface LiveEvents {
  hello: HelloEvent;
  level: LevelEvent;
  alarm: AlarmEvent;
  fact: FactEvent;
  park: ParkEvent;
  notice: NoticeEvent;
  values: ValuesEvent;
  moves: MovesEvent;
  health: HealthEvent;
}

/** One event as it came, `id` only for those that are kept and can be asked for again. */
export interface Received { type: string; id: number | null; data: unknown }

/** `dataSince`: when something last came in [ms, the browser's clock]; what is shown is as old as that. */
export interface LiveState { connected: boolean; dataSince: number | null; reason: "" | "signed-out" | "unreachable" | "silent" }

export type ToHub =
  | { do: "join"; person: string; lastId: number | null; tags: number[]; visible: boolean }
  | { do: "tags"; tags: number[] }
  | { do: "moves" }
  | { do: "visible"; visible: boolean }
  | { do: "here" }
  | { do: "leave" };

/** `ahead`: the server's clock less the browser's [ms]; `lastId`: the newest event that the hub has. */
export type FromHub =
  | { kind: "event"; event: Received }
  | { kind: "state"; state: LiveState; ahead: number; lastId: number | null }
  | { kind: "gap" };

const LATE_MS = 60_000; // no transaction lasts longer

/**
 * Tells new events from those that come again after a reconnect. Ids need not come in order: a transaction may end after
 * one that drew a later id. What lies below `floor`, the event up to which all is known, is new only while such a late one
 * may still come.
 */
export class Seen {
  private ids = new Set<number>();
  private older = new Set<number>();
  private readonly began = Date.now();

  constructor(private readonly floor = 0) {}

  /** Whether this id is new; it is not, the next time. */
  first(id: number): boolean {
    if (this.ids.has(id) || this.older.has(id) || id === this.floor) return false;
    if (id < this.floor && Date.now() - this.began > LATE_MS) return false;
    if (this.ids.size >= 2000) [this.older, this.ids] = [this.ids, new Set()];
    this.ids.add(id);
    return true;
  }
}
