/** Asks for a number. One key for one wish: a double tap or a repeat after a cut gives one ticket. */
import { api, mayRetry } from '../lib/api.js';

// Asking again soon cannot help: only the server, once it is back, brings new numbers.
const FINAL = 'no_numbers_today';
const PAUSES_MS = [700, 1500, 3000];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** `paper`: true asks the server to give no number that cannot be printed, false wants none; null where none is ever printed. */
export function wishOf(visit, menu, language, paper) {
  const { department, procedure, priority, purpose, then, nextDay } = visit;
  const what = procedure ? { procedure: procedure.key, department: department.key } : { line: department.line.id };
  // Alone the kiosk knows nothing of these, so they are not sent.
  const more = menu.offline ? {} : { purpose, then: then.map((one) => one.line.id), next_day: nextDay };
  return { office: menu.office.key, ...what, priority: priority.key, language, paper, ...more };
}

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
