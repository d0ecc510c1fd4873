/** One's number on the phone: asks as often as the server says, and says honestly how old its figures are. */
import { keepPage, keepToken } from './follow/kept.js';
import { drawPayment, isPaying } from './follow/payment.js';
import { createMoves } from './follow/moves.js';
import { createRating } from './follow/rating.js';
import { createTell } from './follow/tell.js';
import { sentence } from './follow/words.js';
import { api } from './lib/api.js';
import { allowChime, chime } from './lib/chime.js';
import { find, pageData, put, say } from './lib/dom.js';
import { clock, fill, range } from './lib/format.js';

const ENDED = new Set(['finished', 'no_show', 'cancelled', 'expired', 'carried_over']);
const CALLED = 'called';
const STALE_AFTER_MS = 30_000;
const RETRY_SECONDS = 4;

const { token, zone, texts, ...page } = pageData();
let ticket = page.ticket;
let etag = null;
let updatedAt = new Date(page.now);
// The phone's own clock may be wrong: ages are measured, times of day come from the server.
let heardAt = performance.now();
let timer = null;
let gone = false;

const serverNow = () => new Date(updatedAt.getTime() + (performance.now() - heardAt));
const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: zone || 'Asia/Ho_Chi_Minh' }).format(serverNow());
const isStale = () => !ENDED.has(ticket.state) && performance.now() - heardAt > Math.max(STALE_AFTER_MS, 2500 * ticket.poll_seconds);
const inQueue = () => ticket.state === 'waiting' && ticket.day === today();

const drawMoves = createMoves(token, texts, take);
const drawRating = createRating(token, texts, take);
const offerTelling = createTell(token, texts);

function drawCall() {
  const called = ticket.state === CALLED && Boolean(ticket.counter);
  find('#call').hidden = !called;
  if (!called) return;
  say(find('#call-please'), ticket.recalls ? fill(texts.please_again, { n: ticket.recalls }) : texts.please);
  say(find('#call-word'), texts.counter);
  say(find('#call-number'), String(ticket.counter.number));
  say(find('#call-hint'), texts.hold);
}

function drawFurther(english) {
  const names = (ticket.next_services || []).map((each) => (english && each.title_en) || each.title);
  find('#further').hidden = names.length === 0 || ENDED.has(ticket.state);
  say(find('#further'), fill(texts.further, { names: names.join(', ') }));
  find('#carried').hidden = !ticket.carried;
  if (ticket.carried) find('#carried').href = ticket.carried.follow_url;
}

function drawFigures() {
  find('#figures').hidden = !inQueue() || ticket.people_ahead === 0;
  say(find('#ahead'), String(ticket.people_ahead));
  say(find('#wait'), ticket.wait_minutes[1] ? range(ticket.wait_minutes) : '0');
}

function draw() {
  const english = document.documentElement.lang === 'en';
  const stale = isStale();
  const shownAt = clock(updatedAt, { zone, seconds: true });
  const root = find('#follow');
  root.dataset.state = ticket.state;
  root.classList.toggle('follow__body--stale', stale);
  say(find('#department'), (english && ticket.department_en) || ticket.department);
  say(find('#issued'), ticket.due_at ? fill(texts.due, { time: clock(ticket.due_at, { zone }) }) : fill(texts.issued, { time: clock(ticket.issued_at, { zone }) }));
  drawFigures();
  say(find('#say'), gone ? texts.gone : sentence(ticket, texts, { zone, today: today(), now: serverNow() }));
  drawCall();
  drawFurther(english);
  drawMoves(ticket);
  drawRating(ticket);
  drawPayment(ticket, token, texts);
  offerTelling(ticket);
  find('#stale').hidden = !stale;
  if (stale) say(find('#stale'), fill(texts.stale, { time: shownAt }));
  say(find('#updated'), fill(texts.updated, { time: shownAt }));
  find('#here').hidden = ticket.state !== 'expected';
  find('#alert').hidden = !inQueue() && ticket.state !== CALLED;
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

/** An answer to something the holder did. */
function take(fresh, answer) {
  heardAt = performance.now();
  updatedAt = answer.at || new Date();
  etag = null;
  receive(fresh);
  draw();
  schedule(ticket.poll_seconds);
}

function schedule(seconds) {
  clearTimeout(timer);
  timer = setTimeout(ask, seconds * 1000);
}

async function ask() {
  clearTimeout(timer);
  const answer = await api('GET', `/follow/${encodeURIComponent(token)}`, null, { etag });
  const fine = answer.status === 200 || answer.status === 304;
  if (fine) {
    heardAt = performance.now();
    updatedAt = answer.at || new Date();
    if (answer.data) {
      etag = answer.etag;
      receive(answer.data);
    }
  }
  gone = answer.status === 404;
  draw();
  if (!gone && (!ENDED.has(ticket.state) || isPaying(ticket))) schedule(fine ? ticket.poll_seconds : RETRY_SECONDS);
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
keepToken(token);
keepPage();
setInterval(draw, 2000);
draw();
// A page opened without network is an old copy: ask at once, so that it says so.
if (!ENDED.has(ticket.state) || isPaying(ticket)) schedule(navigator.onLine === false ? 0 : Math.min(ticket.poll_seconds, RETRY_SECONDS));
