// The rules page works without this; it hides what a way of calling does not use, and shows that a trial is under way.
import { find, findAll } from './lib/dom.js';

const form = find('#rule-form');

function fitTheMode() {
  const mode = find('[name=mode]', form).value;
  const shares = form.dataset.shares.split(' ').includes(mode);
  const ordered = mode === 'strict' || mode === 'ratio';
  findAll('[data-part=share]', form).forEach((cell) => (cell.hidden = !shares));
  findAll('[data-part=place]', form).forEach((cell) => (cell.hidden = !ordered));
  findAll('[data-mode]', form).forEach((note) => (note.hidden = note.dataset.mode !== mode));
}

function showProgress() {
  find('#trial-progress').hidden = true;
  form.addEventListener('submit', (event) => {
    find('#trial-progress').hidden = !(event.submitter && 'try' in event.submitter.dataset);
  });
}

if (form) {
  fitTheMode();
  showProgress();
  find('[name=mode]', form).addEventListener('change', fitTheMode);
  window.addEventListener('pageshow', () => (find('#trial-progress').hidden = true));
}

const trial = find('#trial');
if (trial) trial.focus({ preventScroll: false });
