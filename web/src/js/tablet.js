/** The rating tablet of a counter: asks the server every few seconds whether somebody is just leaving. */
import { api, newKey } from './lib/api.js';
import { find, findAll, pageData, say } from './lib/dom.js';

const EVERY_MS = 2500;
const THANKS_MS = 5000;

const { shown: first, texts } = pageData();
let shown = first;
let etag = null;
let lost = false;
let thankingUntil = 0;
let key = newKey();
let asked = null;

function draw() {
  const thanking = performance.now() < thankingUntil;
  const asking = Boolean(shown.ask) && !thanking;
  find('#thanks').hidden = !thanking;
  find('#ask').hidden = !asking;
  find('#idle').hidden = thanking || asking;
  say(find('#number'), String(shown.counter.number));
  say(find('#say'), lost ? texts.lost : texts[shown.counter.state]);
  if (asking && asked !== shown.ask.ticket) {
    asked = shown.ask.ticket;
    key = newKey();
    say(find('#trouble'), '');
  }
}

async function look() {
  const answer = await api('GET', '/tablet', null, { etag });
  lost = answer.status !== 200 && answer.status !== 304;
  if (answer.data) {
    shown = answer.data;
    etag = answer.etag;
  }
  draw();
  setTimeout(look, EVERY_MS);
}

findAll('[data-score]').forEach((button) =>
  button.addEventListener('click', async () => {
    if (!shown.ask) return;
    const answer = await api('POST', '/tablet/rating', { ticket: shown.ask.ticket, score: Number(button.dataset.score) }, { idempotencyKey: key });
    if (answer.data || (answer.error && answer.error.code === 'already_rated')) {
      thankingUntil = performance.now() + THANKS_MS;
      shown = { ...shown, ask: null };
      etag = null;
      setTimeout(draw, THANKS_MS + 50);
    } else say(find('#trouble'), texts.failed);
    draw();
  }),
);
draw();
setTimeout(look, EVERY_MS);
