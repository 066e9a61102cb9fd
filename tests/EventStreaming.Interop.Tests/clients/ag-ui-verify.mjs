// What @ag-ui/core's schemas and @ag-ui/client's own checks say of recorded streams: node ag-ui-verify.mjs FILE, one stream, an array of events, per line.
import { readFileSync } from "node:fs";
import { EventSchemas } from "@ag-ui/core/schemas";
import { enforceEvents, verifyEvents } from "@ag-ui/client";
import { from, lastValueFrom } from "rxjs";

let warnings = [];
console.warn = (...text) => warnings.push(text.join(" "));
const told = { streams: 0, events: 0, failures: [] };
for (const line of readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean)) {
  const { seed, events } = JSON.parse(line);
  told.streams++;
  told.events += events.length;
  warnings = [];
  for (const event of events) {
    const parsed = EventSchemas.safeParse(event);
    if (!parsed.success) told.failures.push(`seed ${seed}: ${parsed.error.message} in ${JSON.stringify(event)}`);
  }

  try {
    await lastValueFrom(from(events).pipe(enforceEvents(), verifyEvents()), { defaultValue: undefined });
  } catch (error) {
    told.failures.push(`seed ${seed}: ${error}`);
  }

  told.failures.push(...warnings.map(warning => `seed ${seed}: ${warning}`));
}

told.failures.length = Math.min(told.failures.length, 5);
console.log(JSON.stringify(told));
