/** Asks for a number. One key for one wish: a double tap or a repeat after a cut gives one ticket. */
import { api, mayRetry } from '../lib/api.js';

// Asking again soon cannot help: only the server, once it is back, brings new numbers.
const FINAL = 'no_numbers_today';
const PAUSES_MS = [700, 1500, 3000];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The answer of POST /tickets; tries again by itself while that may help, telling `onRetry` so. */
export async function issue(wish, key, onRetry) {
  let answer = await api('POST', '/tickets', wish, { idempotencyKey: key, timeout: 6000 });
  for (const ms of PAUSES_MS) {
    if (!mayRetry(answer) || answer.status === 429 || answer.error.code === FINAL) break;
    onRetry();
    await pause(ms);
    answer = await api('POST', '/tickets', wish, { idempotencyKey: key, timeout: 6000 });
  }
  return answer;
}
