// The board of a waiting hall: one call large, the last ones beside it, and never an old number as the present one.
import { drawCall, drawRows, isRush } from './board/calls.js';
import { createClock } from './board/clock.js';
import { drawFigures } from './board/figures.js';
import { createPanel } from './board/panel.js';
import { createSound } from './board/sound.js';
import { createStage } from './board/stage.js';
import { createStrip } from './board/strip.js';
import { createTicker } from './board/ticker.js';
import { find, pageData, say } from './lib/dom.js';
import { live } from './lib/live.js';

const KEPT = 12;
const FRESH = 60000; // ms: a call from before is not shown as if it had just been made
/** After these a number is called nowhere. */
const TAKEN_BACK = ['ticket.returned', 'ticket.transferred'];

const data = pageData();
const { texts, lang } = data;
const clock = createClock(data.zone);
const state = { calls: [], waiting: 0, range: [0, 0], connected: false, begun: false };
const heard = new Set();
let lostAt = '';
let today = '';
let held = false;
let spoke = false;

const stage = createStage((call) => draw(call));
const strip = createStrip(find('#strip'), texts, clock.now);
const panel = createPanel(find('#panel'), texts, lang, clock.now);
const ticker = createTicker(find('#ticker'), texts.hint, lang, clock.now);
const sound = createSound(clock, {
  onSpeaking: (call) => stage.speaking(call),
  onSilent: () => stage.silent(),
});

function draw(moved = null) {
  const lost = state.begun && !state.connected;
  const present = state.begun && state.connected;
  const large = present && (state.calls.find((call) => call.ticket === stage.ticket) || state.calls[0] || null);
  document.body.classList.toggle('board--lost', lost);
  const calm = present && state.calls.length === 0;
  const grown = calm !== document.body.classList.contains('board--calm');
  document.body.classList.toggle('board--calm', calm);
  find('#opening').hidden = state.begun;
  find('#lost').hidden = !lost;
  find('#empty').hidden = !(present && !large);
  find('#call').hidden = !large;
  say(find('#last-title'), lost && lostAt ? texts.before.replace('{n}', lostAt) : texts.last);
  if (large) drawCall(large, lang, moved !== null);
  else say(find('#label'), '');
  drawList(large, grown);
}

function drawList(large, grown) {
  const rush = isRush(state.calls, clock.now());
  const before = find('#panel').hidden;
  find('#panel').hidden = panel.isEmpty || rush || !state.connected;
  if (grown || before !== find('#panel').hidden) panel.fit();
  drawRows(state.calls, { lang, large: large ? large.ticket : null, rush, alone: find('#panel').hidden });
}

function drawClock() {
  const { weekday, day, month, year } = clock.parts();
  say(find('#time'), clock.time());
  say(find('#date'), `${texts.weekdays[weekday]}, ${day}/${month}/${year}`);
  if (today && today !== clock.day()) midnight();
  today = clock.day();
  // The rush is over when its calls are no longer new.
  if (find('#rows').dataset.rows === '8' && !isRush(state.calls, clock.now())) draw();
}

/** A board left on overnight starts the new day empty; the server's snapshot of it follows. */
function midnight() {
  state.calls = state.calls.filter((call) => clock.day(Date.parse(call.at)) === clock.day());
  if (state.calls.length === 0) stage.clear();
  draw();
}

const keyOf = (call) => `${call.ticket}@${call.at}`;
const isFresh = (call) => clock.now() - Date.parse(call.at) < FRESH;

function takeFigures(told) {
  if (typeof told.waiting === 'number') state.waiting = told.waiting;
  if (Array.isArray(told.wait_minutes)) state.range = told.wait_minutes;
  if (Array.isArray(told.counters)) strip.set(told.counters, told.board && told.board.seconds);
  if (Array.isArray(told.lines)) panel.set(told);
  drawFigures(state, texts);
}

function onSnapshot(snapshot) {
  const again = state.connected;
  const first = !spoke;
  clock.hear(snapshot.at, true);
  state.calls = snapshot.calls || [];
  state.begun = true;
  state.connected = true;
  lostAt = '';
  takeFigures(snapshot);
  ticker.set(snapshot.notices || [], (snapshot.board || {}).seconds || 12);
  sound.set(snapshot.voice);
  sound.known(state.calls, first);
  spoke = true;
  // What was called while this board was connected, and it did not hear, is shown in turn; the rest just stands there.
  const news = again ? state.calls.filter((call) => isFresh(call) && !heard.has(keyOf(call))) : [];
  if (stage.ticket && !state.calls.some((call) => call.ticket === stage.ticket)) {
    stage.remove(stage.ticket, state.calls[0] || null);
  }
  if (news.length === 0) stage.settle(state.calls[0] || null);
  [...news].reverse().forEach((call) => stage.call(call));
  heard.clear();
  state.calls.forEach((call) => heard.add(keyOf(call)));
  draw();
}

function onCall(fact) {
  const before = state.calls.find((call) => call.ticket === fact.ticket);
  const call = { ...before, ...fact };
  state.calls = [call, ...state.calls.filter((each) => each.ticket !== fact.ticket)].slice(0, KEPT);
  heard.add(keyOf(call));
  stage.call(call);
  sound.announce(call);
  draw(); // the list at once, whoever is large
}

function onEvent(fact) {
  if (fact.kind === 'device.reload' && data.device && fact.device === data.device) location.reload();
  if (fact.kind === 'ticket.called' || fact.kind === 'ticket.recalled') onCall(fact);
  const undone = fact.kind === 'ticket.undone' && fact.state !== 'called' && fact.state !== 'serving';
  if (TAKEN_BACK.includes(fact.kind) || undone) {
    state.calls = state.calls.filter((call) => call.ticket !== fact.ticket);
    stage.remove(fact.ticket, state.calls[0] || null);
    draw();
  }
}

function onStatus(status) {
  // The snapshot that answers the join brings the numbers back; a status alone proves nothing about them.
  if (status === 'connected') return;
  if (state.connected || !lostAt) lostAt = clock.time();
  state.connected = false;
  state.begun = true;
  stage.clear();
  strip.set([]);
  drawFigures(state, texts);
  draw();
}

/** For whoever reads at a desk: the space bar stops what turns and runs, and lets it go on. */
document.addEventListener('keydown', (event) => {
  if (event.key !== ' ' || event.target !== document.body) return;
  event.preventDefault();
  held = !held;
  [strip, panel, ticker].forEach((part) => part.hold(held));
});
window.addEventListener('resize', () => {
  strip.redraw();
  panel.set({});
  ticker.redraw();
});
if (document.fonts && document.fonts.ready) document.fonts.ready.then(() => [panel.fit(), ticker.redraw()]);

drawClock();
setInterval(drawClock, 1000);
live({
  rooms: [data.room],
  as: 'board',
  resume: false,
  onSnapshot,
  onEvent,
  onFigures: takeFigures,
  onStatus,
  onTick: (tick) => {
    if (tick) clock.hear(tick.at);
    sound.setClock();
  },
});
