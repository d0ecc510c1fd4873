/** Goes straight to the dossier's own address, with the code as it is written on paper. */
import { find } from './lib/dom.js';

const input = find('#code');

/** Codes are copied from messages with blanks and odd dashes around and in them. */
const tidy = (text) => text.toUpperCase().replace(/\s+/g, '').replace(/[‐‑‒–—]/g, '-');

find('#lookup').addEventListener('submit', (event) => {
  const code = tidy(input.value);
  if (!code || code.includes('/')) return; // the server explains what is wrong with it
  event.preventDefault();
  location.assign(`/lookup/${encodeURIComponent(code)}`);
});

if (input.getAttribute('aria-invalid') === 'true') {
  input.focus();
  input.select();
}
