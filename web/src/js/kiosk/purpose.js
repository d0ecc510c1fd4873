/** What somebody comes for: something new, or to fetch a result or hand in what was missing. */
import { find, findAll } from '../lib/dom.js';

export const APPLY = 'apply';
const PICKUP = 'pickup';

/** The switch under the title, shown once somebody said that they come again. */
export function drawPurpose(purpose) {
  find('#open-results').setAttribute('aria-pressed', String(purpose !== APPLY));
  find('#purposes').hidden = purpose === APPLY;
  findAll('[data-purpose]').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.purpose === purpose)));
}

/** `now()` is the present purpose, `change(purpose)` sets it. */
export function wirePurpose(now, change) {
  find('#open-results').addEventListener('click', () => change(now() === APPLY ? PICKUP : APPLY));
  findAll('[data-purpose]').forEach((button) => button.addEventListener('click', () => change(button.dataset.purpose)));
}
