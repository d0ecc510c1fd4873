// The page's link to the server: one state, fetched whenever something happened, and one act at a time.
import { api, mayRetry } from '../lib/api.js';
import { receipts } from './once.js';

const REFETCH_DELAY_MS = 100;
const POLL_MS = 15000;
const POLL_LOST_MS = 3000;
/** The ticket was moved meanwhile, in another window or at another counter. */
const ELSEWHERE = new Set(['illegal_move', 'ticket_not_at_counter']);

/**
 * `onChange()` when anything is to be drawn anew, `onVisit(mine)` when another visit is at the counter than
 * before, `onTrouble(text)` for what went wrong ("" when it is over), `mayReload()` once signed out.
 */
export function makeDesk({ id, texts, words, onChange, onVisit, onTrouble, mayReload }) {
  const once = receipts();
  let counter = null;
  let offset = 0; // the server's clock minus this machine's, in ms
  let busy = false;
  let acting = 0;
  let asked = 0;
  let timer = null;
  let socketLost = false;
  let serverLost = false;
  let recallAt = 0;
  let settled = Promise.resolve();

  const now = () => Date.now() + offset;
  const isLost = () => socketLost || serverLost;

  /** Fetches the whole state; an answer overtaken by a later question or an act is dropped. */
  async function refresh() {
    clearTimeout(timer);
    asked += 1;
    const mine = asked;
    const { status, data, error } = await api('GET', `/counters/${id}`);
    timer = setTimeout(refresh, isLost() ? POLL_LOST_MS : POLL_MS);
    // Signed out meanwhile: the door asks for the password, but not before what is half typed was seen.
    if (status === 401 && mayReload()) window.location.reload();
    serverLost = !status || status >= 500;
    if (mine === asked && !error) take(data);
    else if (mine === asked && !serverLost) onTrouble(error.message || texts.noAnswer);
    onChange();
  }

  function refreshSoon() {
    clearTimeout(timer);
    timer = setTimeout(refresh, REFETCH_DELAY_MS);
  }

  function take(state) {
    const before = counter && counter.current;
    const first = counter === null;
    counter = state;
    if (state.now) offset = Date.parse(state.now) - Date.now();
    const same = (before && before.id) === (state.current && state.current.id);
    if (!first && !same) onVisit(acting > 0);
  }

  function refusal({ error }, label) {
    if (!error) return '';
    if (error.code === 'recall_too_soon') recallAt = now() + Number(error.fields.retry_after) * 1000;
    if (ELSEWHERE.has(error.code)) return words.phrase(texts.elsewhere, { label });
    return error.message || texts.noAnswer;
  }

  /** The number an act is about, for the sentence when it comes too late. */
  function labelOf(path) {
    const found = /^\/tickets\/(\d+)\//.exec(path);
    const known = [counter.current, ...counter.waiting, ...counter.parked, ...counter.absent].filter(Boolean);
    const ticket = found && known.find((each) => each.id === Number(found[1]));
    return ticket ? ticket.label : (counter.undo && counter.undo.label) || '';
  }

  /** One act at a time; the state is fetched after its answer. Resolves to the refusal's sentence, "" when done. */
  function attempt(path, body) {
    if (busy) return texts.noAnswer;
    const done = carryOut(path, body);
    settled = done;
    return done;
  }

  async function carryOut(path, body) {
    busy = true;
    acting += 1;
    asked += 1;
    const label = labelOf(path);
    onChange();
    const answer = await api('POST', path, body, { idempotencyKey: once.keyFor({ path, body }) });
    if (!mayRetry(answer) || answer.status === 429) once.done(); // without an answer, the next press repeats this very act
    busy = false;
    const text = refusal(answer, label);
    await refresh();
    acting -= 1;
    return text;
  }

  return {
    refresh,
    refreshSoon,
    attempt,
    now,
    isLost,
    redraw: onChange,
    /** Resolves when the act under way, if any, is done and its outcome known. */
    settled: () => (acting ? settled : Promise.resolve()),
    /** Like `attempt`, but tells the page what went wrong; resolves to whether it was done. */
    async send(path, body) {
      if (busy) return false;
      const text = await attempt(path, body);
      onTrouble(text);
      return !text;
    },
    socketIs(status) {
      socketLost = status === 'lost';
      onChange();
      refreshSoon();
    },
    get counter() {
      return counter;
    },
    get busy() {
      return busy;
    },
    /** Seconds until the number may be called again. */
    get rests() {
      return Math.max(0, Math.ceil((recallAt - now()) / 1000));
    },
  };
}
