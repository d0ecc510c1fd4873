// The dialog before a move: what it means for the law, and what the law wants to know about it.
import { byId, show, write } from '../counter/view.js';
import { dialogOf } from './ask.js';

const FIELDS = {
  on: 'move-date',
  to: 'move-to',
  answer_by: 'move-answer',
  note: 'move-note',
  collected: 'move-collected',
  sure: 'move-sure',
};

export function moveDialog(page) {
  const dialog = dialogOf({ name: 'move', fields: FIELDS, page });
  const date = byId('move-date');
  const note = byId('move-note');
  const to = byId('move-to');
  const answer = byId('move-answer');
  let name = null;
  let about = null;

  function open(move) {
    name = move;
    about = page.moves[move];
    write(byId('move-title'), about.title);
    write(byId('move-text'), about.text);
    write(byId('move-yes'), about.yes);
    byId('move-yes').classList.toggle('button--danger', Boolean(about.sure));
    byId('move-yes').classList.toggle('button--primary', !about.sure);
    show(byId('move-final'), Boolean(about.final));
    show(byId('move-sure-row'), Boolean(about.sure));
    byId('move-sure').checked = false;
    if (byId('move-collect')) show(byId('move-collect'), Boolean(about.collect));
    show(byId('move-to-field'), Boolean(about.agency));
    show(byId('move-answer-field'), Boolean(about.agency));
    answer.value = '';
    fillDate();
    write(byId('move-note-label'), about.note_label);
    note.value = '';
    note.required = about.note === 'needed';
    dialog.open();
    (about.agency ? to : about.date === 'future' ? date : note).focus();
  }

  function fillDate() {
    const ahead = about.date === 'future';
    write(byId('move-date-label'), about.date_label);
    date.value = ahead ? '' : page.today;
    date.min = ahead ? dayAfter(page.due_on || page.today) : '';
    date.max = ahead ? '' : page.today;
  }

  /** The first thing the law wants to know and that is not there yet. */
  function lacking() {
    if (about.agency && !to.value) return 'to';
    if (note.required && !note.value.trim()) return 'note';
    if (about.collect && byId('move-collected') && !byId('move-collected').checked) return 'collected';
    if (about.sure && !byId('move-sure').checked) return 'sure';
    return null;
  }

  byId('move-form').addEventListener('submit', (event) => {
    event.preventDefault();
    dialog.clear();
    const field = lacking();
    if (field) {
      dialog.wrong(field);
      return;
    }
    const body = { move: name };
    // Today goes without saying; on a dossier moved twice in a day that also keeps the order of entry.
    if (date.value && date.value !== page.today) body.on = date.value;
    if (note.value.trim()) body.note = note.value.trim();
    if (about.agency) body.to = to.value;
    if (about.agency && answer.value) body.answer_by = answer.value;
    dialog.send('moves', body, name);
  });

  for (const button of document.querySelectorAll('[data-move]')) {
    button.addEventListener('click', () => open(button.dataset.move));
  }
}

function dayAfter(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}
