// The counter console: one state from the server, drawn whenever it changes; every act one key away.
import { makeActs } from './counter/acts.js';
import { ask } from './counter/ask.js';
import { assistButton } from './counter/assist.js';
import { drawBar, drawClock } from './counter/bar.js';
import { makeDesk } from './counter/desk.js';
import { dossierForm } from './counter/form.js';
import { listenForKeys } from './counter/keys.js';
import { noteDialog } from './counter/note.js';
import { hearNotice } from './counter/notices.js';
import { parkDialog } from './counter/park.js';
import { payPanel } from './counter/pay.js';
import { drawQueue } from './counter/queue.js';
import { ticketRows } from './counter/rows.js';
import { drawLong, drawState, putLongAway } from './counter/state.js';
import { ticketDialog } from './counter/ticket.js';
import { transferDialog } from './counter/transfer.js';
import { drawUndo } from './counter/undo.js';
import { byId, say, show } from './counter/view.js';
import { drawActions, drawTimer, drawVisit, openActs } from './counter/visit.js';
import { makeWords } from './counter/words.js';
import { api } from './lib/api.js';
import { live } from './lib/live.js';

const RETRY_MS = 3000;
const STALE_PRESS_MS = 2000; // what was pressed this long ago may mean something else by now

const page = JSON.parse(byId('page-data').textContent);
const { texts } = page;
const words = makeWords(page.zone);
let written = [];
let held = false; // a key pressed while an act is under way waits for its outcome

const desk = makeDesk({
  id: page.counter,
  texts,
  words,
  onChange: draw,
  onVisit,
  onTrouble: trouble,
  mayReload: () => form.phase !== 'open' && form.kept.size === 0,
});
const form = dossierForm({ texts, words, ask, onWritten });
const pay = payPanel({
  texts,
  words,
  ask,
  onTrouble: trouble,
  where() {
    const charged = written.filter((facts) => facts.fees);
    const ticket = desk.counter && desk.counter.current ? desk.counter.current.id : null;
    return {
      ticket,
      codes: charged.map((facts) => facts.code),
      counter: page.counter,
      amount: charged.reduce((sum, facts) => sum + facts.fees, 0),
    };
  },
});
const assist = assistButton({ texts, words, onAsk: () => desk.send(`/counters/${page.counter}/help`, {}) });
const rows = ticketRows({
  texts,
  words,
  onOpen: (ticket, list) => dialogs.ticket.open(ticket, list, desk.counter),
  onDo: (ticket, list) => ofTicket(list === 'parked' ? 'resume' : 'return', ticket),
});
const dialogs = {
  ticket: ticketDialog({ texts, words, onAct: (name, ticket, reason) => ofTicket(name, ticket, reason) }),
  note: noteDialog({ texts, words, onNote: (ticket, words) => note(ticket, words) }),
  park: parkDialog({ texts, words, onPark: (ticket, details) => park(ticket, details) }),
  transfer: transferDialog({ texts, words, onTransfer: (ticket, details) => transfer(ticket, details) }),
};
const { acts, ofTicket, note, park, transfer, byLine } = makeActs({ desk, form, rows, dialogs, assist, ask, texts, words });

function draw() {
  show(byId('lost'), desk.isLost());
  const { counter } = desk;
  if (!counter) return;
  drawBar(counter, texts);
  drawState(counter, texts, words);
  drawQueue(counter, texts, words);
  rows.draw(counter, desk.now(), form.kept);
  drawVisit(counter, texts, words);
  drawSeconds();
}

/** What changes by itself, every second. */
function drawSeconds() {
  const { counter, busy, rests } = desk;
  drawClock(desk.now(), words);
  if (!counter) return;
  drawActions(counter, busy, rests, texts, words);
  drawTimer(counter.current, desk.now(), words);
  drawLong(counter.current, desk.now(), texts, words);
  drawUndo(counter, desk.now(), busy, texts, words);
}

function trouble(text) {
  show(byId('trouble'), Boolean(text));
  say(byId('trouble-text'), text);
}

/** Another visit is here, or none: what belonged to the one before is put in order. */
function onVisit(mine) {
  const { current, waiting, parked, absent } = desk.counter;
  form.kept.retain([current, ...waiting, ...parked, ...absent].filter(Boolean));
  written = [];
  pay.reset();
  form.list(written);
  if (form.phase === 'done') form.close();
  // A call button or another window did it: nothing to be said, unless something is half typed.
  if (!mine) form.orphan();
}

function onWritten(facts) {
  written.push(facts);
  pay.reset();
  form.list(written);
  desk.refreshSoon();
}

async function act(name) {
  if (name === 'help') byId('help').showModal();
  else if (name === 'code' || name === 'cash') pay.press(name);
  else if (name === 'search' && form.search()) return;
  else if (!form.press(name) && (await settledSoon())) await actNow(name);
}

async function actNow(name) {
  const { counter, busy, rests } = desk;
  if (name === 'search' && counter) form.open(counter.current);
  else if (openActs(counter, busy, rests).has(name)) await acts[name]();
}

/** Waits for the act under way; false for a second key meanwhile, and for one that had to wait for long. */
async function settledSoon() {
  if (held) return false;
  const pressed = Date.now();
  held = true;
  await desk.settled();
  held = false;
  return Date.now() - pressed < STALE_PRESS_MS;
}

async function loadProcedures() {
  const [procedures, departments] = await Promise.all([api('GET', '/procedures'), api('GET', '/departments')]);
  if (procedures.error || departments.error || !desk.counter) {
    setTimeout(loadProcedures, RETRY_MS);
    return;
  }
  const english = page.language === 'en';
  const titles = new Map(departments.data.map((d) => [d.key, (english && d.title_en) || d.title]));
  form.fill(
    procedures.data.map((procedure) => ({ ...procedure, department_title: titles.get(procedure.department) })),
    desk.counter.lines.map((line) => line.department),
  );
}

byId('actions').addEventListener('mousedown', (event) => event.preventDefault()); // keeps the space bar for "next"
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-act]');
  if (button) act(button.dataset.act);
});
byId('line-lengths').addEventListener('click', (event) => {
  const button = event.target.closest('[data-line]');
  if (button && openActs(desk.counter, desk.busy).has('next')) byLine(Number(button.dataset.line));
});
byId('done-more').addEventListener('click', () => acts.receive());
byId('done-finish').addEventListener('click', () => {
  if (desk.counter.current) act('finish');
  else form.close();
});
byId('help-open').addEventListener('click', () => byId('help').showModal());
byId('trouble-close').addEventListener('click', () => trouble(''));
byId('long-close').addEventListener('click', () => {
  putLongAway(desk.now());
  drawSeconds();
});
window.addEventListener('beforeunload', (event) => {
  if (form.dirty || form.kept.size > 0) event.preventDefault();
});
listenForKeys(act);

setInterval(drawSeconds, 1000);
drawClock(desk.now(), words);

live({
  rooms: [`counter:${page.counter}`],
  onSnapshot: desk.refreshSoon,
  onEvent(event) {
    if (event.kind === 'plugin.switched') loadProcedures();
    if (event.kind.startsWith('payment.')) pay.hear(event);
    assist.hear(event, page.counter);
    hearNotice(event, desk.now(), texts, words);
    desk.refreshSoon();
  },
  onStatus: desk.socketIs,
});
desk.refresh().then(loadProcedures);
