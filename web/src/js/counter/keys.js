// One key for each act; silent while somebody types, while a dialog is open, or when switched off here.
import { byId } from './view.js';

const ACTS = {
  ' ': 'next',
  s: 'start',
  r: 'recall',
  v: 'no_show',
  x: 'finish',
  d: 'receive',
  g: 'park',
  c: 'transfer',
  n: 'note',
  z: 'undo',
  l: 'list',
  f: 'line',
  p: 'state',
  h: 'assist',
  '/': 'search',
  '?': 'help',
  a: 'enough',
  b: 'supplement',
  t: 'refuse',
  i: 'print',
  q: 'code',
  m: 'cash',
};
const STORED = 'counter.keys';

const TYPING = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]';
const TAKES_SPACE = 'button, a, summary, input, [role=listbox]';

function switchedOn() {
  try {
    return window.localStorage.getItem(STORED) !== 'off';
  } catch (error) {
    return true; // storage may be forbidden; the keys are then on
  }
}

function remember(on) {
  try {
    window.localStorage.setItem(STORED, on ? 'on' : 'off');
  } catch (error) {
    return;
  }
}

/** Calls `act(name)` for a key that means something here and now. */
export function listenForKeys(act) {
  const box = byId('keys-on');
  box.checked = switchedOn();
  box.addEventListener('change', () => remember(box.checked));

  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]')) return;
    if (event.key === 'Enter' && event.ctrlKey && !event.repeat) {
      event.preventDefault();
      act('forward');
      return;
    }
    // A dialog that has just closed keeps the focus until the page is drawn again: the key is meant for the page.
    const target = event.target.closest('dialog:not([open])') ? document.body : event.target;
    if (event.key === 'Escape' && target !== document.body) {
      target.blur();
      return;
    }
    if (!box.checked || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (target.matches(TYPING)) return;
    if (event.key === ' ' && target.matches(TAKES_SPACE)) return;
    const name = ACTS[event.key.toLowerCase()];
    if (!name) return;
    event.preventDefault();
    if (!event.repeat) act(name);
  });
}
