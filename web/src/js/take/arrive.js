/** In front of the door: what this phone follows is checked in by itself, anything else by its code. */
import { api } from '../lib/api.js';
import { find, make, say } from '../lib/dom.js';
import { fill } from '../lib/format.js';
import { problem, wordsOf } from './problem.js';
import { keepToken, tokenOf, tokens } from './tokens.js';

// Of what lies about on a phone from other days nothing needs to be said.
const WORTH_SAYING = new Set(['checked_in_already', 'appointment_used', 'appointment_early', 'appointment_other_day', 'not_today', 'line_closed', 'line_outside_hours']);

export function wireArrival({ door, texts }) {
  const list = find('#arrived');
  const code = find('#code');
  const go = find('#go');
  const words = go.textContent;

  const tell = (text, tone, address) =>
    list.appendChild(make('li', { class: `banner banner--${tone}` }, text, address && [' ', make('a', { href: address }, texts.follow)]));

  async function send(text) {
    const answer = await api('POST', '/arrive', { door, code: text }, { timeout: 15_000 });
    if (answer.data) {
      keepToken(tokenOf(answer.data.follow_url));
      tell(fill(texts[answer.data.arrival], { label: answer.data.label }), answer.data.arrival === 'late' ? 'warn' : 'ok', new URL(answer.data.follow_url, location.href).pathname);
    }
    return answer;
  }

  async function checkInAll() {
    for (const token of tokens()) {
      const answer = await send(token);
      if (answer.error && WORTH_SAYING.has(answer.error.code)) tell(answer.error.message, 'warn', answer.error.code === 'checked_in_already' ? `/t/${token}` : null);
    }
  }

  find('#arrive').addEventListener('submit', async (event) => {
    event.preventDefault();
    const typed = code.value.trim();
    if (!typed) return problem(texts.code, code);
    problem('', code);
    go.disabled = true;
    say(go, texts.busy);
    const answer = await send(typed);
    go.disabled = false;
    say(go, words);
    if (answer.data) code.value = '';
    else problem(wordsOf(answer, texts), code);
    return undefined;
  });
  checkInAll();
}
