/** The fee of a visit on the phone: the code to pay it by, and that it is paid. */
import { find, say } from '../lib/dom.js';
import { dong } from '../lib/format.js';

const OPEN = new Set(['waiting', 'partly_paid']);
const SENTENCES = { waiting: 'pay_waiting', paid: 'pay_paid', overpaid: 'pay_paid', partly_paid: 'pay_partly', expired: 'pay_expired' };

/** Whether the page should go on asking although the visit itself is over. */
export const isPaying = (ticket) => Boolean(ticket.payment) && OPEN.has(ticket.payment.state);

export function drawPayment(ticket, token, texts) {
  const { payment } = ticket;
  find('#pay').hidden = !payment || !(payment.state in SENTENCES);
  if (find('#pay').hidden) return;
  say(find('#pay-amount'), dong(payment.amount));
  say(find('#pay-state'), texts[SENTENCES[payment.state]]);
  find('#pay').dataset.state = payment.state;
  const shown = Boolean(payment.qr) && payment.state === 'waiting';
  find('#pay-open').hidden = !shown;
  if (!shown) return;
  const code = find('#pay-code');
  if (code.dataset.of !== payment.reference) {
    code.dataset.of = payment.reference;
    code.src = `/t/${token}/pay.svg?of=${encodeURIComponent(payment.reference)}`;
  }
  say(find('#pay-account'), `${payment.account.bank} · ${payment.account.account} · ${payment.account.holder} · ${payment.reference}`);
}
