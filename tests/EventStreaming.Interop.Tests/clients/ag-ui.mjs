// @ag-ui/client as an application uses it: node ag-ui.mjs URL THREAD REQUESTS. Each request is a run of the same agent: what to say, how to answer what was
// asked, or when to abort. After each it tells, as one line, what the client has made of the stream, and what came over the wire.
import { EventSchemas } from "@ag-ui/core/schemas";
import { HttpAgent } from "@ag-ui/client";

const [url, threadId, requests] = process.argv.slice(2);
const complaints = [];
console.warn = (...text) => complaints.push(text.join(" "));
console.error = (...text) => complaints.push(text.join(" "));

// Every byte of every response, beside what the client makes of it.
let wire = "";
async function observe(address, init) {
  const response = await fetch(address, init);
  if (!response.body) return response;
  const decoder = new TextDecoder();
  const copy = new TransformStream({ transform(chunk, output) { wire += decoder.decode(chunk, { stream: true }); output.enqueue(chunk); } });
  return new Response(response.body.pipeThrough(copy), { status: response.status, headers: response.headers });
}

let agent = new HttpAgent({ url, threadId, fetch: observe });
for (const request of JSON.parse(requests)) {
  wire = "";
  const events = [];
  const told = { errors: [], notes: complaints.splice(0) };
  if (request.fresh) agent = new HttpAgent({ url, threadId, fetch: observe }); // As a page that is loaded anew: what was read before the abort took effect is not known.
  if (request.say) agent.addMessage({ id: request.id ?? crypto.randomUUID(), role: "user", content: request.say });
  const resume = request.answer === undefined ? undefined
    : agent.pendingInterrupts.map(({ id }) => ({ interruptId: id, status: "resolved", payload: request.answer }));
  let giveUp;
  try {
    const { result } = await agent.runAgent({ runId: request.runId, resume, forwardedProps: { watch: request.watch, ...request.props } }, {
      onEvent({ event }) {
        events.push(event);
        if (event.type === request.tellAt) {
          request.tellAt = undefined;
          console.log(JSON.stringify({ at: event.type }));
        }

        if (event.type === request.abortAt) {
          // Node 20's fetch: of a body whose end is on its way when it is aborted, a read may never settle, and node then exits without a word.
          giveUp = setTimeout(() => agent.detachActiveRun(), 1_000);
          agent.abortRun();
        }
      },
      onRunErrorEvent({ event }) { told.errors.push(event.message); },
      onRunFailed({ error }) { told.errors.push(String(error)); },
    });
    told.result = result;
  } catch (error) {
    told.errors.push(String(error));
  }

  clearTimeout(giveUp);
  const frames = wire.split("\n\n").filter(block => block.startsWith("data:"));
  told.types = events.map(event => event.type);
  told.invalid = frames.map(frame => JSON.parse(frame.slice(5))).map(frame => EventSchemas.safeParse(frame)).filter(({ success }) => !success).map(({ error }) => error.message);
  told.isWireClean = !/\r|^(id|event|retry):/m.test(wire) && (frames.length >= events.length || request.abortAt !== undefined);
  told.messages = agent.messages;
  told.interrupts = agent.pendingInterrupts;
  told.complaints = complaints.splice(0);
  console.log(JSON.stringify(told));
}
