/** Calls a member of staff to this kiosk, and says honestly whether the call went out. */
import { api } from '../lib/api.js';
import { find, say } from '../lib/dom.js';
import { onLanguage, t } from './words.js';

const AGAIN_AFTER_MS = 60_000; // the server passes on one call a minute anyway

/** Shows in `place` how the call stands; `words` names the texts for told and untold. */
function messenger(place, words) {
  let state = null;
  const draw = () => say(place, state ? t({ telling: 'staff_telling', ...words }[state]) : '');
  onLanguage(draw);
  return {
    become(next) {
      state = next;
      draw();
    },
    get state() {
      return state;
    },
  };
}

async function tell(messenger_, reason) {
  messenger_.become('telling');
  const { error } = await api('POST', '/kiosk/help', { reason }, { timeout: 5000 });
  messenger_.become(error ? 'untold' : 'told');
}

/** Wires the help dialog; returns `callForPrinter()`, which the offer of a number without paper makes by itself. */
export function wireHelp() {
  const button = find('#call-staff');
  const citizen = messenger(find('#help-told'), { told: 'staff_told', untold: 'staff_untold' });
  const printer = messenger(find('#offer-told'), { told: 'staff_told_printer', untold: 'staff_untold_printer' });

  button.addEventListener('click', async () => {
    button.disabled = true;
    await tell(citizen, 'citizen');
    if (citizen.state === 'untold') button.disabled = false;
    else setTimeout(() => (button.disabled = false), AGAIN_AFTER_MS);
  });
  find('#help').addEventListener('close', () => citizen.become(null));
  return () => tell(printer, 'printer');
}
