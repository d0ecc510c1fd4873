// The customer's screen at a counter: draws the fee the moment it is asked for, and that it is paid the moment it is.
import { api } from './lib/api.js';
import { find, pageData, say } from './lib/dom.js';
import { dong, fill } from './lib/format.js';
import { live } from './lib/live.js';

const PAID = new Set(['paid', 'overpaid']);
const OPEN = new Set(['waiting', 'partly_paid']);
const AGAIN_MS = 20000;

const { counter, payment: first, texts } = pageData();
let payment = first;
let timer = null;
let asked = 0;


function row(name, text) {
  find(`#row-${name}`).hidden = !text;
  say(find(`#${name}`), text || '');
}

function hint() {
  if (payment.state === 'partly_paid') return fill(texts.rest, { amount: dong(payment.rest) });
  return payment.qr ? texts.scan : texts.cash;
}

function draw() {
  const open = Boolean(payment) && OPEN.has(payment.state);
  const paid = Boolean(payment) && PAID.has(payment.state);
  find('#idle').hidden = open || paid;
  find('#pay').hidden = !open;
  find('#paid').hidden = !paid;
  if (paid) {
    say(find('#paid-amount'), dong(payment.amount));
    say(find('#paid-reference'), payment.reference);
  }
  if (!open) return;
  say(find('#amount'), dong(payment.amount));
  say(find('#reference'), payment.reference);
  for (const name of ['account', 'holder', 'bank']) row(name, payment.account && payment.account[name]);
  row('dossiers', payment.dossiers.map((each) => each.code).join(', '));
  say(find('#hint'), hint());
  const code = find('#code');
  code.hidden = !payment.qr;
  // The picture changes with the request alone.
  if (payment.qr && code.dataset.of !== payment.reference) {
    code.dataset.of = payment.reference;
    code.src = `/counter/${counter}/customer.svg?of=${encodeURIComponent(payment.reference)}`;
  }
}

async function refresh() {
  clearTimeout(timer);
  asked += 1;
  const mine = asked;
  const answer = await api('GET', `/counters/${counter}/payment`);
  timer = setTimeout(refresh, AGAIN_MS);
  if (mine !== asked) return; // overtaken by a later question
  if (answer.status === 401) window.location.reload();
  if (answer.data) {
    payment = answer.data.payment;
    draw();
  }
}

live({
  rooms: [`counter:${counter}`],
  onSnapshot: refresh,
  onEvent(event) {
    if (!event.kind.startsWith('payment.') || event.counter !== counter) return;
    // What the fact says is shown at once; the rest is fetched.
    if (payment && event.reference === payment.reference) {
      payment = { ...payment, state: event.state, received: event.received, rest: Math.max(0, event.amount - event.received) };
      draw();
    }
    refresh();
  },
  onStatus(status) {
    find('#lost').hidden = status !== 'lost';
  },
});
draw();
