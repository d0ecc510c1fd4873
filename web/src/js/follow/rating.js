/** Three faces after the visit, and words if one likes; once. */
import { api, newKey } from '../lib/api.js';
import { find, findAll, say } from '../lib/dom.js';

export function createRating(token, texts, rated) {
  const key = newKey();
  let chosen = 0;

  findAll('[data-score]').forEach((button) =>
    button.addEventListener('click', () => {
      chosen = Number(button.dataset.score);
      findAll('[data-score]').forEach((each) => each.setAttribute('aria-pressed', String(each === button)));
      find('#rating-more').hidden = false;
    }),
  );
  find('#rating-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    if (!chosen) return;
    const body = { score: chosen, words: find('#rating-words').value };
    const answer = await api('POST', `/follow/${encodeURIComponent(token)}/rating`, body, { idempotencyKey: key });
    if (answer.data) rated(answer.data, answer);
    else say(find('#rating-trouble'), answer.error.code === 'network' ? texts.no_network : answer.error.message);
  });

  return function draw(ticket) {
    find('#rating').hidden = ticket.rating === 'none';
    find('#rating-title').hidden = ticket.rating !== 'asked';
    find('#rating-form').hidden = ticket.rating !== 'asked';
    find('#rating-thanks').hidden = ticket.rating !== 'given';
  };
}
