/** A keyboard on the screen. No Vietnamese typing: the search folds diacritics anyway. */
import { make, put } from '../lib/dom.js';

const LETTERS = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

function type(input, change) {
  input.value = change(input.value).slice(0, input.maxLength > 0 ? input.maxLength : undefined);
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.focus({ preventScroll: true });
}

function key(shown, input, change, options = {}) {
  return make(
    'button',
    {
      type: 'button',
      class: `key ${options.wide ? `key--${options.wide}` : ''}`,
      'aria-label': options.label,
      // The input keeps the focus, so that a caret and a plugged-in keyboard go on working.
      onpointerdown: (event) => event.preventDefault(),
      onclick: () => type(input, change),
    },
    shown,
  );
}

/** Draws the keys into `place`; `rows` of characters, `words` {delete, clear, space?} as their names. */
export function drawKeyboard(place, input, words, rows = LETTERS) {
  const keys = rows.map((row) => Array.from(row, (letter) => key(letter, input, (value) => value + letter)));
  keys[keys.length - 1].push(
    key('⌫', input, (value) => value.slice(0, -1), { wide: 'delete', label: words.delete }),
  );
  const last = [key(words.clear, input, () => '', { wide: 'clear' })];
  if (words.space) last.push(key(words.space, input, (value) => (value && !value.endsWith(' ') ? `${value} ` : value), { wide: 'space' }));
  put(place, ...keys.map((row, index) => make('div', { class: `keyboard__row keyboard__row--${index}` }, row)), make('div', { class: 'keyboard__row keyboard__row--last' }, last));
}
