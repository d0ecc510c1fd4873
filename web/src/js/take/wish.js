/** Sends a wish for a number or a time. One key for one wish: a double tap gives one. */
import { api, newKey } from '../lib/api.js';
import { find, say } from '../lib/dom.js';
import { problem, wordsOf } from './problem.js';
import { keepToken, tokenOf } from './tokens.js';

const DIGITS = /\d/g;

export function wireWish({ kind, office, wish, texts }) {
  const form = find('#wish');
  const phone = find('#phone');
  const go = find('#go');
  const words = go.textContent;
  let sent = null; // {phone, key}: another number is another wish
  let busy = false;

  function request() {
    const common = { phone: phone.value, language: document.documentElement.lang };
    if (kind === 'book') return [`/booking/${office}`, { ...common, line: wish.line, starts_at: wish.starts_at, procedure: wish.procedure }];
    const what = wish.procedure ? { procedure: wish.procedure, department: wish.department } : { line: wish.line };
    return [`/remote/${office}/tickets`, { ...common, ...what }];
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy) return;
    if ((phone.value.match(DIGITS) || []).length < 9) return problem(texts.phone, phone);
    problem('', phone);
    if (!sent || sent.phone !== phone.value) sent = { phone: phone.value, key: newKey() };
    busy = true;
    go.disabled = true;
    say(go, texts.busy);
    const [path, body] = request();
    const answer = await api('POST', path, body, { idempotencyKey: sent.key, timeout: 15_000 });
    if (answer.data) {
      keepToken(tokenOf(answer.data.follow_url));
      location.assign(new URL(answer.data.follow_url, location.href).pathname);
      return undefined;
    }
    busy = false;
    go.disabled = false;
    say(go, words);
    return problem(wordsOf(answer, texts), answer.error.fields.field === 'phone' ? phone : null);
  });
}
