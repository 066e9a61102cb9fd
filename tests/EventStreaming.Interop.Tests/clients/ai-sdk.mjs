// The AI SDK's chat as a page uses it, without a framework: node ai-sdk.mjs URL CHAT REQUESTS. Each request is what to say, or to resume. After each it tells, as
// one line, what the client has made of the stream. What was asked for approval it approves.
import { AbstractChat, DefaultChatTransport, lastAssistantMessageIsCompleteWithApprovalResponses } from "ai";

const [api, id, requests] = process.argv.slice(2);
const tell = (what) => console.log(JSON.stringify(what));
const errors = [], transient = [], headers = [];
let finish;

async function observe(address, init) {
  const response = await fetch(address, init);
  headers.push([response.status, response.headers.get("x-vercel-ai-ui-message-stream")]);
  return response;
}

class State {
  status = "ready";
  error;
  messages = [];
  pushMessage(message) { this.messages = [...this.messages, message]; }
  popMessage() { this.messages = this.messages.slice(0, -1); }
  replaceMessage(index, message) { this.messages = this.messages.with(index, message); }
  snapshot(thing) { return structuredClone(thing); }
}

class Chat extends AbstractChat {
  constructor(init) { super({ ...init, state: new State() }); }
}

let tellAt, approved;
const chat = new Chat({
  id,
  transport: new DefaultChatTransport({ api, fetch: observe }),
  sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
  onError: (error) => errors.push(error.message),
  onFinish: ({ isAbort, isDisconnect, isError, finishReason }) => { finish = { isAbort, isDisconnect, isError, finishReason }; approved?.(); },
  onData: (part) => {
    if (part.transient) transient.push(part.data.message);
    if (tellAt !== undefined && part.data.message === tellAt) tell({ at: tellAt });
  },
});

for (const request of JSON.parse(requests)) {
  ({ tellAt } = request);
  await (request.resume ? chat.resumeStream() : chat.sendMessage({ text: request.say }, { body: request.body }));
  const asked = chat.lastMessage?.parts.filter(part => part.state === "approval-requested") ?? [];
  for (const part of asked) {
    const done = new Promise(resolve => { approved = resolve; });
    await chat.addToolApprovalResponse({ id: part.approval.id, approved: true });
    await done;
  }
  tell({ status: chat.status, errors: errors.splice(0), transient: transient.splice(0), headers: headers.splice(0), finish, messages: chat.messages });
}
