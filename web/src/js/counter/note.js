// Words about a visit, for whoever serves it next.
import { byId, say, write } from './view.js';

/** `onNote(ticket, note)` resolves to the refusal's sentence, "" when it is kept. */
export function noteDialog({ texts, words, onNote }) {
  const dialog = byId('note');
  const field = byId('note-words');
  let ticket = null;
  let sending = false;

  function open(about) {
    ticket = about;
    write(byId('note-title'), words.phrase(texts.noteTitle, { label: ticket.label }));
    field.value = ticket.note;
    wrong('');
    dialog.showModal();
    field.focus();
    field.select();
  }

  function wrong(text) {
    say(byId('note-error'), text);
    if (text) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
  }

  byId('note-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    const trouble = await onNote(ticket, field.value.trim());
    sending = false;
    wrong(trouble);
    if (!trouble) dialog.close();
  });
  byId('note-cancel').addEventListener('click', () => dialog.close());
  return { open };
}
