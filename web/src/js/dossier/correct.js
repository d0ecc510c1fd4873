// The dialog that puts a wrong entry right, for those who may: its day, its due date, or that it was made at all.
import { byId, show, write } from '../counter/view.js';
import { fill } from '../lib/format.js';
import { dialogOf } from './ask.js';

export function correctDialog(page) {
  const form = byId('correct-form');
  if (!form) return;
  const day = byId('correct-day');
  const note = byId('correct-note');
  const dialog = dialogOf({ name: 'correct', fields: { on: 'correct-day', due_on: 'correct-day', note: 'correct-note' }, page });
  let entry = null;

  const what = () => form.elements.what.value;

  function fillDay() {
    show(byId('correct-day-field'), what() !== 'void');
    day.value = what() === 'due_on' ? entry.due : entry.on;
    day.max = what() === 'on' ? page.today : '';
  }

  function open(chosen) {
    entry = chosen;
    const may = entry.may.split(' ');
    write(byId('correct-title'), fill(page.correct_title, { title: entry.title }));
    form.elements.what.forEach((radio) => {
      radio.disabled = !may.includes(radio.value);
      show(radio.parentElement, !radio.disabled);
    });
    [form.elements.what.value] = may;
    note.value = '';
    fillDay();
    dialog.open();
  }

  for (const radio of form.elements.what) radio.addEventListener('change', fillDay);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    dialog.clear();
    if (what() !== 'void' && !day.value) return dialog.wrong('on');
    if (!note.value.trim()) return dialog.wrong('note');
    const change = what() === 'void' ? { void: true } : { [what()]: day.value };
    return dialog.send('corrections', { seq: Number(entry.correct), note: note.value.trim(), ...change }, 'correct');
  });
  for (const button of document.querySelectorAll('[data-correct]')) {
    button.addEventListener('click', () => open(button.dataset));
  }
}
