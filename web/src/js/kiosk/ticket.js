/** The number on the screen: how it stands, how its paper comes along, and the way back to the start. */
import { api } from '../lib/api.js';
import { find, say } from '../lib/dom.js';
import { range } from '../lib/format.js';
import { drawNote } from './note.js';
import { onLanguage, t, titleOf } from './words.js';

const ASK_MS = 800;
const SLOW_AFTER_MS = 9_000;
const GIVE_UP_MS = 60_000;
const STAY_SECONDS = 20;
const STAY_SECONDS_WITHOUT_PAPER = 90; // to find a telephone, or a pen
const MORE_SECONDS = 60;
const RETURN_WITHIN_SECONDS = 90;

let shown = null; // {ticket, priority, paper, left, since} of the number on the screen

/** The QR picture lies beside the follow page, whatever host the printed address names. */
export const qrPath = (followUrl) => `${new URL(followUrl, location.href).pathname}/qr.svg`;

function drawPaper() {
  const { state, message, printer } = shown.paper; // `printer` is named when another one stands in
  const texts = {
    queued: [printer ? t('printing_at', { printer }) : t('printing'), ''],
    printed: [printer ? t('printed_at', { printer }) : t('printed'), ''],
    none: [t('no_paper'), t('no_paper_what')],
    trouble: [t('paper_trouble'), `${message ? `${message} ` : ''}${t(shown.ticket.offline ? 'no_paper_what' : 'paper_trouble_what')}`],
    slow: [t('paper_slow'), t('paper_trouble_what')],
  };
  const [title, what] = texts[state] || texts.queued;
  find('#paper').dataset.state = state;
  find('#ticket').dataset.paper = state;
  say(find('#paper-title'), title);
  say(find('#paper-what'), what);
}

function drawCountdown() {
  say(find('#countdown'), shown.left === null ? '' : t('returns_in', { n: shown.left }));
}

function draw() {
  if (!shown) return;
  const { ticket, priority } = shown;
  const [, high] = ticket.wait_minutes || [0, 0];
  const nobody = ticket.people_ahead === 0;
  const unknown = ticket.people_ahead === null;
  say(find('#label'), ticket.label);
  find('#label').dataset.length = ticket.label.length;
  say(find('#ticket-department'), titleOf(ticket.department));
  say(find('#ticket-procedure'), ticket.procedure ? ticket.procedure.name : '');
  find('#ticket-procedure').lang = 'vi';
  find('#ticket-priority').hidden = !priority;
  say(find('#ticket-priority'), priority ? t('priority_is', { priority: titleOf(priority) }) : '');
  drawNote(ticket);
  find('#figures').hidden = nobody || unknown || Boolean(ticket.next);
  say(find('#ahead'), String(ticket.people_ahead));
  say(find('#wait'), high ? range(ticket.wait_minutes) : '–');
  say(find('#listen'), ticket.offline ? t('offline_ticket') : t(nobody && !ticket.next ? 'nobody_ahead' : 'listen'));
  say(find('#check'), ticket.check_code);
  find('#qr').alt = t('qr_alt', { label: ticket.label });
  drawPaper();
  drawCountdown();
}

onLanguage(draw);

function settle(paper, seconds) {
  const changed = shown.paper.state !== paper.state || shown.paper.printer !== paper.printer;
  shown.paper = paper;
  if (changed || shown.left === null) shown.left = seconds;
  drawPaper();
  drawCountdown();
}

async function followPaper(mine) {
  while (shown === mine && performance.now() - mine.since < GIVE_UP_MS) {
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    const { data } = await api('GET', `/tickets/${mine.ticket.id}/printing`, null, { timeout: 4000 });
    if (shown !== mine) return;
    const state = data ? data.state : null;
    if (state === 'printed' || state === 'none') return settle(data, state === 'printed' ? STAY_SECONDS : STAY_SECONDS_WITHOUT_PAPER);
    if (state === 'trouble') settle(data, STAY_SECONDS_WITHOUT_PAPER);
    else if (performance.now() - mine.since > SLOW_AFTER_MS) settle({ state: 'slow', message: '' }, STAY_SECONDS_WITHOUT_PAPER);
  }
}

/** Shows a fresh number; `priority` is the chosen reason or null. */
export function showTicket(ticket, priority) {
  shown = { ticket, priority, paper: ticket.printing, left: null, since: performance.now() };
  const qr = find('#qr');
  qr.hidden = true;
  qr.onload = () => (qr.hidden = false);
  qr.src = qrPath(ticket.follow_url);
  draw();
  if (ticket.printing.state === 'queued') followPaper(shown);
  else settle(ticket.printing, STAY_SECONDS_WITHOUT_PAPER);
}

/** The next visitor must not see this number. */
export function hideTicket() {
  shown = null;
  find('#qr').removeAttribute('src');
  ['#label', '#ticket-department', '#ticket-procedure', '#ahead', '#wait', '#check'].forEach((place) => say(find(place), ''));
}

/** Wires the two buttons and the countdown; `goHome` ends the visit. */
export function wireTicket(goHome) {
  find('#done').addEventListener('click', goHome);
  find('#more-time').addEventListener('click', () => {
    if (!shown) return;
    shown.left = MORE_SECONDS;
    drawCountdown();
  });
  setInterval(() => {
    if (!shown) return;
    if (shown.left === null) {
      if (performance.now() - shown.since > RETURN_WITHIN_SECONDS * 1000) goHome();
      return;
    }
    shown.left -= 1;
    if (shown.left <= 0) goHome();
    else drawCountdown();
  }, 1000);
}
