// The fees of a visit: asked for by one key, and shown as paid the moment the server says so.
import { api, mayRetry } from '../lib/api.js';
import { receipts } from './once.js';
import { byId, clear, make, say, show, write } from './view.js';

const PAID = new Set(['paid', 'overpaid', 'exempt']);
const OPEN = new Set(['waiting', 'partly_paid', 'expired']);
const TO_WRITE = new Set(['card', 'exempt']);
const bare = (reference) => reference.replace(/ /g, '');
const path = (reference, rest) => `/payments/${bare(reference)}${rest}`;

/**
 * `where()` gives {ticket, codes, counter, amount}: the visit, its dossiers received here, and what they cost in đồng.
 * `onTrouble(text)` shows a refusal in words.
 */
export function payPanel({ texts, words, ask, where, onTrouble }) {
  const once = receipts();
  let methods = [];
  let payment = null;
  let busy = false;

  const dong = (amount) => words.money(amount);

  async function load() {
    const { data } = await api('GET', '/payment-methods');
    if (data) methods = data.items;
    draw();
  }

  async function send(to, body) {
    if (busy) return null;
    busy = true;
    draw();
    const answer = await api('POST', to, body, { idempotencyKey: once.keyFor({ to, body }) });
    if (!mayRetry(answer) || answer.status === 429) once.done();
    busy = false;
    onTrouble(answer.error ? answer.error.message || texts.noAnswer : '');
    draw();
    return answer.data;
  }

  async function request(method, reason = '') {
    const { ticket, codes, counter } = where();
    const about = ticket ? { ticket } : { dossiers: codes };
    const data = await send('/payments', { ...about, method, counter, reason });
    if (data) payment = data;
    draw();
    return data;
  }

  async function move(name, more = {}) {
    const data = await send(path(payment.reference, '/moves'), { move: name, counter: where().counter, ...more });
    if (data) payment = name === 'cancel' ? null : data;
    draw();
  }

  async function cash() {
    const due = payment && OPEN.has(payment.state) ? payment.rest : where().amount;
    const title = words.phrase(texts.pay.cashTitle, { amount: dong(due) });
    if (!(await ask({ title, text: texts.pay.cashText, yes: texts.pay.cashYes }))) return;
    if (!payment || payment.state !== 'partly_paid') {
      if (!(await request('cash'))) return;
    }
    await move('cash');
  }

  /** Asks for the words a way of paying needs; resolves to them, or null. */
  function written(kind) {
    const dialog = byId('pay-more');
    const field = byId('pay-more-words');
    write(byId('pay-more-title'), texts.pay[`${kind}Title`]);
    write(byId('pay-more-label'), texts.pay[`${kind}Label`]);
    write(byId('pay-more-yes'), texts.pay[`${kind}Yes`]);
    say(byId('pay-more-error'), '');
    field.value = '';
    dialog.showModal();
    field.focus();
    return new Promise((resolve) => {
      byId('pay-more-form').onsubmit = (event) => {
        event.preventDefault();
        if (!field.value.trim()) {
          say(byId('pay-more-error'), texts.pay.needed);
          return;
        }
        resolve(field.value.trim());
        dialog.close();
      };
      byId('pay-more-cancel').onclick = () => dialog.close();
      dialog.onclose = () => resolve(null);
    });
  }

  async function choose(method) {
    if (method === 'cash') return cash();
    if (!TO_WRITE.has(method)) return request(method);
    const said = await written(method);
    if (said === null) return null;
    if (method === 'exempt') return request('exempt', said);
    if (!payment || payment.state !== 'partly_paid') {
      if (!(await request('card'))) return null;
    }
    return move('card', { evidence: said });
  }

  function button(text, act, primary, key) {
    const made = make('button', primary ? 'button button--primary' : 'button', text);
    made.type = 'button';
    made.disabled = busy;
    if (key) {
      made.setAttribute('aria-keyshortcuts', key);
      made.append('\u00a0', make('kbd', '', key));
    }
    made.addEventListener('click', act);
    return made;
  }

  /** The ways of paying, as buttons; a transfer noted by hand is for the cash desk's own page. */
  function ways() {
    const box = clear(byId('pay-ways'));
    const open = payment && OPEN.has(payment.state);
    if (payment && PAID.has(payment.state)) {
      box.append(button(texts.pay.print, () => send(path(payment.reference, '/slip'), {})));
      return;
    }
    if (open && payment.qr) {
      box.append(
        button(texts.pay.print, () => send(path(payment.reference, '/slip'), {})),
        button(texts.pay.cash, () => choose('cash'), false, 'M'),
      );
      if (payment.state !== 'partly_paid') box.append(button(texts.pay.cancel, () => move('cancel')));
      return;
    }
    for (const method of methods) {
      if (method.key === 'transfer' || (open && payment.state === 'partly_paid' && method.qr)) continue;
      const key = method.qr ? 'Q' : { cash: 'M' }[method.key];
      box.append(button(method.qr ? texts.pay.qr : method.title, () => choose(method.key), method.qr, key));
    }
  }

  function sentence() {
    if (busy) return texts.pay.busy;
    if (!payment) return '';
    if (payment.state === 'partly_paid') return words.phrase(texts.pay.partly, { received: dong(payment.received), rest: dong(payment.rest) });
    if (payment.state === 'overpaid') return words.phrase(texts.pay.over, { surplus: dong(payment.surplus) });
    if (payment.state === 'paid') return words.phrase(texts.pay.paid, { amount: dong(payment.amount) });
    if (payment.state === 'waiting' && payment.qr) return texts.pay.waiting;
    return payment.state_title;
  }

  function draw() {
    const { amount } = where();
    const due = payment ? payment.amount : amount;
    show(byId('pay'), Boolean(due));
    if (!due) return;
    byId('pay').dataset.state = payment ? payment.state : 'due';
    write(byId('pay-amount'), dong(due));
    const coded = Boolean(payment) && OPEN.has(payment.state) && Boolean(payment.qr);
    show(byId('pay-open'), coded);
    if (coded && byId('pay-code').dataset.of !== payment.reference) {
      byId('pay-code').dataset.of = payment.reference;
      byId('pay-code').src = `${path(payment.reference, '/qr.svg')}`;
      byId('pay-page').href = path(payment.reference, '');
      write(byId('pay-reference'), payment.reference);
      write(byId('pay-account'), `${payment.account.bank} · ${payment.account.account} · ${payment.account.holder}`);
      write(byId('pay-until'), words.phrase(texts.pay.until, { time: words.time(payment.expires_at) }));
    }
    write(byId('pay-state'), sentence());
    const numbers = payment ? payment.receipts.filter((each) => !each.voided).map((each) => each.number) : [];
    say(byId('pay-receipts'), numbers.length ? words.phrase(texts.pay.receipts, { numbers: numbers.join(', ') }) : '');
    ways();
  }

  async function refresh() {
    if (!payment) return;
    const { data } = await api('GET', path(payment.reference, ''));
    if (data && payment && data.reference === payment.reference) payment = data;
    draw();
  }

  load();
  return {
    draw,
    /** Another visit, or another dossier in it. */
    reset() {
      payment = null;
      draw();
    },
    /** A key: the code, or cash. */
    press(name) {
      if (byId('pay').hidden || busy || (payment && PAID.has(payment.state))) return;
      if (name === 'cash') choose('cash');
      else {
        const coded = methods.find((each) => each.qr);
        if (coded && !(payment && payment.qr && OPEN.has(payment.state))) choose(coded.key);
      }
    },
    /** What the fact says is shown at once; the receipts are fetched. */
    hear(event) {
      if (!payment || event.reference !== payment.reference) return;
      const held = event.received - event.refunded;
      payment = { ...payment, state: event.state, received: event.received, rest: Math.max(0, event.amount - held), surplus: Math.max(0, held - event.amount) };
      draw();
      refresh();
    },
  };
}
