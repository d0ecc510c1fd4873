// What the dialogs of a dossier share: refusals at their field, one request at a time, the page anew after it.
import { receipts } from '../counter/once.js';
import { byId, say } from '../counter/view.js';
import { api } from '../lib/api.js';

/** The fields of a dialog by the name the server uses for them: {on: 'move-date', …}. */
export function dialogOf({ name, fields, page }) {
  const dialog = byId(name);
  const once = receipts();
  const controls = Object.values(fields).map(byId).filter(Boolean);

  function clear() {
    for (const control of controls) {
      say(byId(`${control.id}-error`), '');
      control.removeAttribute('aria-invalid');
    }
    say(byId(`${name}-error`), '');
  }

  /** Says at the field what is wrong; without a sentence, the one it carries for being empty. */
  function wrong(field, text) {
    const control = byId(fields[field]);
    const place = byId(`${control.id}-error`);
    say(place, text || place.dataset.needed);
    control.setAttribute('aria-invalid', 'true');
    control.focus();
  }

  async function send(path, body, done) {
    const yes = byId(`${name}-yes`);
    yes.disabled = true;
    const whole = `/dossiers/${encodeURIComponent(page.code)}/${path}`;
    const { error } = await api('POST', whole, body, { idempotencyKey: once.keyFor(body) });
    yes.disabled = false;
    if (!error) {
      window.location.assign(`${window.location.pathname}?done=${done}`);
      return;
    }
    const field = error.fields && error.fields.field;
    if (field in fields) wrong(field, error.message);
    else say(byId(`${name}-error`), error.message || page.no_answer);
  }

  byId(`${name}-cancel`).addEventListener('click', () => dialog.close());
  return {
    clear,
    wrong,
    send,
    open() {
      once.done();
      clear();
      dialog.showModal();
    },
  };
}
