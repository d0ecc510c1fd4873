// Which step is seen, which may be gone back to, and the buttons under it.
import { STEPS } from './draft.js';
import { byId, show, write } from './view.js';

export function drawSteps(draft, texts) {
  const form = byId('draft-form');
  const last = draft.step === STEPS;
  for (const panel of form.querySelectorAll('[data-panel]')) show(panel, Number(panel.dataset.panel) === draft.step);
  for (const button of form.querySelectorAll('[data-step]')) {
    const number = Number(button.dataset.step);
    button.disabled = number > draft.reached;
    button.classList.toggle('steps__button--past', number <= draft.reached);
    if (number === draft.step) button.setAttribute('aria-current', 'step');
    else button.removeAttribute('aria-current');
  }
  show(byId('draft-back'), draft.step > 1);
  for (const id of ['draft-refuse', 'draft-supplement']) show(byId(id), last);
  byId('draft-foot').classList.toggle('draft__foot--outcomes', last);
  write(byId('draft-next-text'), last ? texts.accept : texts.continue);
}

/** Shows the part of the form's place that belongs to a phase: closed, open or done. */
export function drawPhase(phase) {
  const place = byId('draft');
  place.dataset.phase = phase;
  byId('work').dataset.form = phase; // an open form needs the room that the visit has otherwise
  for (const part of place.querySelectorAll(':scope > [data-phase]')) show(part, part.dataset.phase === phase);
}

/** Where the officer goes on in a step: at what is wrong, else at its first field. */
export function focusStep(form, step, { picker, people }) {
  const panel = form.querySelector(`[data-panel="${step}"]`);
  const wrong = panel.querySelector('[aria-invalid=true]');
  const first = panel.querySelector(step === 2 ? '.paper__tick' : 'input:not([hidden]):not(:disabled), select');
  if (step === 1) picker.focus();
  else if (step === 3 && !wrong) people.focus();
  else (wrong || first || byId('draft-body')).focus();
  if (wrong) wrong.scrollIntoView({ block: 'center' }); // with the sentence under it
}

/** A step that was reached may be gone back to. */
export function listenForSteps(go) {
  byId('steps').addEventListener('click', (event) => {
    const button = event.target.closest('[data-step]');
    if (button) go(Number(button.dataset.step));
  });
}
