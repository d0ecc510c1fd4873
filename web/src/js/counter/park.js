// A visit pauses: why, and perhaps where its visitor goes.
import { byId, clear, make, say, show, write } from './view.js';

/** `onPark(ticket, {reason, room})` resolves to the refusal's sentence, "" when it is done. */
export function parkDialog({ texts, words, onPark }) {
  const dialog = byId('park');
  const room = byId('park-room');
  let ticket = null;
  let sending = false;

  function open(about, reasons, keepsDraft) {
    ticket = about;
    write(byId('park-title'), words.phrase(texts.parkTitle, { label: ticket.label }));
    const row = clear(byId('park-reasons'));
    reasons.forEach((reason, index) => row.append(pill(reason, index)));
    room.value = '';
    show(byId('park-draft'), keepsDraft);
    say(byId('park-error'), '');
    dialog.showModal();
    row.querySelector('input').focus();
  }

  function pill(reason, index) {
    const label = make('label', 'pill');
    const radio = make('input');
    Object.assign(radio, { type: 'radio', name: 'park-reason', value: reason.key, checked: index === 0 });
    const title = make('span', '');
    title.append(make('kbd', '', index + 1), ` ${reason.title}`);
    label.append(radio, title);
    return label;
  }

  async function send() {
    if (sending) return;
    sending = true;
    const reason = byId('park-form').elements['park-reason'].value;
    const trouble = await onPark(ticket, { reason, room: room.value.trim() });
    sending = false;
    if (trouble) say(byId('park-error'), trouble);
    else dialog.close();
  }

  byId('park-form').addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.target === room) return;
    const radio = /^[1-9]$/.test(event.key) && dialog.querySelectorAll('input[type=radio]')[event.key - 1];
    if (radio) {
      radio.checked = true;
      radio.focus();
    } else if (event.key === 'Enter' && event.target.type === 'radio') {
      event.preventDefault();
      send();
    }
  });
  byId('park-cancel').addEventListener('click', () => dialog.close());
  return { open };
}
