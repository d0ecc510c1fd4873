// Refusals at the field they concern; one place for the form and everything in it.
import { byId, say } from './view.js';

export function fieldErrors(form) {
  /** Writes the sentence at the field; false when the form has no such field. */
  function show(field, text) {
    const place = form.querySelector(`[data-error="${field}"]`);
    if (!place) return false;
    say(place, text);
    const control = place.dataset.for ? byId(place.dataset.for) : place.parentElement.querySelector('input, select');
    if (control) control.setAttribute('aria-invalid', 'true');
    return true;
  }

  function clear(within = form) {
    for (const place of within.querySelectorAll('[data-error]')) say(place, '');
    for (const control of within.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
    if (within === form) say(byId('draft-error'), '');
  }

  /** What is being put right is no longer wrong; the server says again if it is. */
  form.addEventListener('input', ({ target }) => {
    if (target.getAttribute('aria-invalid') !== 'true') return;
    target.removeAttribute('aria-invalid');
    for (const id of (target.getAttribute('aria-describedby') || '').split(' ')) {
      const place = id && byId(id);
      if (place && 'error' in place.dataset) say(place, '');
    }
  });

  return { show, clear };
}
