// What a page's code sees of a stream, told one object at a time. The same for every EventSource there is.
// An EventSource shows a named event to a listener of that name only; "message" would show one that has lost its name.
const types = ["text.delta", "loop.iteration", "input.requested", "run.completed", "stream.open", "stream.gap", "stream.end", "message"];

export function watch(EventSource, url, tell) {
  const events = new EventSource(url);
  events.onopen = () => tell({ kind: "open" });
  events.onerror = () => tell({ kind: "error", readyState: events.readyState });
  for (const type of types)
    events.addEventListener(type, e => tell({ kind: "event", type: e.type, id: e.lastEventId, data: JSON.parse(e.data) }));
}
