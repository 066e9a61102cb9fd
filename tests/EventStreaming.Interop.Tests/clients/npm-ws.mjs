// Reads topics over the socket of the URL it is given, and writes what it sees to its output, one JSON object a line.
import WebSocket from "ws";
import { watchSocket } from "./watch-socket.mjs";

// The end of its input is the end of whoever started it.
process.stdin.on("end", () => process.exit()).resume();
watchSocket(WebSocket, process.argv[2], process.argv.slice(3), seen => console.log(JSON.stringify(seen)));
