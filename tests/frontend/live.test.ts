/** The live client against a server that is a list of answers. Run by test_scripts.py in Node. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Hub } from "kit/live-hub";
import { Seen, type FromHub, type LiveState, type Received, type ToHub } from "kit/live-protocol";
import { Parser, Stream } from "kit/live-stream";

type Answer = (url: string) => Response;

const soon = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (done: () => boolean) => {
  for (let tries = 0; !done() && tries < 400; tries += 1) await soon();
  assert.ok(done());
};

/** A body that stays open until it is ended. */
function body(text: string): { response: Response; end: () => void; say: (more: string) => void } {
  let pipe!: ReadableStreamDefaultController<Uint8Array>;
  const encode = (words: string) => new TextEncoder().encode(words);
  const stream = new ReadableStream<Uint8Array>({ start: (controller) => void (pipe = controller).enqueue(encode(text)) });
  return { response: new Response(stream), end: () => pipe.close(), say: (more) => pipe.enqueue(encode(more)) };
}

const asked: string[] = [];
function serve(answers: Answer[]): void {
  asked.length = 0;
  globalThis.fetch = ((url: string) => {
    asked.push(url);
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    return answer ? Promise.resolve(answer(url)) : Promise.reject(new Error("no network"));
  }) as typeof fetch;
}

const hello = (lastId: number) => `event: hello\ndata: {"server_time": "2026-11-21T03:00:00+00:00", "last_id": ${lastId}}\n\n`;
const level = (id: number) => `id: ${id}\nevent: level\ndata: {"place": ${id}}\n\n`;

function listener(): { events: Received[]; states: LiveState[]; stream: Stream } {
  const events: Received[] = [];
  const states: LiveState[] = [];
  const stream = new Stream({ received: (event) => events.push(event), state: (state) => states.push(state) });
  return { events, states, stream };
}

test("events are cut from the stream wherever it breaks", () => {
  const whole = `: ping\n\n${hello(7)}id: 8\nevent: fact\ndata: {"a":\ndata: 1}\r\n\r\n`;
  for (let cut = 1; cut < whole.length; cut += 1) {
    const events: Received[] = [];
    const parser = new Parser((event) => events.push(event));
    [whole.slice(0, cut), whole.slice(cut)].forEach((part) => parser.push(part));
    assert.deepEqual(events.map(({ type, id }) => [type, id]), [["hello", null], ["fact", 8]], `cut at ${cut}`);
  }
});

test("a broken stream goes on from the last event, and what comes twice is told once", async () => {
  const first = body(hello(10) + level(11) + level(12));
  const second = body(hello(13) + level(11) + level(12) + level(13));
  serve([() => first.response, () => second.response]);
  const { events, states, stream } = listener();
  stream.rewind(10);
  stream.open([5, 6]);
  await until(() => events.length === 3);
  first.end();
  await until(() => events.some(({ id }) => id === 13));
  stream.close();
  assert.deepEqual(events.filter(({ id }) => id !== null).map(({ id }) => id), [11, 12, 13]);
  assert.deepEqual(asked, ["/live?tags=5%2C6&since_id=10", "/live?tags=5%2C6&since_id=12"]);
  assert.deepEqual(states.map(({ connected }) => connected), [true, false, true, false]);
});

test("the state says since when the data are old", async () => {
  const only = body(hello(1));
  serve([() => only.response, () => Response.error()]);
  const { events, states, stream } = listener();
  stream.open([]);
  await until(() => events.length === 1);
  const before = Date.now();
  only.end();
  await until(() => states.length === 2);
  stream.close();
  const { connected, dataSince, reason } = states[1] as LiveState;
  assert.equal(connected, false);
  assert.equal(reason, "unreachable");
  assert.ok(dataSince !== null && dataSince <= before + 50);
});

test("a person who is signed out is told so", async () => {
  serve([() => new Response("{}", { status: 401 })]);
  const { states, stream } = listener();
  stream.open([]);
  await until(() => states.length > 0 || asked.length > 0);
  await until(() => stream.state.reason === "signed-out");
  stream.close();
});

test("an event that committed late is new, an old one that comes again after a minute is not", (context) => {
  context.mock.timers.enable({ apis: ["Date"] });
  const seen = new Seen(100);
  assert.equal(seen.first(99), true);
  assert.equal(seen.first(99), false);
  assert.equal(seen.first(102), true);
  assert.equal(seen.first(101), true);
  context.mock.timers.tick(61_000);
  assert.equal(seen.first(98), false);
  assert.equal(seen.first(103), true);
});

/** A page as the hub sees it. */
function page(hub: Hub, join: Partial<Extract<ToHub, { do: "join" }>> = {}): { got: FromHub[]; say: (message: ToHub) => void; ids: () => (number | null)[] } {
  const { port1, port2 } = new MessageChannel();
  const got: FromHub[] = [];
  port2.onmessage = ({ data }: MessageEvent<FromHub>) => got.push(data);
  hub.connect(port1);
  const say = (message: ToHub) => port2.postMessage(message);
  say({ do: "join", person: "1", lastId: null, tags: [], visible: true, ...join });
  const ids = () => got.filter((message) => message.kind === "event").map((message) => message.event.id).filter((id) => id !== null);
  return { got, say, ids };
}

test("all tabs share one connection that asks for the tags of those that are looked at", async () => {
  const streams = [body(hello(1)), body(hello(1)), body(hello(1))];
  serve(streams.map((stream) => () => stream.response));
  const hub = new Hub(false);
  const first = page(hub, { tags: [2, 1] });
  page(hub, { tags: [3], visible: true });
  await until(() => asked.length === 1);
  assert.match(asked[0] as string, /tags=1%2C2%2C3/);
  first.say({ do: "visible", visible: false });
  await until(() => asked.length === 2);
  assert.match(asked[1] as string, /tags=3&/);
});

test("a tab that slept is sent what it missed, and a gap when that is no longer held", async () => {
  const stream = body(hello(20) + level(21) + level(22));
  serve([() => stream.response]);
  const hub = new Hub(false);
  const awake = page(hub, { lastId: 20 });
  await until(() => awake.ids().length === 2);
  const slept = page(hub, { lastId: 21 });
  await until(() => slept.ids().length === 1);
  assert.deepEqual(slept.ids(), [22]);
  const longAgo = page(hub, { lastId: 3 });
  await until(() => longAgo.got.some(({ kind }) => kind === "gap"));
});

test("what one person saw does not reach the next who signs in", async () => {
  const streams = [body(hello(30) + level(31)), body(hello(31))];
  serve(streams.map((stream) => () => stream.response));
  const hub = new Hub(false);
  const before = page(hub, { person: "1", lastId: 30 });
  await until(() => before.ids().length === 1);
  const after = page(hub, { person: "2", lastId: 30 });
  await until(() => asked.length === 2);
  await soon(30);
  assert.deepEqual(after.ids(), []);
  assert.match(asked[1] as string, /since_id=30/);
});

test("when the server has forgotten what was missed, every tab is told to load anew", async () => {
  const stream = body(hello(5).replace('"last_id"', '"reset": true, "last_id"'));
  serve([() => stream.response]);
  const tab = page(new Hub(false), { lastId: 1 });
  await until(() => tab.got.some(({ kind }) => kind === "gap"));
});
