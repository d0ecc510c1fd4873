// One dossier: a dialog before each move that says what the move means, and the refusal in words if there is one.
import { receipts } from './counter/once.js';
import { byId, say, show, write } from './counter/view.js';
import { api } from './lib/api.js';

const page = JSON.parse(byId('page-data').textContent);
const dialog = byId('move');
const date = byId('move-date');
const note = byId('move-note');

const once = receipts();

let name = null;

function open(move) {
  const about = page.moves[move];
  name = move;
  once.done();
  write(byId('move-title'), about.title);
  write(byId('move-text'), about.text);
  write(byId('move-yes'), about.yes);
  byId('move-yes').classList.toggle('button--danger', Boolean(about.final));
  byId('move-yes').classList.toggle('button--primary', !about.final);
  show(byId('move-final'), Boolean(about.final));

  write(byId('move-date-label'), about.date_label);
  const ahead = about.date === 'future';
  date.value = ahead ? '' : page.today;
  date.min = ahead ? dayAfter(page.due_on || page.today) : '';
  date.max = ahead ? '' : page.today;

  write(byId('move-note-label'), about.note_label);
  note.value = '';
  note.required = about.note === 'needed';
  clearErrors();
  dialog.showModal();
  (ahead ? date : note).focus();
}

function dayAfter(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

function clearErrors() {
  for (const id of ['move-date-error', 'move-note-error', 'move-error']) say(byId(id), '');
  date.removeAttribute('aria-invalid');
  note.removeAttribute('aria-invalid');
}

function wrong(field, text) {
  const control = field === 'on' ? date : note;
  say(byId(field === 'on' ? 'move-date-error' : 'move-note-error'), text);
  control.setAttribute('aria-invalid', 'true');
  control.focus();
}

async function make() {
  clearErrors();
  if (note.required && !note.value.trim()) {
    wrong('note', byId('move-note-error').dataset.needed);
    return;
  }
  const body = { move: name };
  // Today goes without saying; on a dossier moved twice in a day that also keeps the order of entry.
  if (date.value && date.value !== page.today) body.on = date.value;
  if (note.value.trim()) body.note = note.value.trim();
  byId('move-yes').disabled = true;
  const path = `/dossiers/${encodeURIComponent(page.code)}/moves`;
  const { error } = await api('POST', path, body, { idempotencyKey: once.keyFor(body) });
  byId('move-yes').disabled = false;
  if (!error) {
    window.location.assign(`${window.location.pathname}?done=${name}`);
    return;
  }
  const field = error.fields && error.fields.field;
  if (field === 'on' || field === 'note') wrong(field, error.message);
  else say(byId('move-error'), error.message || page.no_answer);
}

for (const button of document.querySelectorAll('[data-move]')) {
  button.addEventListener('click', () => open(button.dataset.move));
}
byId('move-form').addEventListener('submit', (event) => {
  event.preventDefault();
  make();
});
byId('move-cancel').addEventListener('click', () => dialog.close());
byId('print').addEventListener('click', () => window.print());
