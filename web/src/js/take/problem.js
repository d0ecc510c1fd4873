/** Why something did not work, beside the field it is about. */
import { find, say } from '../lib/dom.js';

export function problem(text, input) {
  const place = find('#problem');
  say(place, text);
  place.hidden = !text;
  if (input) {
    input.setAttribute('aria-invalid', String(Boolean(text)));
    if (text) input.focus();
  }
}

/** What to tell of an answer that is none: the server's words, or that it was not reached. */
export const wordsOf = (answer, texts) => (answer.status === 0 ? texts.network : answer.error.message || texts.network);
