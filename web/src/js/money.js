// The cash desk's pages that change by themselves: a statement that is worked off, a request that is being paid.
import { api } from './lib/api.js';
import { find, findAll, pageData, say } from './lib/dom.js';

const EVERY_MS = 500;
const PAYMENT_EVERY_MS = 2000;
const { statement, payment } = pageData();

async function follow() {
  const { data } = await api('GET', `/statements/${statement.id}`);
  if (data) {
    find('#bar').value = data.done;
    say(find('#done'), String(data.done));
    findAll('[data-figure]').forEach((each) => say(each, String(data[each.dataset.figure])));
    if (data.finished) window.location.reload();
  }
  if (!data || !data.finished) setTimeout(follow, EVERY_MS);
}

/** Reloads once something happened, unless somebody is typing. */
async function watch() {
  const { data } = await api('GET', `/payments/${encodeURIComponent(payment.reference)}`);
  const typing = document.activeElement && document.activeElement.matches('input:not([type=hidden]), textarea');
  if (data && (data.state !== payment.state || data.received !== payment.received) && !typing) window.location.reload();
  else setTimeout(watch, PAYMENT_EVERY_MS);
}

if (statement && !statement.finished) follow();
if (payment && ['waiting', 'partly_paid', 'expired'].includes(payment.state)) watch();
