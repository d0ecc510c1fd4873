/** Clears the screen for the next visitor: 20 quiet seconds, then a visible countdown of ten. */
import { find, say } from '../lib/dom.js';
import { t } from './words.js';

const QUIET_SECONDS = 20;
const COUNTDOWN_SECONDS = 10;
const SIGNS_OF_LIFE = ['pointerdown', 'keydown', 'wheel', 'touchstart', 'scroll'];

/** `needed()` says whether there is anything to clear; `reset()` clears it. Returns `wake()`. */
export function watchIdle({ needed, reset }) {
  const dialog = find('#idle');
  let quietSince = performance.now();

  function wake() {
    quietSince = performance.now();
    if (dialog.open) dialog.close();
  }

  SIGNS_OF_LIFE.forEach((sign) => window.addEventListener(sign, wake, { capture: true, passive: true }));
  dialog.addEventListener('close', () => (quietSince = performance.now()));

  setInterval(() => {
    const quiet = (performance.now() - quietSince) / 1000;
    if (!needed()) {
      if (dialog.open) wake();
      return;
    }
    if (quiet < QUIET_SECONDS) return;
    const left = Math.ceil(QUIET_SECONDS + COUNTDOWN_SECONDS - quiet);
    if (left <= 0) {
      wake();
      reset();
      return;
    }
    say(find('#idle-count'), String(left));
    say(find('#idle-what'), t('still_there_what', { n: left }));
    if (!dialog.open) dialog.showModal();
  }, 250);
  return wake;
}
