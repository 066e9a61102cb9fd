// Watches the stream of the URL it is given, and writes what it sees to its output, one JSON object a line.
import { EventSource } from "eventsource";
import { watch } from "./watch.mjs";

// The end of its input is the end of whoever started it.
process.stdin.on("end", () => process.exit()).resume();
watch(EventSource, process.argv[2], seen => console.log(JSON.stringify(seen)));
