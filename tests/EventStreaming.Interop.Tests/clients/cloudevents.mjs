// The CloudEvents SDK on what comes over a stream of server-sent events: node cloudevents.mjs URL. It tells each event as the SDK has read and validated it.
import { HTTP } from "cloudevents";
import { EventSource } from "eventsource";

const events = new EventSource(process.argv[2]);
const types = process.argv.slice(3);
function read(message) {
  let told;
  try {
    const event = HTTP.toEvent({ headers: { "content-type": "application/cloudevents+json" }, body: message.data });
    told = { isValid: event.validate(), ...event.toJSON(), wire: JSON.parse(message.data) };
  } catch (error) {
    told = { isValid: false, error: String(error), details: error.errors, data: message.data };
  }

  console.log(JSON.stringify(told));
}

events.addEventListener("message", read);
for (const type of types) events.addEventListener(type, read);
