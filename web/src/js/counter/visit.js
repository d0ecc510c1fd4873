// The centre: whose turn it is, since when, and which buttons make sense now.
import { chipsOf, planOf, what } from './names.js';
import { byId, clear, make, say, show, write } from './view.js';

export function drawVisit(counter, texts, words) {
  const current = counter.current;
  byId('visit').dataset.state = current ? current.state : 'none';
  write(byId('visit-label'), current ? current.label : texts.nobody);
  if (current) {
    const language = texts.languages[current.language] || current.language;
    const state = current.state === 'serving' ? texts.serving : texts.called;
    write(byId('visit-meta'), words.phrase(texts.visitMeta, { state, time: words.time(current.issued_at), language }));
    write(byId('visit-what'), what(current, texts, words));
    write(byId('visit-waited'), [wayOf(current, texts, words), waitedOf(current, texts, words)].join(' · '));
  } else {
    write(byId('visit-meta'), texts.idle);
    write(byId('visit-what'), idleText(counter, texts));
    write(byId('visit-waited'), '');
  }
  const plan = current && planOf(current);
  say(byId('visit-plan'), plan && words.phrase(texts.plan, { lines: plan }));
  say(byId('visit-note'), current && current.note && words.phrase(texts.note, { text: current.note }));
  write(byId('visit-write-text'), current && current.note ? texts.changeNote : texts.writeNote);
  show(byId('visit-write'), Boolean(current));
  drawChips(current, texts, words);
}

function idleText(counter, texts) {
  if (counter.state !== 'open') return texts.pressOpen;
  return counter.waiting_count ? texts.pressSpace : texts.nobodyWaits;
}

const waitedOf = (current, texts, words) => words.phrase(texts.waited, { n: words.minutes(current.waited_seconds) });

/** The way from the chair to the counter is no service: it is told apart. */
function wayOf(current, texts, words) {
  if (current.state !== 'serving') return texts.onTheWay;
  return words.phrase(texts.way, { time: words.timer(current.way_seconds || 0) });
}

function drawChips(current, texts, words) {
  const chips = clear(byId('visit-chips'));
  if (!current) return;
  const add = (text, kind) => chips.append(make('span', kind ? `chip chip--${kind}` : 'chip', text));
  for (const [text, kind] of chipsOf(current, texts, words)) add(text, kind);
  if (current.recalls) add(words.phrase(texts.recalled, { n: current.recalls }), 'soft');
  if (current.check_code) add(words.phrase(texts.checkCode, { code: current.check_code }), 'soft');
}

/** The running clock: since the start of the visit, or since the call. */
export function drawTimer(current, now, words) {
  const since = current && (current.started_at || current.called_at);
  write(byId('visit-timer'), since ? words.timer((now - Date.parse(since)) / 1000) : '');
}

/** Which of the console's acts are open now; `rests` are the seconds until a recall is allowed again. */
export function openActs(counter, busy, rests = 0) {
  if (!counter) return new Set();
  const open = new Set(['receive']); // opens a form on this page only, so it need not wait for an answer
  if (busy) return open;
  for (const name of ['state', 'assist', 'list', 'undo']) open.add(name);
  const current = counter.current;
  if (counter.state === 'open') {
    open.add('next');
    if (counter.lines.length > 1) open.add('line');
  } else open.add('reopen');
  for (const move of (current && current.moves) || []) open.add(move);
  if (rests > 0) open.delete('recall');
  return open;
}

export function drawActions(counter, busy, rests, texts, words) {
  const open = openActs(counter, busy, rests);
  for (const button of byId('actions').querySelectorAll('[data-act]')) {
    button.disabled = !open.has(button.dataset.act);
  }
  const current = counter && counter.current;
  const following = current && current.plan && current.plan[0];
  write(byId('next-text'), current ? texts.finishAndNext : texts.next);
  write(byId('finish-text'), following ? words.phrase(texts.nextService, { prefix: following.prefix }) : texts.finish);
  write(byId('recall-text'), rests > 0 ? words.phrase(texts.recallIn, { n: rests }) : texts.recall);
}
