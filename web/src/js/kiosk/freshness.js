/** Keeps the menu fresh by asking every ten seconds, more often while the server is away, and knows when nobody answers. */
import { api } from '../lib/api.js';

const EVERY_MS = 10_000;
const RETRY_MS = 3_000;
const NOT_OURS = new Set([401, 403]);

/** `onMenu(menu)` for a new menu, `onState('fine'|'lost'|'unpaired')` when that changes. Returns `refresh()`. */
export function keepFresh({ onMenu, onState }) {
  let etag = null;
  let state = 'fine';
  let timer = null;
  let asking = false;
  let alone = false; // the kiosk's agent answers, without its server

  function become(next) {
    if (next === state) return;
    state = next;
    onState(state);
  }

  async function ask() {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    const answer = await api('GET', '/kiosk/menu', null, { etag, timeout: 5000 });
    asking = false;
    if (answer.status === 200 && answer.data) {
      etag = answer.etag;
      alone = Boolean(answer.data.offline);
      onMenu(answer.data);
    }
    const fine = answer.status === 200 || answer.status === 304;
    become(fine ? 'fine' : NOT_OURS.has(answer.status) ? 'unpaired' : 'lost');
    timer = setTimeout(ask, fine && !alone ? EVERY_MS : RETRY_MS);
  }

  window.addEventListener('offline', ask); // an agent on this machine needs no cable
  window.addEventListener('online', ask);
  timer = setTimeout(ask, EVERY_MS);
  return ask;
}
