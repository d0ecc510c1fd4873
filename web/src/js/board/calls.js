/** Drawing calls: one large, and the last ones beside it. */
import { find, make, put, say } from '../lib/dom.js';

const CALM = 4;
const ALONE = 5;
const RUSH = 8;
/** So many calls in so short a time, and the panel gives its place to more of them. */
const RUSHED = 5;
const RUSH_MS = 30000;

export const counterText = (number) => String(number).padStart(2, '0');
const lengthOf = (label) => String(Math.min(Math.max(label.length, 4), 6));

function placeOf(call, lang) {
  return (lang === 'en' && call.department_title_en) || call.department_title || call.line_title || '';
}

function inEnglish(call) {
  const where = call.department_title_en ? ` – ${call.department_title_en}` : '';
  return `Number ${call.label}, please go to counter ${call.counter_number}${where}`;
}

/** The large call; it moves once when it is new. */
export function drawCall(call, lang, moved) {
  const box = find('#call');
  const label = find('#label');
  say(label, call.label);
  label.dataset.length = lengthOf(call.label);
  say(find('#counter'), counterText(call.counter_number));
  say(find('#place'), placeOf(call, lang));
  const english = find('#english');
  english.hidden = !(call.language === 'en' && lang !== 'en');
  say(english, english.hidden ? '' : inEnglish(call));
  if (!moved) return;
  box.classList.remove('is-new');
  void box.offsetWidth; // lets the same animation start again for a recall
  box.classList.add('is-new');
}

/** Whether calls come so fast that they need the room. */
export function isRush(calls, now) {
  return calls.filter((call) => now - Date.parse(call.at) < RUSH_MS).length >= RUSHED;
}

/** Newest first, as many as have room without any being cut; the large one is marked. */
export function drawRows(calls, { lang, large, rush, alone }) {
  const most = rush ? RUSH : alone ? ALONE : CALM;
  const list = find('#rows');
  list.dataset.rows = String(most);
  const rows = calls.slice(0, most).map((call) => {
    const label = make('span', { class: 'board__row-label', 'data-length': lengthOf(call.label) }, call.label);
    return make(
      'li',
      { class: call.ticket === large ? 'board__row board__row--new' : 'board__row', 'data-ticket': call.ticket },
      label,
      make('span', { class: 'board__row-place' }, placeOf(call, lang)),
      make('span', { class: 'board__row-counter' }, counterText(call.counter_number)),
    );
  });
  put(list, rows);
}
