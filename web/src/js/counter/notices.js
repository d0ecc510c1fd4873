// What happens in the hall and wants somebody: a call for help at a kiosk, a printer that cannot print. No sound; each can
// be put away, and a printer that is well again puts its own away.
import { byId, clear, copyOf, show } from './view.js';

const MOST = 3;
const STALE_MS = 10 * 60 * 1000; // after a reconnection old calls come once more
const UNSURE = 'printer_unknown'; // a printer that is only silent may well print

const open = new Map(); // what it is about → {text, at}

/** The sentence for a fact of the hall, or null where it is none of our business; `undefined` takes a notice back. */
function sentence(fact, texts, words) {
  if (fact.kind === 'help.wanted') {
    if (fact.counter) return null; // an officer's call is for the managers
    const where = fact.area && fact.area !== 'main' ? words.phrase(texts.inArea, { device: fact.device_name, area: fact.area }) : fact.device_name;
    return words.phrase(fact.reason === 'printer' ? texts.helpPrinter : texts.helpCitizen, { where });
  }
  if (fact.kind !== 'printer.changed' || fact.problem === UNSURE) return null;
  if (!fact.problem) return fact.paper_low ? words.phrase(texts.printerLow, { name: fact.name }) : undefined;
  return words.phrase(texts.printerProblem, { name: fact.name, problem: texts.printerProblems[fact.problem] || texts.printerTrouble });
}

const subject = (fact) => (fact.kind === 'help.wanted' ? `help:${fact.device}:${fact.reason}` : `printer:${fact.printer}`);

function draw(words) {
  const place = clear(byId('notices'));
  const newest = [...open.entries()].slice(-MOST).reverse();
  show(place, newest.length > 0);
  for (const [about, { text, at }] of newest) {
    const { root, parts } = copyOf('notice-template');
    parts.time.textContent = words.time(at);
    parts.text.textContent = text;
    parts.close.addEventListener('click', () => {
      open.delete(about);
      draw(words);
    });
    place.append(root);
  }
}

/** Hears a fact of the room; shows it, renews it or takes it back. */
export function hearNotice(fact, now, texts, words) {
  const text = sentence(fact, texts, words);
  if (text === null) return;
  const about = subject(fact);
  const had = open.delete(about);
  const recent = now - Date.parse(fact.at) < STALE_MS;
  if (text && recent) open.set(about, { text, at: Date.parse(fact.at) });
  if (had || (text && recent)) draw(words);
}
