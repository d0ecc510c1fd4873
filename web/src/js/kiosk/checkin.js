/** Saying that one is here: a booked time becomes a number, a number from afar may be called. */
import { api, mayRetry, newKey } from '../lib/api.js';
import { find, say } from '../lib/dom.js';
import { drawKeyboard } from './keyboard.js';
import { listenForScans } from './scanner.js';
import { onLanguage, t } from './words.js';

const ROWS = ['1234567890', 'QWERTYUIOP', 'ASDFGHJKL', 'ZXCVBNM'];

/**
 * `ready()` says whether anybody may check in now, `open()` brings the screen up, `onArrived(ticket)` shows the number.
 * Returns `clear()`.
 */
export function wireCheckIn({ ready, open, onArrived }) {
  const code = find('#checkin-code');
  const go = find('#checkin-go');
  let key = newKey();
  let busy = false;
  let visitor = 0; // an answer for somebody who has gone is shown to nobody

  function problem(text) {
    say(find('#checkin-problem'), text);
    find('#checkin-problem').hidden = !text;
    if (text) code.setAttribute('aria-invalid', 'true');
    else code.removeAttribute('aria-invalid');
  }

  function clear() {
    visitor += 1;
    key = newKey();
    busy = false;
    go.disabled = false;
    code.value = '';
    say(find('#checkin-busy'), '');
    problem('');
  }

  async function send(text) {
    if (busy || !text.trim()) return;
    const mine = visitor;
    busy = true;
    go.disabled = true;
    problem('');
    say(find('#checkin-busy'), t('checkin_busy'));
    const answer = await api('POST', '/kiosk/check-in', { code: text.trim() }, { idempotencyKey: key });
    if (mine !== visitor) return;
    busy = false;
    go.disabled = false;
    say(find('#checkin-busy'), '');
    if (answer.data) {
      clear();
      onArrived(answer.data);
      return;
    }
    if (!mayRetry(answer)) key = newKey();
    problem(mayRetry(answer) && answer.status !== 429 ? t('checkin_failed') : answer.error.message);
    code.focus({ preventScroll: true });
  }

  go.addEventListener('click', () => send(code.value));
  code.addEventListener('keydown', (event) => event.key === 'Enter' && send(code.value));
  code.addEventListener('input', () => {
    key = newKey();
    problem('');
  });
  listenForScans((text) => {
    if (!ready() || busy) return;
    clear();
    open();
    send(text);
  });
  onLanguage(() => drawKeyboard(find('#checkin-keys'), code, { delete: t('delete'), clear: t('clear'), space: t('space') }, ROWS));
  return clear;
}
