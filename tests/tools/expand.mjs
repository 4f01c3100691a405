// Expands calendars with ical.js in its strict mode. In: {files: {name: text}, start, end, module}.
// Out: {name: [occurrence]} or {name: "why it was refused"}. Times are UTC, all-day ones dates.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const asked = JSON.parse(readFileSync(0, "utf8"));
const ICAL = (await import(pathToFileURL(asked.module).href)).default;
ICAL.design.strict = true;

const MOST = 50000;
const from = Date.parse(asked.start);
const to = Date.parse(asked.end);

function text(time) {
  if (time.isDate) return time.toString();
  if (time.zone === ICAL.Timezone.localTimezone) throw new Error(`floating time ${time}`);
  return time.convertToZone(ICAL.Timezone.utcTimezone).toString();
}

const inWindow = (start) => from <= start && start < to;
const millis = (time) => Date.parse(text(time));

// ical.js takes a zone that the file does not define for floating time, in silence.
function refuseUndefinedZones(component) {
  for (const property of component.getAllProperties()) {
    const zone = property.getParameter("tzid");
    if (zone && !ICAL.TimezoneService.has(zone)) throw new Error(`undefined TZID ${zone}`);
  }
}

function described(component, start, end, recurrence) {
  return {
    uid: component.getFirstPropertyValue("uid"),
    recurrence_id: recurrence ? text(recurrence) : null,
    start: text(start),
    end: text(end),
    summary: component.getFirstPropertyValue("summary") ?? "",
    status: component.getFirstPropertyValue("status") ?? "",
  };
}

function occurrences(master, overrides) {
  const event = new ICAL.Event(master, { exceptions: overrides, strictExceptions: true });
  if (!event.isRecurring()) return [described(master, event.startDate, event.endDate, null)];
  const last = Math.max(to, ...overrides.map((o) => millis(o.getFirstPropertyValue("recurrence-id"))));
  const found = [];
  const dates = event.iterator();
  for (let next = dates.next(); next && millis(next) <= last; next = dates.next()) {
    const one = event.getOccurrenceDetails(next);
    found.push(described(one.item.component, one.startDate, one.endDate, one.recurrenceId));
    if (found.length > MOST) throw new Error(`more than ${MOST} occurrences`);
  }
  return found;
}

function orphan(component) {
  const event = new ICAL.Event(component, { strictExceptions: true });
  return described(component, event.startDate, event.endDate, event.recurrenceId);
}

function expand(source) {
  const calendar = new ICAL.Component(ICAL.parse(source));
  if (calendar.name !== "vcalendar") throw new Error("not one VCALENDAR");
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  const events = calendar.getAllSubcomponents("vevent");
  events.forEach(refuseUndefinedZones);
  return [...grouped(events).values()].flatMap(expandGroup).filter((o) => inWindow(Date.parse(o.start)));
}

const uid = (event) => event.getFirstPropertyValue("uid");

function grouped(events) {
  const groups = new Map();
  for (const event of events) groups.set(uid(event), [...(groups.get(uid(event)) ?? []), event]);
  return groups;
}

function expandGroup(events) {
  const masters = events.filter((event) => !event.hasProperty("recurrence-id"));
  const overrides = events.filter((event) => event.hasProperty("recurrence-id"));
  if (masters.length > 1) throw new Error(`two events with the UID ${uid(events[0])}`);
  return masters.length ? occurrences(masters[0], overrides) : overrides.map(orphan);
}

const answer = {};
for (const [name, source] of Object.entries(asked.files)) {
  try {
    answer[name] = expand(source);
  } catch (error) {
    answer[name] = String(error.message ?? error);
  }
}
process.stdout.write(JSON.stringify(answer));
