// The board of a waiting hall: one call large, the last ones beside it, and never an old number as the present one.
import { live } from './lib/live.js';

const ROWS = 5;
const data = JSON.parse(document.getElementById('page-data').textContent);
const { texts } = data;
const $ = (id) => document.getElementById(id);

const state = { calls: [], waiting: 0, range: [0, 0], connected: false, begun: false };
let lostAt = '';
/** Televisions rarely keep good time: the server's clock is the one shown. */
let ahead = 0;

const local = new Intl.DateTimeFormat('en-GB', {
  timeZone: data.zone,
  weekday: 'short',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});
const SHORT_DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function localParts(moment) {
  const parts = {};
  local.formatToParts(moment).forEach(({ type, value }) => {
    parts[type] = value;
  });
  if (parts.hour === '24') parts.hour = '00';
  return parts;
}

const now = () => new Date(Date.now() + ahead);
const dayOf = (moment) => {
  const { year, month, day } = localParts(moment);
  return `${year}-${month}-${day}`;
};

function setClock(at) {
  const server = Date.parse(at);
  if (!Number.isNaN(server)) ahead = server - Date.now();
}

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Replaces what a box holds; replaceChildren is younger than many televisions. */
function fill(box, ...children) {
  box.textContent = '';
  box.append(...children);
}

const counterText = (number) => String(number).padStart(2, '0');
const lengthOf = (label) => String(Math.min(Math.max(label.length, 4), 6));

function places(call) {
  const department = (data.lang === 'en' && call.department_title_en) || call.department_title || '';
  const line = call.line_title || '';
  return { department: department || line, line: line === department || !department ? '' : line };
}

function drawCall(moved) {
  const call = state.calls[0];
  const box = $('call');
  const { department, line } = places(call);
  $('label').textContent = call.label;
  $('label').dataset.length = lengthOf(call.label);
  $('counter').textContent = counterText(call.counter_number);
  $('place').textContent = line ? `${department} · ${line}` : department;
  const english = $('english');
  english.hidden = !(call.language === 'en' && data.lang !== 'en');
  english.textContent = english.hidden
    ? ''
    : `Number ${call.label}, please go to counter ${call.counter_number}` +
      (call.department_title_en ? ` – ${call.department_title_en}` : '');
  if (moved) {
    box.classList.remove('is-new');
    void box.offsetWidth; // lets the same animation start again for a recall
    box.classList.add('is-new');
  }
}

function drawRows() {
  const rows = state.calls.slice(0, ROWS).map((call, index) => {
    const row = element('li', index === 0 && state.connected ? 'board__row board__row--new' : 'board__row');
    const label = element('span', 'board__row-label', call.label);
    label.dataset.length = lengthOf(call.label);
    row.append(
      label,
      element('span', 'board__row-place', places(call).department),
      element('span', 'board__row-counter', counterText(call.counter_number)),
    );
    return row;
  });
  fill($('rows'), ...rows);
}

/** A sentence with its figure set apart: "Đang chờ {n} người". */
function sentence(template, figure) {
  const made = element('span', '');
  const [before, after] = template.split('{n}');
  made.append(before);
  if (after !== undefined) made.append(element('b', '', figure), after);
  return made;
}

function drawFigures() {
  const box = $('figures');
  if (!state.begun || !state.connected) {
    fill(box);
    return;
  }
  const [low, high] = state.range;
  const wait =
    state.waiting === 0 || high === 0
      ? sentence(texts.none)
      : low === 0
        ? sentence(texts.soon, String(high))
        : sentence(texts.wait, `${low}–${high}`);
  const count = state.waiting === 0 ? sentence(texts.nobody) : sentence(texts.waiting, String(state.waiting));
  fill(box, ...(state.waiting === 0 ? [wait] : [count, wait]));
}

function draw(moved = false) {
  const lost = state.begun && !state.connected;
  const current = state.begun && state.connected && state.calls.length > 0;
  document.body.classList.toggle('board--lost', lost);
  $('opening').hidden = state.begun;
  $('lost').hidden = !lost;
  $('empty').hidden = !(state.begun && state.connected && state.calls.length === 0);
  $('call').hidden = !current;
  $('last-title').textContent = lost && lostAt ? texts.before.replace('{n}', lostAt) : texts.last;
  if (current) drawCall(moved);
  else $('label').textContent = '';
  drawRows();
  drawFigures();
}

function drawClock() {
  const moment = now();
  const parts = localParts(moment);
  $('time').textContent = `${parts.hour}:${parts.minute}`;
  $('date').textContent = `${texts.weekdays[SHORT_DAYS.indexOf(parts.weekday)]}, ${parts.day}/${parts.month}/${parts.year}`;
  // A board left on overnight starts the new day empty.
  const today = dayOf(moment);
  const kept = state.calls.filter((call) => !call.at || dayOf(new Date(call.at)) === today);
  if (kept.length !== state.calls.length) {
    state.calls = kept;
    draw();
  }
}

function takeFigures(fact) {
  if (typeof fact.waiting === 'number') state.waiting = fact.waiting;
  if (Array.isArray(fact.wait_minutes)) state.range = fact.wait_minutes;
}

function onSnapshot(snapshot) {
  setClock(snapshot.at);
  state.calls = snapshot.calls || [];
  takeFigures(snapshot);
  state.begun = true;
  state.connected = true;
  draw();
}

function onEvent(fact) {
  if (fact.kind === 'device.reload' && data.device && fact.device === data.device) location.reload();
  if (fact.kind === 'ticket.called' || fact.kind === 'ticket.recalled') {
    const before = state.calls.find((call) => call.ticket === fact.ticket);
    state.calls = [
      { ...before, ...fact },
      ...state.calls.filter((call) => call.ticket !== fact.ticket),
    ].slice(0, 8);
    draw(true);
  }
}

function onFigures(figures) {
  takeFigures(figures);
  drawFigures();
}

function onStatus(status) {
  if (status === 'connected') {
    // The snapshot that answers the join brings the numbers back; a status alone proves nothing about them.
    return;
  }
  const { hour, minute } = localParts(now());
  lostAt = `${hour}:${minute}`;
  state.connected = false;
  state.begun = true;
  draw();
}

drawClock();
setInterval(drawClock, 1000);
live({
  rooms: [data.room],
  as: 'board',
  resume: false,
  onSnapshot,
  onEvent,
  onFigures,
  onStatus,
  onTick: (tick) => setClock(tick && tick.at),
});
