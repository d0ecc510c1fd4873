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
