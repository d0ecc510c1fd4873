/** One's number on the phone: asks as often as the server says, and says honestly how old its figures are. */
import { api } from './lib/api.js';
import { allowChime, chime } from './lib/chime.js';
import { find, pageData, put, say } from './lib/dom.js';
import { clock, fill, range } from './lib/format.js';

const ENDED = new Set(['finished', 'no_show', 'cancelled', 'expired']);
const CALLED = 'called';
const STALE_AFTER_MS = 30_000;
const RETRY_SECONDS = 4;
const NEAR = 3;

const { token, zone, texts, ...page } = pageData();
let ticket = page.ticket;
let etag = null;
let updatedAt = new Date(page.now);
// The phone's own clock may be wrong: ages are measured, times of day come from the server.
let heardAt = performance.now();
let timer = null;
let gone = false;

const isStale = () => !ENDED.has(ticket.state) && performance.now() - heardAt > Math.max(STALE_AFTER_MS, 2500 * ticket.poll_seconds);

function sentence() {
  const counter = ticket.counter ? ticket.counter.number : '';
  if (gone) return texts.gone;
  if (ticket.state === 'waiting') {
    if (ticket.people_ahead === 0) return texts.next;
    return ticket.people_ahead <= NEAR ? texts.near : texts.waiting;
  }
  if (ticket.state === 'serving') return fill(texts.serving, { counter });
  return texts[ticket.state] || '';
}

function drawCall() {
  const called = ticket.state === CALLED && Boolean(ticket.counter);
  find('#call').hidden = !called;
  if (!called) return;
  say(find('#call-please'), ticket.recalls ? fill(texts.please_again, { n: ticket.recalls }) : texts.please);
  say(find('#call-word'), texts.counter);
  say(find('#call-number'), String(ticket.counter.number));
  say(find('#call-hint'), texts.hold);
}

function draw() {
  const english = document.documentElement.lang === 'en';
  const stale = isStale();
  const shownAt = clock(updatedAt, { zone, seconds: true });
  const root = find('#follow');
  root.dataset.state = ticket.state;
  root.classList.toggle('follow__body--stale', stale);
  say(find('#department'), (english && ticket.department_en) || ticket.department);
  say(find('#issued'), fill(texts.issued, { time: clock(ticket.issued_at, { zone }) }));
  find('#figures').hidden = ticket.state !== 'waiting' || ticket.people_ahead === 0;
  say(find('#ahead'), String(ticket.people_ahead));
  say(find('#wait'), ticket.wait_minutes[1] ? range(ticket.wait_minutes) : '0');
  say(find('#say'), sentence());
  drawCall();
  find('#stale').hidden = !stale;
  if (stale) say(find('#stale'), fill(texts.stale, { time: shownAt }));
  say(find('#updated'), fill(texts.updated, { time: shownAt }));
  find('#alert').hidden = ticket.state !== 'waiting' && ticket.state !== CALLED;
  find('#bring').hidden = ENDED.has(ticket.state) || ticket.bring.length === 0;
  const counter = ticket.state === CALLED && ticket.counter ? `${fill(texts.called_title, { counter: ticket.counter.number })} · ` : '';
  document.title = `${counter}${ticket.label} · ${ticket.office.title}`;
}

function receive(fresh) {
  const callsBefore = ticket.state === CALLED ? 1 + ticket.recalls : 0;
  const calls = fresh.state === CALLED ? 1 + fresh.recalls : 0;
  ticket = fresh;
  if (calls > callsBefore) {
    window.scrollTo(0, 0);
    chime(3);
  }
}

async function ask() {
  clearTimeout(timer);
  const answer = await api('GET', `/follow/${encodeURIComponent(token)}`, null, { etag });
  if (answer.status === 200 || answer.status === 304) {
    heardAt = performance.now();
    updatedAt = answer.at || new Date();
    if (answer.data) {
      etag = answer.etag;
      receive(answer.data);
    }
  }
  gone = answer.status === 404;
  draw();
  if (gone || ENDED.has(ticket.state)) return;
  const fine = answer.status === 200 || answer.status === 304;
  timer = setTimeout(ask, (fine ? ticket.poll_seconds : RETRY_SECONDS) * 1000);
}

find('#alert').addEventListener('click', async (event) => {
  await allowChime();
  event.target.setAttribute('aria-pressed', 'true');
  put(event.target, texts.alert_off);
});
put(find('#alert'), texts.alert_on);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && !ENDED.has(ticket.state)) ask();
});
window.addEventListener('online', ask);
setInterval(draw, 2000);
draw();
if (!ENDED.has(ticket.state)) timer = setTimeout(ask, Math.min(ticket.poll_seconds, RETRY_SECONDS) * 1000);
