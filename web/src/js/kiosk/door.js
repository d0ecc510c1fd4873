/** The codes a kiosk shows to phones: at the door for those who come, and for booking a time. */
import { api } from '../lib/api.js';
import { find } from '../lib/dom.js';

const SOON_MS = 20_000;
const PICTURES = ['#door-qr', '#checkin-qr'];

/** Keeps them fresh; `onChange()` after each answer. Returns `door()`: what is offered, or null. */
export function keepDoor(onChange) {
  let shown = null;

  async function ask() {
    const answer = await api('GET', '/kiosk/door', null, { timeout: 5000 });
    shown = answer.data && answer.data.arrive ? answer.data : null;
    onChange();
    // Twice while a code is good, so that none is shown that has lapsed.
    setTimeout(ask, shown ? (shown.seconds * 1000) / 2 : SOON_MS);
  }

  ask();
  return () => shown;
}

/** Shows the code on the first screen and where one checks in, or takes it away. */
export function drawDoor(shown) {
  find('#door').hidden = !shown;
  if (shown) PICTURES.map((place) => find(place)).forEach((picture) => picture.src !== shown.arrive.picture && (picture.src = shown.arrive.picture));
}
