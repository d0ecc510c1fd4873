// The centre: whose turn it is, since when, and which buttons make sense now.
import { priorityOf, what } from './queue.js';
import { byId, clear, make, show, write } from './view.js';

export function drawVisit(counter, texts, words) {
  const current = counter.current;
  byId('visit').dataset.state = current ? current.state : 'none';
  write(byId('visit-label'), current ? current.label : texts.nobody);
  if (current) {
    const language = texts.languages[current.language] || current.language;
    const state = current.state === 'serving' ? texts.serving : texts.called;
    write(byId('visit-meta'), words.phrase(texts.visitMeta, { state, time: words.time(current.issued_at), language }));
    write(byId('visit-what'), what(current, texts, words));
    write(byId('visit-waited'), words.phrase(texts.waited, { n: words.minutes(current.waited_seconds) }));
  } else {
    write(byId('visit-meta'), texts.idle);
    write(byId('visit-what'), counter.waiting_count ? texts.pressSpace : texts.nobodyWaits);
    write(byId('visit-waited'), '');
  }
  drawChips(current, texts, words);
}

function drawChips(current, texts, words) {
  const chips = clear(byId('visit-chips'));
  if (!current) return;
  const add = (text, kind) => chips.append(make('span', `chip chip--${kind}`, text));
  if (priorityOf(current)) add(priorityOf(current), 'warn');
  if (current.recalls) add(words.phrase(texts.recalled, { n: current.recalls }), 'soft');
  if (current.check_code) add(words.phrase(texts.checkCode, { code: current.check_code }), 'soft');
}

/** The running clock: since the start of the visit, or since the call. */
export function drawTimer(current, now, words) {
  const since = current && (current.started_at || current.called_at);
  write(byId('visit-timer'), since ? words.timer((now - Date.parse(since)) / 1000) : '');
}

/** Which of the console's acts are open now. */
export function openActs(counter, busy) {
  if (!counter) return new Set();
  const open = new Set(['receive']); // opens a form on this page only, so it need not wait for an answer
  if (busy) return open;
  const current = counter.current;
  if (counter.open) open.add('next');
  for (const move of (current && current.moves) || []) open.add(move);
  return open;
}

export function drawActions(counter, busy, texts) {
  const open = openActs(counter, busy);
  for (const button of byId('actions').querySelectorAll('[data-act]')) {
    button.disabled = !open.has(button.dataset.act);
  }
  write(byId('next-text'), counter && counter.current ? texts.finishAndNext : texts.next);
  show(byId('closed'), Boolean(counter && !counter.open));
}
