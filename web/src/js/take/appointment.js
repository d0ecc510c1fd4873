/** One's own appointment: given up, or moved to another time. */
import { api } from '../lib/api.js';
import { find } from '../lib/dom.js';
import { problem, wordsOf } from './problem.js';
import { keepToken } from './tokens.js';

export function wireAppointment({ token, wish, texts }) {
  keepToken(token);

  async function send(button, body) {
    button.disabled = true;
    const answer = await api('POST', `/appointments/${encodeURIComponent(token)}/moves`, body, { timeout: 15_000 });
    if (answer.data) return location.assign(location.pathname);
    button.disabled = false;
    return problem(wordsOf(answer, texts));
  }

  const sure = find('#sure');
  if (sure) {
    find('#cancel').addEventListener('click', () => sure.showModal());
    find('[data-close]', sure).addEventListener('click', () => sure.close());
    find('#cancel-yes').addEventListener('click', (event) => {
      sure.close();
      send(event.target, { move: 'cancel' });
    });
  }
  const move = find('#move');
  if (move) move.addEventListener('click', () => send(move, { move: 'move', starts_at: wish.starts_at }));
}
