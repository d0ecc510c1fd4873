// One of several things, each with its digit; the first is one Enter away.
import { byId, clear, copyOf, say, whenClosed, write } from './view.js';

const MOST_DIGITS = 9;

/** Resolves to the key of the option taken, or null. An option is {key, title, note?}. */
export async function choose({ title, text, options }) {
  const dialog = byId('choice');
  write(byId('choice-title'), title);
  say(byId('choice-text'), text);
  const list = clear(byId('choice-list'));
  options.forEach((option, index) => {
    const { root, parts } = copyOf('choice-row');
    parts.pick.value = option.key;
    write(parts.digit, index < MOST_DIGITS ? index + 1 : '');
    write(parts.title, option.title);
    say(parts.note, option.note);
    list.append(root);
  });
  const buttons = Array.from(list.querySelectorAll('button'));

  function onKey(event) {
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      buttons[(at + step + buttons.length) % buttons.length].focus();
    } else if (/^[1-9]$/.test(event.key) && buttons[event.key - 1]) {
      event.preventDefault();
      buttons[event.key - 1].click();
    }
  }

  dialog.addEventListener('keydown', onKey);
  dialog.returnValue = '';
  dialog.showModal();
  buttons[0].focus();
  const taken = await whenClosed(dialog);
  dialog.removeEventListener('keydown', onKey);
  return taken || null;
}
