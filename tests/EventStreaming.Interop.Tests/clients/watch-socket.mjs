// What a page's code sees of a socket with several topics, told one object at a time: as the README's page does it, with any WebSocket there is.
export function watchSocket(WebSocket, url, topics, tell) {
  const cursors = Object.fromEntries(topics.map(topic => [topic, null]));
  function connect() {
    const socket = new WebSocket(url);
    socket.onopen = () => {
      tell({ kind: "open" });
      Object.entries(cursors).forEach(([topic, cursor]) => socket.send(JSON.stringify({ action: "subscribe", topic, cursor })));
    };
    socket.onerror = () => {}; // A close follows.
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.cursor) cursors[message.topic] = message.cursor;
      if (message.event) tell({ kind: "event", topic: message.topic, type: message.type, id: message.cursor, data: message.event });
      else if (message.reply === "error") tell({ kind: "refused", topic: message.topic, code: message.status });
    };
    socket.onclose = ({ code }) => {
      const isOver = [1002, 1003, 1007, 1008, 1009].includes(code) || code >= 4500;
      tell({ kind: isOver ? "over" : "closed", code });
      if (!isOver) setTimeout(connect, 50);
    };
  }
  connect();
}
