// A visit is sent on: where to, as the first there or the last, and with which words.
import { targetPicker } from './targets.js';
import { byId, say, show, write } from './view.js';

/** `onTransfer(ticket, body)` resolves to the refusal's sentence, "" when it is done. */
export function transferDialog({ texts, words, onTransfer }) {
  const dialog = byId('transfer');
  const form = byId('transfer-form');
  const note = byId('transfer-note');
  const search = byId('transfer-search');
  const picker = targetPicker({
    texts,
    words,
    onTake() {
      wrong('');
      note.focus();
    },
  });
  let ticket = null;
  let sending = false;

  function open(about, targets, losesDraft) {
    ticket = about;
    form.reset();
    write(byId('transfer-title'), words.phrase(texts.transferTitle, { label: ticket.label }));
    show(byId('transfer-draft'), losesDraft);
    wrong('');
    dialog.showModal();
    picker.fill(targets);
  }

  function wrong(text) {
    say(byId('transfer-error'), text);
    if (text) search.setAttribute('aria-invalid', 'true');
    else search.removeAttribute('aria-invalid');
  }

  async function send() {
    if (sending) return;
    const target = picker.chosen;
    if (!target) {
      wrong(texts.transferWanted);
      picker.focus();
      return;
    }
    sending = true;
    const body = { [target.kind]: target.id, position: form.elements.position.value, note: note.value.trim() };
    const trouble = await onTransfer(ticket, body);
    sending = false;
    wrong(trouble);
    if (!trouble) dialog.close();
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !event.ctrlKey || event.repeat) return;
    event.preventDefault();
    send();
  });
  byId('transfer-cancel').addEventListener('click', () => dialog.close());
  return { open };
}
