// A2A's own client: node a2a.mjs URL BINDING TEXT TASK. It sends the text and tells what becomes of the task, one line for each event; with a task instead of a
// text it subscribes to that.
import { ClientFactory, ClientFactoryOptions } from "@a2a-js/sdk/client";
import { Role, StreamResponse } from "@a2a-js/sdk";

const [url, binding, text, task] = process.argv.slice(2);
const tell = (what) => console.log(JSON.stringify(what));
const factory = new ClientFactory(ClientFactoryOptions.createFrom(ClientFactoryOptions.default, { preferredTransports: [binding] }));
const client = await factory.createFromUrl(url);
const message = { messageId: crypto.randomUUID(), contextId: "", taskId: task ?? "", role: Role.ROLE_USER, parts: [{ content: { $case: "text", value: text }, metadata: undefined, filename: "", mediaType: "" }], metadata: undefined, extensions: [], referenceTaskIds: [] };
const stream = text
  ? client.sendMessageStream({ tenant: "", message, configuration: undefined, metadata: undefined })
  : client.resubscribeTask({ tenant: "", id: task });
try {
  for await (const response of stream) tell(StreamResponse.toJSON(response));
  tell({ end: true });
} catch (error) {
  tell({ error: error.message });
}
