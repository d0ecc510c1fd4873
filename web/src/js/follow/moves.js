/** What the holder may do: be called later, or give the number up. */
import { api, newKey } from '../lib/api.js';
import { find, findAll, say } from '../lib/dom.js';

/** `moved(ticket)` is given the fresh answer after a move that went well. */
export function createMoves(token, texts, moved) {
  const section = find('#moves');
  const dialog = find('#cancel-dialog');
  let busy = false;

  async function make(body) {
    if (busy) return;
    busy = true;
    say(find('#moves-trouble'), '');
    const answer = await api('POST', `/follow/${encodeURIComponent(token)}/moves`, body, { idempotencyKey: newKey() });
    busy = false;
    if (answer.data) moved(answer.data, answer);
    else say(find('#moves-trouble'), answer.error.code === 'network' ? texts.no_network : answer.error.message);
  }

  findAll('[data-later]').forEach((button) => button.addEventListener('click', () => make({ move: 'later', minutes: Number(button.dataset.later) })));
  // A phone without <dialog> asks in its own words.
  find('#cancel').addEventListener('click', () => {
    if (dialog.showModal) dialog.showModal();
    else if (window.confirm(texts.cancel_sure)) make({ move: 'cancel' });
  });
  find('#cancel-yes').addEventListener('click', () => {
    dialog.close();
    make({ move: 'cancel' });
  });
  find('#cancel-no').addEventListener('click', () => dialog.close());

  return function draw(ticket) {
    section.hidden = ticket.moves.length === 0;
    find('#later').hidden = !ticket.moves.includes('later');
    find('#cancel').hidden = !ticket.moves.includes('cancel');
  };
}
