// The counter console: one state from the server, drawn whenever it changes; every act one key away.
import { ask } from './counter/ask.js';
import { drawBar, drawClock } from './counter/bar.js';
import { dossierForm } from './counter/form.js';
import { listenForKeys } from './counter/keys.js';
import { hearNotice } from './counter/notices.js';
import { receipts } from './counter/once.js';
import { drawQueue } from './counter/queue.js';
import { byId, say, show } from './counter/view.js';
import { drawActions, drawTimer, drawVisit, openActs } from './counter/visit.js';
import { makeWords } from './counter/words.js';
import { api, mayRetry } from './lib/api.js';
import { live } from './lib/live.js';

const REFETCH_DELAY_MS = 100;
const POLL_MS = 15000;
const POLL_LOST_MS = 3000;
const JUST_CALLED_SECONDS = 30;
const DOUBLE_PRESS_SECONDS = 2; // a second press this soon is a slip: it would skip the citizen just called

const page = JSON.parse(byId('page-data').textContent);
const { texts } = page;
const words = makeWords(page.zone);

let counter = null;
let offset = 0; // the server's clock minus this machine's, in ms
let busy = false;
let written = [];
let visitId = null;
let fetchTimer = null;
let asked = 0;
let socketLost = false;
let serverLost = false;

const once = receipts();
const now = () => Date.now() + offset;
const form = dossierForm({ texts, words, ask, onWritten });

function draw() {
  if (!counter) return;
  drawBar(counter, texts);
  drawQueue(counter, now(), texts, words);
  drawVisit(counter, texts, words);
  drawActions(counter, busy, texts);
  drawTimer(counter.current, now(), words);
}

function drawLost() {
  show(byId('lost'), socketLost || serverLost);
}

function trouble(text) {
  show(byId('trouble'), Boolean(text));
  say(byId('trouble-text'), text);
}

/** Fetches the whole state; an answer overtaken by a later question or an act is dropped. */
async function refresh() {
  clearTimeout(fetchTimer);
  asked += 1;
  const mine = asked;
  const { status, data, error } = await api('GET', `/counters/${page.counter}`);
  fetchTimer = setTimeout(refresh, socketLost || serverLost ? POLL_LOST_MS : POLL_MS);
  // Signed out meanwhile: the door asks for the password, but not before what is half typed was seen.
  if (status === 401 && form.phase !== 'open') window.location.reload();
  serverLost = !status || status >= 500;
  drawLost();
  if (mine !== asked) return;
  if (error) {
    if (!serverLost) trouble(error.message || texts.noAnswer);
    return;
  }
  take(data);
}

function refreshSoon() {
  clearTimeout(fetchTimer);
  fetchTimer = setTimeout(refresh, REFETCH_DELAY_MS);
}

function take(state) {
  counter = state;
  if (state.now) offset = Date.parse(state.now) - Date.now();
  const next = counter.current ? counter.current.id : null;
  if (next !== visitId) {
    visitId = next;
    written = [];
    form.list(written);
    if (form.phase === 'done') form.close();
  }
  draw();
}

/** One act at a time; its answer is drawn at once and the rest of the state fetched after it. */
async function send(path, body) {
  if (busy) return false;
  busy = true;
  asked += 1;
  drawActions(counter, busy, texts);
  const answer = await api('POST', path, body, { idempotencyKey: once.keyFor({ path, body }) });
  if (!mayRetry(answer)) once.done(); // without an answer, the next press repeats this very act
  busy = false;
  trouble(answer.error ? answer.error.message || texts.noAnswer : '');
  await refresh();
  draw();
  return !answer.error;
}

const secondsSinceCall = () => (now() - Date.parse(counter.current.called_at)) / 1000;
const move = (name) => send(`/tickets/${counter.current.id}/moves`, { move: name });

const acts = {
  async next() {
    const running = Boolean(counter.current);
    if (running && secondsSinceCall() < DOUBLE_PRESS_SECONDS) return;
    if (running && !(await form.confirmLoss(texts.dropAndCall))) return;
    if (await send(`/counters/${page.counter}/next`, running ? { finish: true } : {})) form.close();
  },
  start: () => move('start'),
  recall: () => move('recall'),
  async no_show() {
    const seconds = Math.floor(secondsSinceCall());
    if (seconds < JUST_CALLED_SECONDS) {
      const sure = await ask({
        title: words.phrase(texts.noShowTitle, { label: counter.current.label }),
        text: words.phrase(texts.noShowText, { n: seconds }),
        yes: texts.noShow,
      });
      if (!sure || !openActs(counter, busy).has('no_show')) return;
    }
    await move('no_show');
  },
  async finish() {
    if (!(await form.confirmLoss(texts.dropAndFinish))) return;
    if (await move('finish')) form.close();
  },
  receive() {
    if (form.phase !== 'open') form.open(counter.current);
  },
};

async function act(name) {
  if (name === 'help') byId('help').showModal();
  else if (name === 'search') {
    if (!form.search() && counter) form.open(counter.current);
  } else if (form.press(name)) return;
  else if (openActs(counter, busy).has(name)) await acts[name]();
}

function onWritten(facts) {
  written.push(facts);
  form.list(written);
  refreshSoon();
}

async function loadProcedures() {
  const [procedures, departments] = await Promise.all([api('GET', '/procedures'), api('GET', '/departments')]);
  if (procedures.error || departments.error || !counter) {
    setTimeout(loadProcedures, POLL_LOST_MS);
    return;
  }
  const english = page.language === 'en';
  const titles = new Map(departments.data.map((d) => [d.key, (english && d.title_en) || d.title]));
  form.picker.fill(
    procedures.data.map((procedure) => ({ ...procedure, department_title: titles.get(procedure.department) })),
    counter.lines.map((line) => line.department),
  );
}

byId('actions').addEventListener('mousedown', (event) => event.preventDefault()); // keeps the space bar for "next"
byId('actions').addEventListener('click', (event) => {
  const button = event.target.closest('[data-act]');
  if (button) act(button.dataset.act);
});
byId('done-more').addEventListener('click', () => acts.receive());
byId('done-finish').addEventListener('click', () => {
  if (counter.current) act('finish');
  else form.close();
});
byId('help-open').addEventListener('click', () => byId('help').showModal());
byId('trouble-close').addEventListener('click', () => trouble(''));
listenForKeys(act);

setInterval(() => {
  drawClock(now(), words);
  if (counter) drawTimer(counter.current, now(), words);
}, 1000);
drawClock(now(), words);

live({
  rooms: [`counter:${page.counter}`],
  onSnapshot: refreshSoon,
  onEvent(event) {
    if (event.kind === 'plugin.switched') loadProcedures();
    hearNotice(event, now(), texts, words);
    refreshSoon();
  },
  onStatus(status) {
    socketLost = status === 'lost';
    drawLost();
    refreshSoon();
  },
});
refresh().then(loadProcedures);
